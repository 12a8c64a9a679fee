/** Papers through the API: drawn up from cases, kept, given out to their region, checked by anybody, and never with a NIK. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nextKey } from '#db/queries/definitions.ts';
import { createMonitoring } from '#db/queries/monitoring.ts';
import { insertProposal } from '#db/queries/proposals.ts';
import { recordFacts } from '#db/record-facts.ts';
import { writeSetting } from '#db/settings.ts';
import type { Fact } from '#engine/fact.ts';
import type { JsonObject } from '#engine/json.ts';
import { readPdf } from '../support/pdf-text.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { publishSample } from './sample-case.ts';

const village = '32.15.01.1001';
const district = '32.15';
const period = '2026-11';
const canary = (index: number): string => `321501520985000${index}`;
const operator = { name: 'kab', region: district, roles: ['operator'] } as const;
const supervisor = { name: 'pengawas', region: district, roles: ['supervisor'] } as const;
const neighbour = { name: 'tetangga', region: '32.15.01.1003', roles: ['operator'] } as const;
const kades = { name: 'Dadang Contoh', role: 'Kepala Desa' };

let api: ApiUnderTest;
let definitionKey: string;
let meetingKey: string;
let proposals: readonly { readonly number: string; readonly caseKey: string }[];

async function writeCase(
  region: string,
  variables: JsonObject,
  facts: readonly Fact[] = [],
  of: { readonly processId?: string; readonly businessKey?: string } = {},
): Promise<string> {
  const instanceKey = await nextKey(api.worker);
  const { processId = 'contoh', businessKey = `kasus-${instanceKey}` } = of;
  const started: Fact = {
    type: 'instanceStarted',
    instanceKey,
    processId,
    definitionKey,
    version: 1,
    businessKey,
    region,
    parent: null,
  };
  const all: Fact[] = [started, { type: 'variablesSet', scope: 0, variables }, ...facts];
  await recordFacts(api.worker, {
    instanceKey,
    processId,
    definitionKey,
    businessKey,
    region,
    facts: all.map((fact, index) => ({
      number: index + 1,
      atMs: Date.now(),
      actor: 'kades.wadas',
      commandKey: `k-${instanceKey}`,
      fact,
    })),
  });
  return instanceKey;
}
async function writeProposal(
  index: number,
  decision: string,
  more: JsonObject,
): Promise<{ number: string; caseKey: string }> {
  const subjectKey = await api.vault.create(api.worker, {
    nik: canary(index),
    noKk: '3215010101100001',
    nama: `Warga Contoh ${'ABC'.charAt(index)}`,
    tempatLahir: null,
    tanggalLahir: '1985-09-12',
    jenisKelamin: 'P',
    ibuKandung: 'Ibu Rahasia',
    hp: '081200000001',
    alamat: 'Kp. Pasir No. 3',
    rt: `00${index + 1}`,
    rw: '002',
    penanda: null,
    lat: null,
    lon: null,
    kodeDesa: village,
  });
  const number = `3215011001-202611-00000${index}`;
  const usulan = { nomor: number, program: 'SEMBAKO', periode: period };
  const caseKey = await writeCase(village, { warga: subjectKey, usulan, musyawarah: { hasil: decision }, ...more });
  const row = {
    number,
    sourceId: `s-${index}`,
    subjectKey,
    instanceKey: caseKey,
    region: village,
    createdBy: 'x',
    importKey: null,
  };
  await insertProposal(api.owner, { ...row, variables: { usulan } });
  return { number, caseKey };
}
const issue = async (body: unknown, account: Parameters<ApiUnderTest['token']>[0] = operator) =>
  api.ask('post', '/v2/documents', { token: await api.token(account), body });
async function pdfOf(documentKey: string): Promise<{ readonly bytes: Buffer; readonly text: string }> {
  const response = await fetch(`${api.url}/v2/documents/${documentKey}`, {
    headers: { Authorization: `Bearer ${await api.token(operator)}` },
  });
  expect(response.headers.get('Content-Type')).toBe('application/pdf');
  expect(response.headers.get('Content-Disposition')).toMatch(/^attachment; /);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { bytes, text: (await readPdf(bytes)).pages.join('\n') };
}
/** Issues a paper and reads it back; no paper may carry a full number. */
async function issued(body: unknown, account?: Parameters<ApiUnderTest['token']>[0]) {
  const answer = await issue(body, account);
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  const { bytes, text } = await pdfOf(answer.body.documentKey);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(answer.body.hash);
  for (const index of [0, 1, 2]) expect(text).not.toContain(canary(index));
  return { ...answer.body, text } as { readonly documentKey: string; readonly text: string; readonly region: string };
}

