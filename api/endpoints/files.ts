/** Files of cases: taken in small and without EXIF, given out to those who may see the case, and every look is written down. */
import type { FileFields, StoredFile, fileEndpoints } from '#contract/file.ts';
import { fileFields, fileLimits } from '#contract/file.ts';
import { appendAudit } from '#db/audit.ts';
import { findTwins } from '#db/files.ts';
import type { Capture, FileRow } from '#db/files.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { isWorkbook, mediaTypeOf, workbookType } from '#files/media-type.ts';
import type { MediaType } from '#files/media-type.ts';
import { keepPhoto, UnreadablePhoto } from '#files/photo.ts';
import type { ExifCapture } from '#files/photo.ts';
import { sha256 } from '#files/store.ts';
import { visibleInstance } from '../commands.ts';
import { answered } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { notFound, Refusal } from '../refusal.ts';
import { sendFile } from '../send-file.ts';
import { zodTextsOf } from '../texts.ts';
import type { Locale } from '../texts.ts';
import { readUpload } from '../upload.ts';

function fieldsOf(fields: Readonly<Record<string, string>>, locale: Locale): FileFields {
  const parsed = fileFields.safeParse(fields, { error: zodTextsOf(locale) });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => ({ field: path.map(String).join('.'), text: message }));
  throw new Refusal('invalidRequest', 'badFields', { faults });
}

interface Kept {
  readonly content: Buffer;
  readonly mediaType: MediaType | typeof workbookType;
  readonly exif: ExifCapture | null;
}
/** @throws Refusal */
async function keep(content: Buffer, kind: FileFields['kind']): Promise<Kept> {
  if (kind === 'DAFTAR_HASIL') {
    if (!isWorkbook(content)) throw new Refusal('unsupportedMediaType', 'listType');
    return { content, mediaType: workbookType, exif: null };
  }
  const mediaType = mediaTypeOf(content);
  if (mediaType === null) throw new Refusal('unsupportedMediaType', 'fileType');
  if (mediaType === 'application/pdf') return { content, mediaType, exif: null };
  try {
    return { ...(await keepPhoto(content)), mediaType: 'image/jpeg' };
  } catch (error) {
    if (error instanceof UnreadablePhoto) throw new Refusal('invalidFile', 'photoUnreadable');
    throw error;
  }
}
function captureOf({ lat, lon, accuracy, takenAt }: FileFields, exif: ExifCapture | null): Capture {
  const said = { lat: lat ?? null, lon: lon ?? null, accuracyM: accuracy ?? null, takenAt: takenAt ?? null };
  return { client: Object.values(said).every((value) => value === null) ? null : said, exif };
}
const viewOf = (row: FileRow, caseKey: string): StoredFile => ({ ...row, caseKey: row.caseKey ?? caseKey });

export const fileHandlers: HandlersOf<typeof fileEndpoints> = {
  uploadFile: async ({ caller, db, deps, request, locale }) => {
    const { fields, content } = await readUpload(request, fileLimits.uploadBytes);
    const given = fieldsOf(fields, locale);
    const { caseKey, kind } = given;
    const { region } = await db(async (client) => {
      const { length } = await deps.fileRegister.ofCase(client, caseKey, fileLimits.perCase);
      if (length >= fileLimits.perCase)
        throw new Refusal('tooLarge', 'filesOfCase', { values: { limit: fileLimits.perCase } });
      return visibleInstance(client, caseKey);
    });
    const kept = await keep(content, kind);
    const originalHash = sha256(content);
    const storeKey = await deps.files.put(kept.content);
    const row = await db(async (client) => {
      const fileKey = await deps.fileRegister.insert(client, {
        storeKey,
        caseKey,
        region,
        kind,
        mediaType: kept.mediaType,
        bytes: kept.content.length,
        originalHash,
        storedHash: sha256(kept.content),
        capture: captureOf(given, kept.exif),
        uploadedBy: caller.account.name,
      });
      return deps.fileRegister.find(client, fileKey);
    });
    if (row === null) throw notFound();
    // Beyond the caller's region: he learns that there is one, not where.
    const twins = await inRegion(deps.pool, wholeCountry, (client) => findTwins(client, originalHash, caseKey, 1));
    return { ...viewOf(row, caseKey), alsoInOtherCase: twins.length > 0 };
  },
  getFile: async ({ caller, params, db, deps, response }) => {
    const row = await db(async (client) => {
      const found = await deps.fileRegister.find(client, params.fileKey);
      if (found === null) throw notFound();
      const { fileKey: target, region, kind } = found;
      await appendAudit(client, { actor: caller.account.name, action: 'file.read', target, region, detail: { kind } });
      return found;
    });
    await sendFile(response, deps.files, {
      storeKey: row.storeKey,
      mediaType: row.mediaType,
      name: `${row.kind}-${row.fileKey}`,
    });
    return answered;
  },
  listCaseFiles: async ({ params, db, deps }) =>
    db(async (client) => {
      await visibleInstance(client, params.caseKey);
      const rows = await deps.fileRegister.ofFamily(client, params.caseKey, fileLimits.perCase);
      return { items: rows.map((row) => viewOf(row, params.caseKey)) };
    }),
};
