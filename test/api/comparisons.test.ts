/** Two people side by side: masked, across regions for those who work on the case, and the way to take a merge back. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nextKey } from '#db/queries/definitions.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { Citizen } from '#db/vault.ts';
import type { Variables } from '#engine/json.ts';
import { ApiUnderTest } from './api-under-test.ts';

const region = '32.15.01.2001';
const siti: Citizen = {
  nik: '3215015505850001',
  noKk: '3215010101100002',
  nama: 'SITI CONTOH',
  tempatLahir: 'KARAWANG',
  tanggalLahir: '1985-05-15',
  jenisKelamin: 'P',
  ibuKandung: 'IBU CONTOH',
  hp: '081200000001',
  alamat: 'Kp. Contoh',
  rt: '001',
  rw: null,
  penanda: null,
  lat: null,
  lon: null,
  kodeDesa: region,
};
let api: ApiUnderTest;
let caseKey = '';
let keys: { readonly first: string; readonly second: string };
let verifier = '';
beforeAll(async () => {
  api = await ApiUnderTest.start();
  keys = {
    first: await api.vault.create(api.worker, siti),
    second: await api.vault.create(api.worker, { ...siti, nik: '3273015505850009', kodeDesa: '32.73.01.1001' }),
  };
  verifier = await api.token({
    name: 'verifikator',
    region: '32.15',
    roles: ['operator'],
    groups: ['verifikator-dinsos'],
  });
  caseKey = await mergeCase({
    usulan: { nomor: 'A-1', kodeDesa: region },
    pembanding: { nomor: 'B-2' },
    perbandingan: { keadaan: 'BARU', pertama: keys.first, kedua: keys.second, beda: { nik: true, nama: false } },
    skorDuplikat: 0.95,
    pilihanGanda: { orangSama: true, bertahan: 'PERTAMA', isian: { nik: 'KEDUA', nama: null }, alasan: 'sama' },
    batasUrai: '2026-12-23T10:00:00+07:00',
  });
}, 120_000);
afterAll(() => api.stop());

async function mergeCase(variables: Variables, processId = 'gabung-duplikat'): Promise<string> {
  const instanceKey = await nextKey(api.worker);
  const about = { instanceKey, processId, definitionKey: '1048576', businessKey: 'A-1/B-2', region };
  const meta = { atMs: Date.now(), actor: 'system', commandKey: `k-${instanceKey}` };
  await recordFacts(api.worker, {
    ...about,
    facts: [
      { ...meta, number: 1, fact: { type: 'instanceStarted', ...about, version: 1, parent: null } },
      { ...meta, number: 2, fact: { type: 'variablesSet', scope: 0, variables } },
    ],
  });
  return instanceKey;
}
const ask = (key: string, token: string) => api.ask('get', `/v2/cases/${key}/comparison`, { token });

describe('two people side by side', () => {
  test('masked, with what differs, what was chosen, and until when it can be taken back', async () => {
    const { status, body, text } = await ask(caseKey, verifier);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      first: { subjectKey: keys.first, proposalNumber: 'A-1', revealable: true, values: { nik: '321501**********' } },
      second: { subjectKey: keys.second, proposalNumber: 'B-2', revealable: false, values: { nama: 'SITI CONTOH' } },
      different: ['nik'],
      score: 0.95,
      choice: { survivor: 'PERTAMA', fields: { nik: 'KEDUA' } },
      undoUntil: '2026-12-23T03:00:00.000Z',
    });
    expect(body.first.values.alamat).toBe('Kp. Contoh, RT 001');
    expect(text).not.toMatch(/\d{16}|IBU CONTOH|081200000001/);
  });
  test('seeing somebody of another region is written down', async () => {
    const { rows } = await api.owner.query("select target, detail from audit where action = 'subject.compare'");
    expect(rows).toEqual([{ target: keys.second, detail: { caseKey } }]);
  });
  test('is nothing for those who do not see the case, for other cases, and before the comparison', async () => {
    const far = await api.token({ name: 'jauh', region: '32.73', roles: ['operator'] });
    expect((await ask(caseKey, far)).status).toBe(404);
    const other = await mergeCase(
      { perbandingan: { pertama: keys.first, kedua: keys.second, beda: {} } },
      'usulan-dtks',
    );
    expect((await ask(other, verifier)).status).toBe(404);
    expect((await ask(await mergeCase({ usulan: { nomor: 'A-1' } }), verifier)).status).toBe(404);
  });
});

describe('taking a merge back', () => {
  const asked = (reason: string) =>
    api.ask('post', `/v2/cases/${caseKey}/merge-undoing`, { token: verifier, body: { reason } });
  test('is asked of the case by its key, with who asks and why', async () => {
    const early = await asked('ternyata kembar');
    expect([early.status, early.body.code]).toEqual([409, 'wrongState']);
    api.temporal.receiver = caseKey;
    expect((await asked('ternyata kembar')).status).toBe(204);
    expect(api.temporal.messages.at(-1)).toMatchObject({
      name: 'dtks.urai-penggabungan',
      correlationKey: 'A-1/B-2',
      variables: { permintaanUrai: { alasan: 'ternyata kembar', oleh: 'verifikator' } },
    });
  });
  test('needs a reason without citizen numbers', async () => {
    const sent = api.temporal.messages.length;
    expect((await asked('ya')).status).toBe(400);
    expect((await asked('NIK 3215015505850001')).status).toBeGreaterThanOrEqual(400);
    expect(api.temporal.messages).toHaveLength(sent);
  });
});
