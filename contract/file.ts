/** Photos and papers of a case. A photo is kept small and without EXIF; who sees a file is written down. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime, key, keyParams, people } from './values.ts';

/** What a file shows. */
export const fileKinds = [
  'FOTO_DEPAN',
  'FOTO_DALAM',
  'FOTO_KTP',
  'FOTO_KK',
  'FOTO_WAJAH',
  'FOTO_SERAH_TERIMA',
  'TANDA_TANGAN',
  'SURAT_BERTANDA_TANGAN',
  'BUKTI_LAIN',
  'DAFTAR_HASIL',
] as const;
export type FileKind = (typeof fileKinds)[number];
/** What a photo or paper may be (files/media-type.ts). */
export const uploadTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const;
export const fileLimits = {
  uploadBytes: 10 * 1024 * 1024,
  perCase: 200,
} as const;

const sensorNumber = (least: number, most: number) => z.coerce.number().min(least).max(most).optional();
/** Fields of the form, before the file. What the telephone's own sensors say is not taken from EXIF, which anybody can write. */
export const fileFields = z.object({
  caseKey: key,
  kind: z.enum(fileKinds),
  lat: sensorNumber(-90, 90),
  lon: sensorNumber(-180, 180),
  /** Metres. */
  accuracy: sensorNumber(0, 100_000),
  takenAt: dateTime.optional(),
});
export type FileFields = z.output<typeof fileFields>;

export const storedFile = z
  .object({
    fileKey: key,
    caseKey: key,
    kind: z.string(),
    mediaType: z.string(),
    /** Of what is kept. */
    bytes: z.int(),
    /** SHA-256 of what was sent and of what is kept, lowercase hex. */
    originalHash: z.string(),
    storedHash: z.string(),
    uploadedBy: z.string(),
    uploadedAt: dateTime,
  })
  .meta({ id: 'StoredFile' });
export type StoredFile = z.infer<typeof storedFile>;

const noun = 'File';
export const fileEndpoints = {
  uploadFile: endpoint({
    method: 'post',
    path: '/v2/files',
    operationId: 'uploadFile',
    noun,
    summary:
      'Add a file to a case: fields caseKey, kind, lat, lon, accuracy, takenAt, then the file (JPEG, PNG, WebP or PDF, at most 10 MiB)',
    roles: [...people, 'integration'],
    bodyType: 'multipart',
    formFields: fileFields,
    status: 201,
    /** `alsoInOtherCase`: the very same photo belongs to another case; a sign to look twice. */
    ok: storedFile.extend({ alsoInOtherCase: z.boolean() }),
    problems: ['notFound', 'unsupportedMediaType', 'tooLarge', 'invalidFile'],
    idempotent: true,
  }),
  getFile: endpoint({
    method: 'get',
    path: '/v2/files/:fileKey',
    operationId: 'getFile',
    noun,
    summary: 'The file itself, as an attachment; audited',
    roles: people,
    params: keyParams('fileKey'),
    status: 200,
    ok: z.string().meta({ format: 'binary' }),
    okType: 'application/octet-stream',
    problems: ['notFound'],
  }),
  listCaseFiles: endpoint({
    method: 'get',
    path: '/v2/cases/:caseKey/files',
    operationId: 'listCaseFiles',
    noun,
    summary: 'Files of a case and of those that it called, oldest first',
    roles: people,
    params: keyParams('caseKey'),
    status: 200,
    ok: z.object({ items: z.array(storedFile) }),
    problems: ['notFound'],
  }),
};
