/** Citizens in the vault. Numbers are masked; seeing them is a decision with a reason, kept in the audit trail. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime, key, keyParams, people } from './values.ts';

export const subject = z
  .object({
    subjectKey: key,
    /** Who this is in the register; null: not registered yet. */
    personKey: key.nullable(),
    region: z.string(),
    regionName: z.string().nullable(),
    /** First six digits and stars. */
    nikMasked: z.string(),
    noKkMasked: z.string(),
    hpMasked: z.string().nullable(),
    nama: z.string(),
    tempatLahir: z.string().nullable(),
    tanggalLahir: z.string(),
    jenisKelamin: z.enum(['L', 'P']),
    alamat: z.string().nullable(),
    rt: z.string().nullable(),
    rw: z.string().nullable(),
    penanda: z.string().nullable(),
    lat: z.number().nullable(),
    lon: z.number().nullable(),
  })
  .meta({ id: 'Subject' });
export type Subject = z.infer<typeof subject>;

/** A copy of all that is held about a citizen, made because he asked for it. */
export const subjectCopy = z
  .object({
    copyKey: key,
    /** SHA-256 of the content, in hexadecimal. */
    sha256: z.string(),
    createdAt: dateTime,
  })
  .meta({ id: 'SubjectCopy' });
export type SubjectCopy = z.infer<typeof subjectCopy>;

const params = keyParams('subjectKey');
export const subjectEndpoints = {
  getSubject: endpoint({
    method: 'get',
    path: '/v2/subjects/:subjectKey',
    operationId: 'getSubject',
    noun: 'Subject',
    summary: 'A citizen, numbers masked',
    roles: people,
    params,
    status: 200,
    ok: subject,
    problems: ['notFound'],
  }),
  revealSubject: endpoint({
    method: 'post',
    path: '/v2/subjects/:subjectKey/reveal',
    operationId: 'revealSubject',
    noun: 'Subject',
    summary: 'See the full numbers, with a reason; audited',
    roles: people,
    params,
    body: z.strictObject({ reason: z.string().trim().min(5).max(500) }),
    status: 200,
    ok: z.object({ nik: z.string(), noKk: z.string(), hp: z.string().nullable(), ibuKandung: z.string().nullable() }),
    problems: ['notFound'],
  }),
  listSubjectCopies: endpoint({
    method: 'get',
    path: '/v2/subjects/:subjectKey/copies',
    operationId: 'listSubjectCopies',
    noun: 'Subject',
    summary: 'Copies made for the citizen, newest first; for the data protection officer',
    roles: people,
    params,
    status: 200,
    ok: z.object({ items: z.array(subjectCopy) }),
    problems: ['notFound'],
  }),
  getSubjectCopy: endpoint({
    method: 'get',
    path: '/v2/subjects/:subjectKey/copies/:copyKey',
    operationId: 'getSubjectCopy',
    noun: 'Subject',
    summary: 'Content of a copy: what is held, why, and who looked; for the data protection officer, audited',
    roles: people,
    params: params.extend({ copyKey: key }),
    status: 200,
    ok: z.record(z.string(), z.json()),
    problems: ['notFound'],
  }),
};