beforeAll(async () => {
  api = await ApiUnderTest.start();
  definitionKey = await publishSample(api);
  const letterheads = JSON.parse(readFileSync('definitions/dtks/kop.json', 'utf8')) as JsonObject;
  await writeSetting(api.owner, 'dtks.kop', letterheads, '*');
  const danom = { nomor: 'D-1', jumlah: 600_000 };
  proposals = [
    await writeProposal(0, 'TERIMA', { danom, penyaluran: { hasil: 'TERBAYAR', jumlah: 600_000 } }),
    await writeProposal(1, 'TERIMA', { danom: { ...danom, nomor: 'D-2' } }),
    await writeProposal(2, 'TOLAK', {}),
  ];
  const keputusan = proposals.map(({ number }, index) => ({
    nomor: number,
    hasil: index === 2 ? 'TOLAK' : 'TERIMA',
    cara: index === 1 ? 'SUARA' : 'MUFAKAT',
    setuju: 9,
    tolak: 2,
    abstain: 1,
    alasan: index === 2 ? 'keluarga mampu' : null,
  }));
  meetingKey = await writeCase(village, {
    kodeDesa: village,
    periode: period,
    jumlahUndangan: 12,
    hadir: 12,
    percobaan: 1,
    keputusan,
  });
}, 120_000);
afterAll(() => api.stop());

const minutes = (number: string) => ({
  kind: 'BERITA_ACARA',
  number,
  caseKey: meetingKey,
  heldAt: '2026-11-13T02:30:00Z',
  place: 'Balai desa',
  leader: kades,
  minuteTaker: { name: 'Rina Contoh', role: 'Sekretaris' },
  attendees: [kades],
  signers: [kades],
});

/** Lines break anywhere. */
const unspaced = (text: string): string => text.replaceAll(/\s/g, '');

