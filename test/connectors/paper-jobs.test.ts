/** Jobs that issue papers: once for a job, whatever happens to the attempt; what is wrong is told so that somebody can put it right. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { paperDeps } from '#activities/connectors/paper-deps.ts';
import { createPaperJobs } from '#activities/connectors/paper-jobs.ts';
import type { JobOutcome, JobRequest } from '#activities/job-handler.ts';
import { createFileRegister } from '#db/files.ts';
import { createPublicTokens } from '#db/public-token.ts';
import { insertProposal } from '#db/queries/proposals.ts';
import { recordFacts } from '#db/record-facts.ts';
import { createVault } from '#db/vault.ts';
import type { Fact } from '#engine/fact.ts';
import type { JsonObject } from '#engine/json.ts';
import { keyOfNumber } from '#engine/keys.ts';
import type { Press } from '#issuing/issue.ts';
import { createPrinter } from '#documents/printer.ts';
import { openStore } from '#files/open-store.ts';
import type { FileStore } from '#files/store.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { readPdf } from '../support/pdf-text.ts';
import { citizen, jobContext, jobRequest } from './fixtures.ts';

const village = '32.15.01.2001';
const district = '32.15';
const proposalKey = keyOfNumber(11n);
const mappingKey = keyOfNumber(12n);
const signOffKey = keyOfNumber(13n);
const number = '3215012001-202611-000001';
const usulan = { nomor: number, program: 'SEMBAKO', periode: '2026-11', kodeDesa: village };
const jadwal = {
  mulai: '2026-11-24T08:00:00+07:00',
  selesai: '2026-11-24T08:15:00+07:00',
  tempat: 'Kantor Pos Contoh',
  loket: 'Loket 1',
};

let postgres: TestPostgres;
let pool: Pool;
let folder: string;
let store: FileStore;
let press: Press;
let printed = 0;

async function writeCase(key: string, region: string, variables: JsonObject, parent: string | null): Promise<void> {
  const place = { instanceKey: key, processId: 'contoh', definitionKey: keyOfNumber(1n), businessKey: null, region };
  const facts: Fact[] = [
    {
      type: 'instanceStarted',
      version: 1,
      ...place,
      parent:
        parent === null ? null : { instanceKey: parent, processId: 'contoh', element: 1, rootInstanceKey: parent },
    },
    { type: 'variablesSet', scope: 0, variables },
  ];
  await recordFacts(pool, {
    ...place,
    facts: facts.map((fact, index) => ({ number: index + 1, atMs: 0, actor: 'system', commandKey: null, fact })),
  });
}
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  const owner = postgres.pool(null, 1);
  folder = await mkdtemp(path.join(tmpdir(), 'alur-surat-'));
  store = await openStore({ folder }, Buffer.alloc(32, 2));
  const masterKey = Buffer.alloc(32, 1);
  const print = createPrinter();
  press = {
    vault: createVault(masterKey),
    fileRegister: createFileRegister(masterKey),
    publicTokens: createPublicTokens(masterKey),
    publicUrl: 'https://alur.contoh',
    files: store,
    print: (order) => {
      printed += 1;
      return print(order);
    },
  };
  const letterheads = await readFile(path.join(__dirname, '../../definitions/dtks/kop.json'), 'utf8');
  await owner.query('insert into setting (name, value) values ($1, $2)', ['dtks.kop', letterheads]);
  const subjectKey = await press.vault.create(pool, { ...citizen, kodeDesa: village });
  const kebijakan = { besaran: { SEMBAKO: 600_000 } };
  await writeCase(proposalKey, village, { usulan, warga: subjectKey, kebijakan }, null);
  // The appointment is known to the case that was called for it.
  await writeCase(mappingKey, village, { usulan, warga: subjectKey, jadwal }, proposalKey);
  await writeCase(signOffKey, district, { kodeKab: district, periode: '2026-11' }, null);
  const proposal = { number, sourceId: 's', subjectKey, instanceKey: proposalKey, region: village, createdBy: 'x' };
  await insertProposal(owner, { ...proposal, importKey: null, variables: { usulan } });
  await pool.query(
    'insert into collected_item (instance_key, number, region, facts, result) values ($1, $2, $3, $4, $5)',
    [signOffKey, number, village, {}, { hasil: 'SAH' }],
  );
}, 300_000);
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(job: string, request: Partial<JobRequest>): Promise<JobOutcome> {
  const handler = createPaperJobs(paperDeps(pool, press))[job];
  if (handler === undefined) throw new Error(`no job ${job}`);
  return handler(jobRequest('1', request), jobContext());
}
const letter = (jobKey: string, dokumen: JsonObject, change: Partial<JobRequest> = {}): Promise<JobOutcome> =>
  run('dtks.terbitkan-dokumen', {
    instanceKey: signOffKey,
    jobKey,
    region: district,
    headers: { jenis: 'SURAT_PENGESAHAN' },
    variables: { dokumen },
    ...change,
  });
const invite = (jobKey: string, variables: JsonObject = {}): Promise<JobOutcome> =>
  run('dtks.terbitkan-undangan', {
    instanceKey: mappingKey,
    jobKey,
    region: village,
    variables: { usulan, jadwal, batasAmbil: '2026-12-24', ...variables },
  });
interface Paper {
  readonly key: string;
  readonly caseKey: string;
  readonly text: string;
}
async function papers(kind: string): Promise<readonly Paper[]> {
  const { rows } = await pool.query<{ key: string; caseKey: string; storeKey: string }>(
    `select d.key::text, d.instance_key::text as "caseKey", f.store_key as "storeKey" from document d join file f on f.key = d.file_key
      where d.kind = $1 order by d.key`,
    [kind],
  );
  return Promise.all(
    rows.map(async ({ storeKey, ...row }) => {
      const pdf = await store.get(storeKey);
      if (pdf === null) throw new Error('no PDF');
      return { ...row, text: (await readPdf(pdf)).pages.join('\n') };
    }),
  );
}

describe('dtks.terbitkan-dokumen', () => {
  test('a letter: from the case, with the usual answers of the office; a repeated attempt gives the same paper', async () => {
    const first = await letter('101', { number: '460/1/2026', signer: null });
    const again = await letter('101', { number: '460/1/2026', signer: null });
    expect(again).toEqual(first);
    expect(printed).toBe(1);
    const [paper, ...others] = await papers('SURAT_PENGESAHAN');
    expect(others).toEqual([]);
    expect(first).toEqual({
      outcome: 'completed',
      variables: {
        terbitan: {
          nomor: '460/1/2026',
          dokumen: [{ kunci: paper?.key, wilayah: district, sidik: expect.stringMatching(/^[0-9a-f]{64}$/) }],
        },
      },
    });
    expect(paper?.caseKey).toBe(signOffKey);
    expect(paper?.text).toContain('Gubernur Jawa Barat');
    expect(paper?.text).toContain('Drs. Encep Contoh');
    expect(paper?.text).toContain(number);
    expect(paper?.text).toContain('321501**********');
    expect(paper?.text).not.toContain(citizen.nik);
  });
  test('who signs on behalf is named by the process', async () => {
    await letter('102', { number: '460/2/2026', signer: { name: 'Asep Contoh', role: 'a.n. Bupati Karawang' } });
    expect((await papers('SURAT_PENGESAHAN')).at(-1)?.text).toContain('Asep Contoh');
  });
  test('a number that the office has used is an error for the process', async () => {
    await letter('103', { number: '460/3/2026' });
    expect(await letter('104', { number: '460/3/2026' })).toMatchObject({
      outcome: 'error',
      code: 'NOMOR_SURAT_DIPAKAI',
      variables: { galat: { rincian: '460/3/2026' } },
    });
  });
  test.each([
    ['a field is missing', {}, {}, 'number'],
    ['the header names no kind', { number: 'x' }, { headers: {} }, 'jenis'],
    ['the office has no usual answers', { number: 'x' }, { region: '33.01' }, 'signer'],
    ['the case does not hold what it needs', { number: 'x' }, { instanceKey: mappingKey }, 'kodeKab'],
  ])('no further attempt when %s', async (_, dokumen, change, told) => {
    expect(await letter('105', dokumen, change)).toMatchObject({
      outcome: 'failed',
      retries: 0,
      message: expect.stringContaining(told),
    });
  });
});

describe('dtks.terbitkan-undangan', () => {
  test('one number and one paper for an appointment, with the proposal', async () => {
    const nomor = `UND-${number}-20261124-0800`;
    expect(await invite('201')).toEqual({ outcome: 'completed', variables: { undangan: { nomor } } });
    expect(await invite('201')).toEqual({ outcome: 'completed', variables: { undangan: { nomor } } });
    // The same appointment from another job: he was invited to it already.
    expect(await invite('202')).toEqual({ outcome: 'completed', variables: { undangan: { nomor } } });
    const issued = await papers('UNDANGAN');
    expect(issued.map(({ caseKey }) => caseKey)).toEqual([proposalKey]);
    const text = issued[0]?.text.replaceAll(/\s+/g, ' ') ?? '';
    for (const shown of [
      'DADANG KURNIAWAN',
      '08.00 WIB',
      'Kantor Pos Contoh, Loket 1',
      'Rp600.000',
      '24 Desember 2026',
    ])
      expect(text).toContain(shown);
    expect(text).not.toContain(citizen.nik.slice(0, 8));
    expect(text).not.toMatch(/(?<!\d)\d{16}(?!\d)/);
  });
  test.each([
    ['no appointment', { jadwal: null }, 'jadwal.mulai'],
    ['half an appointment', { jadwal: { mulai: jadwal.mulai } }, 'jadwal.selesai'],
    ['no last day', { batasAmbil: null }, 'batasAmbil'],
  ])('%s is no matter of time', async (_, variables, told) => {
    expect(await invite('203', variables)).toMatchObject({ retries: 0, message: expect.stringContaining(told) });
  });
});