describe('each kind of paper', () => {
  it('minutes: from the case of the meeting', async () => {
    const { text, region } = await issued(minutes('BA/1'));
    expect(region).toBe(village);
    expect(text).toContain('321501**********');
    expect(text).toContain('Warga Contoh A');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('9 setuju, 2 menolak, 1 abstain');
    expect(text).toContain('keluarga mampu');
    // The letterhead of a village without one of its own: its regency's authority and the places in between.
    expect(text).toContain('PEMERINTAH KABUPATEN KARAWANG');
    expect(text).toMatch(/KECAMATAN [A-Z ]+\n?KELURAHAN/);
  });
  it('statement instead of a meeting', async () => {
    const { text } = await issued({
      kind: 'SPTJM',
      number: 'S/1',
      caseKey: meetingKey,
      reason: 'banjir',
      declarant: kades,
    });
    expect(text).toContain('banjir');
  });
  it('letter of the district: what was confirmed, and nothing else', async () => {
    const caseKey = await writeCase(district, { kodeKab: district, periode: period });
    for (const [index, hasil] of ['SAH', 'TOLAK'].entries()) {
      await api.owner.query(
        'insert into collected_item (instance_key, number, region, facts, result) values ($1, $2, $3, $4, $5)',
        [caseKey, proposals[index]?.number, village, {}, { hasil }],
      );
    }
    const order = {
      kind: 'SURAT_PENGESAHAN',
      number: 'P/1',
      caseKey,
      addressee: 'Gubernur',
      addresseePlace: 'Bandung',
      signer: kades,
    };
    const { text } = await issued(order);
    expect(text).toContain('BUPATI KARAWANG');
    expect(text).toContain(proposals[0]?.number);
    expect(text).not.toContain(proposals[1]?.number);
    // A part of it: the district's number and letterhead again, and the part's list.
    const part = await issued({ ...order, part: '32.15.01' });
    expect([part.region, part.text.includes('BUPATI KARAWANG')]).toEqual(['32.15.01', true]);
    expect(part.text).toContain(proposals[0]?.number);
    expect((await issued({ ...order, part: '32.15.02' })).text).not.toContain(proposals[0]?.number);
    expect((await issue({ ...order, part: '32.16' })).status).toBe(403);
  });
  it('nominative list: those with a payment of the programme', async () => {
    const order = {
      kind: 'DAFTAR_NOMINATIF',
      number: 'D/1',
      region: district,
      period,
      program: 'SEMBAKO',
      postOffice: 'KPRK',
      signers: [kades],
    };
    const { text } = await issued(order);
    expect(text).toContain('Rp1.200.000');
    expect(text).toContain('D-2');
    expect((await issued({ ...order, number: 'D/2', program: 'PKH' })).text).toContain('0 penerima');
  });
  it('invitation: with a code that names the proposal', async () => {
    const slot = { from: '2026-11-24T01:00:00Z', until: '2026-11-24T01:15:00Z', place: 'Kantor pos' };
    const invitations = [{ proposalNumber: proposals[0]?.number, ...slot }];
    const { text } = await issued({
      kind: 'UNDANGAN',
      number: 'U/1',
      region: village,
      lastDay: '2026-12-24',
      invitations,
    });
    expect(text).toContain('08.00 WIB');
    expect(unspaced(text)).toContain(api.publicTokens.codeOf(proposals[0]?.number ?? ''));
    const unpaid = await issue({
      kind: 'UNDANGAN',
      number: 'U/2',
      region: village,
      lastDay: '2026-12-24',
      invitations: [{ proposalNumber: proposals[2]?.number, ...slot }],
    });
    expect([unpaid.status, unpaid.body.detail]).toEqual([409, expect.stringContaining('jadwal')]);
  });
  it('receipt: only of what was paid', async () => {
    const order = {
      kind: 'KUITANSI',
      caseKey: proposals[0]?.caseKey,
      payer: 'Dinas',
      cashier: 'Yuni',
      paidAt: '2026-11-24T02:00:00Z',
      place: 'Wadas',
    };
    const { text } = await issued({ ...order, number: 'K/1' });
    expect(text).toContain('enam ratus ribu rupiah');
    expect(unspaced(text)).toContain(api.publicTokens.codeOf(proposals[0]?.number ?? ''));
    const unpaid = await issue({ ...order, number: 'K/2', caseKey: proposals[1]?.caseKey });
    expect([unpaid.status, unpaid.body.detail]).toEqual([409, expect.stringContaining('penyaluran')]);
  });
  it('notice board: initials, RT and programme of the accepted; the same as a list', async () => {
    const order = {
      kind: 'PAPAN_PENGUMUMAN',
      number: 'N/1',
      village,
      period,
      objectUntil: '2026-11-17',
      signer: kades,
    };
    const { text } = await issued(order);
    expect(text).toContain('W.C.A.');
    for (const hidden of ['Warga Contoh', '321501', 'Kp. Pasir', 'W.C.C.']) expect(text).not.toContain(hidden);
    const board = await api.ask('get', `/v2/documents/notice-board?village=${village}&period=${period}`, {
      token: await api.token(operator),
    });
    expect(board.body.items).toEqual([
      { initials: 'W.C.A.', rt: '001', program: 'SEMBAKO' },
      { initials: 'W.C.B.', rt: '002', program: 'SEMBAKO' },
    ]);
  });
  it('notice board: what a meeting accepted, from the signature of its minutes on, before the cases are told', async () => {
    const [first, , third] = proposals;
    const keputusan = [
      { nomor: first?.number ?? '', hasil: 'DAFTAR_TUNGGU', cara: 'MUFAKAT' },
      { nomor: third?.number ?? '', hasil: 'TERIMA', cara: 'MUFAKAT' },
    ];
    const meeting = (month: string, more: JsonObject) =>
      writeCase(village, { kodeDesa: village, periode: month, keputusan, ...more }, [], {
        processId: 'musyawarah-desa',
        businessKey: `${village}/${month}`,
      });
    await meeting('2026-12', { nomorBa: 'BA/12' });
    await meeting('2027-01', {});
    const boardOf = async (month: string) => {
      const token = await api.token(operator);
      const found = await api.ask('get', `/v2/documents/notice-board?village=${village}&period=${month}`, { token });
      return found.body.items;
    };
    expect(await boardOf('2026-12')).toEqual([{ initials: 'W.C.C.', rt: '003', program: 'SEMBAKO' }]);
    expect(await boardOf('2027-01')).toEqual([]);
  });
  it('minutes: a family on the waiting list of the village; a statement says that nobody met', async () => {
    const keputusan = proposals.map(({ number }, index) => ({
      nomor: number,
      hasil: index === 0 ? 'DAFTAR_TUNGGU' : 'TERIMA',
      cara: 'SPTJM',
    }));
    const caseKey = await writeCase(village, { kodeDesa: village, periode: period, keputusan });
    const { text } = await issued({ kind: 'SPTJM', number: 'S/2', caseKey, reason: 'banjir', declarant: kades });
    const words = text.replaceAll(/\s+/g, ' ');
    expect(words).toContain('Daftar tunggu');
    expect(words).toContain('Tanpa musyawarah (SPTJM)');
  });
  it('report of monitoring: what was signed for the quarter of the case', async () => {
    const caseKey = await writeCase(district, { kodeWilayah: district, periode: '2026-T3' });
    const order = { kind: 'LAPORAN_MONEV', number: 'M/1', caseKey, signer: kades };
    const early = await issue(order);
    expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining('laporan')]);
    const estimate = { n: 94, salah: 5, persen: 5.3, dari: 2.3, sampai: 11.9 };
    await createMonitoring(api.worker).keep({
      region: district,
      period: '2026-T3',
      number: 'M/1',
      signedOn: '2026-10-20',
      commandKey: 'job 1',
      figures: {
        populasi: { penerima: 41_210, ditolak: 388 },
        estimasi: { inklusi: estimate, eksklusi: { ...estimate, n: 0, salah: 0, persen: null, dari: null } },
        kinerja: {
          usulan: { masuk: 12, selesai: 9, tepatWaktu: 8, medianHari: 21.4, p90Hari: null },
          antrean: [{ kelompok: 'camat', jumlah: 3, terlambat: 1, medianJam: 6.5 }],
          pengembalian: [{ sebab: 'PINDAH', jumlah: 2 }],
          sanggah: { masuk: 3, diterima: 1, dipertahankan: 2 },
        },
        kunjungan: 174,
        temuan: [{ judul: 'Survei terlambat', sebab: 'Petugas kurang', pemilik: 'psm', hari: 30 }],
        tindakan: [],
      },
    });
    const { text, region } = await issued(order);
    expect(region).toBe(district);
    for (const shown of ['41.210', 'Tahap 3 Tahun 2026', '20 Oktober 2026', 'Camat/TKSK', 'Pindah', 'Survei terlambat'])
      expect(text).toContain(shown);
  });
  it('dossier: for supervisors, with what was decided and why', async () => {
    const activated: Fact = {
      type: 'elementActivated',
      element: 1,
      elementId: 'periksa',
      elementType: 'userTask',
      name: 'Periksa',
      scope: 0,
      loopCounter: null,
    };
    const answers = { hasil: 'SETUJU', alasan: `sesuai kunjungan, NIK ${canary(0)}` };
    const caseKey = await writeCase(village, {}, [
      activated,
      { type: 'userTaskCompleted', task: 1, elementId: 'periksa', by: 'kades.wadas' },
      { type: 'variablesSet', scope: 1, variables: answers },
    ]);
    const order = { kind: 'BERKAS_KASUS', number: 'X/1', caseKey, reason: 'pemeriksaan tahunan' };
    expect((await issue(order)).status).toBe(403);
    const { text } = await issued(order, supervisor);
    expect(text).toContain('hasil: SETUJU');
    expect(text).toContain('sesuai kunjungan');
    expect(text).toContain('Tugas diselesaikan');
    const { rows } = await api.owner.query(
      "select detail ->> 'reason' as reason from audit where action = 'document.issue' order by number desc limit 1",
    );
    expect(rows).toEqual([{ reason: 'pemeriksaan tahunan' }]);
  });
});

describe('a paper', () => {
  it('is not issued twice under one number', async () => {
    await issued(minutes('BA/2'));
    const again = await issue(minutes('BA/2'));
    expect([again.status, again.body.code]).toEqual([409, 'alreadyExists']);
    expect(again.body.detail).toContain('BA/2');
  });
  it('with the same Idempotency-Key is issued once', async () => {
    const asked = { token: await api.token(operator), body: minutes('BA/3'), headers: { 'Idempotency-Key': 'sekali' } };
    const [first, second] = [
      await api.ask('post', '/v2/documents', asked),
      await api.ask('post', '/v2/documents', asked),
    ];
    expect(second.body).toEqual(first.body);
  });
  it('says what its case does not hold yet', async () => {
    const caseKey = await writeCase(village, { kodeDesa: village });
    const answer = await issue({ ...minutes('BA/4'), caseKey });
    expect([answer.status, answer.body.detail]).toEqual([409, expect.stringContaining('periode, keputusan')]);
  });
  it('takes no citizen number in what people write', async () => {
    const answer = await issue({ ...minutes('BA/5'), objections: [`tentang ${canary(1)}`] });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalidVariables']);
    expect(answer.text).not.toContain(canary(1));
  });
  it('is nothing for another village', async () => {
    const { documentKey } = await issued(minutes('BA/6'));
    const token = await api.token(neighbour);
    expect((await api.ask('get', `/v2/documents/${documentKey}`, { token })).status).toBe(404);
    expect((await issue(minutes('BA/7'), neighbour)).status).toBe(404);
    const listed = await api.ask('get', `/v2/documents?region=${village}`, { token });
    expect(listed.body.items).toEqual([]);
    const board = await api.ask('get', `/v2/documents/notice-board?village=${village}&period=${period}`, { token });
    expect(board.status).toBe(403);
  });
});

describe('a code', () => {
  const inAYear = new Date(Date.now() + 365 * 86_400_000);
  const check = (token: string) =>
    api.ask('get', `/v2/public/tokens/${token}`, { headers: { 'Accept-Language': 'id' } });
  it('says to anybody that a paper is genuine, and which bytes it had', async () => {
    const { documentKey, ...paper } = await issued(minutes('BA/8'));
    const { status, body } = await check(api.publicTokens.sign({ kind: 'document', id: documentKey }, inAYear));
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'document', documentKind: 'BERITA_ACARA', number: 'BA/8' });
    expect(body.hash).toBe((paper as unknown as { hash: string }).hash);
  });
  it('says how far a proposal is, and nothing of the person', async () => {
    const id = proposals[0]?.number ?? '';
    const { status, text } = await check(api.publicTokens.sign({ kind: 'proposal', id }, inAYear));
    expect(status).toBe(200);
    for (const hidden of ['Warga', canary(0), '321501*', 'RT']) expect(text).not.toContain(hidden);
  });
  it('that was changed or has expired shows nothing', async () => {
    const { documentKey } = await issued(minutes('BA/9'));
    const subject = { kind: 'document', id: documentKey } as const;
    const forged = await check(
      api.publicTokens.sign(subject, inAYear).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
    );
    expect([forged.status, forged.body.detail]).toEqual([404, expect.stringContaining('bukan terbitan kami')]);
    const expired = await check(api.publicTokens.sign(subject, new Date(Date.now() - 1_000)));
    expect([expired.status, expired.body.detail]).toEqual([404, expect.stringContaining('habis')]);
    expect(forged.text + expired.text).not.toContain('BA/9');
  });
});
