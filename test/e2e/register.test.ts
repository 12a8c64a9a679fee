/**
 * The register and the citizen's page in a real browser, on the real server and database; Temporal is played. Each page is looked over at 390
 * and 1440 px; ALUR_SCREENSHOTS=1 pictures them into docs/screenshots.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { transaction } from '#db/pool.ts';
import { mergePersons } from '#db/registry/merges.ts';
import { moveFamily } from '#db/registry/moves.ts';
import { enterHelp, holdRecipient } from '#db/registry/participations.ts';
import { registerPerson } from '#db/registry/people.ts';
import { ApiUnderTest } from '../api/api-under-test.ts';
import { filesBody, publishSample, writeSampleCase } from '../api/sample-case.ts';
import type { SampleCase } from '../api/sample-case.ts';
import { launchBrowser } from '../support/browser.ts';
import { builtWeb } from '../support/built-web.ts';
import { Visitor } from '../support/visitor.ts';

const testMs = 240_000;
const root = path.join(__dirname, '../..');
const home = '32.15.01.1001';
const near = '32.15.01.1003';
/** Invented. */
const nik = '3215015505850001';

let api: ApiUnderTest;
let browser: Browser;
let sample: SampleCase;
beforeAll(async () => {
  const webRoot = await builtWeb();
  [api, browser] = await Promise.all([ApiUnderTest.start({ webRoot }), launchBrowser()]);
  const admin = await api.token({ name: 'admin', region: '*', roles: ['administrator'] });
  sample = await writeSampleCase(api, { region: home, nik, definitionKey: await publishSample(api) });
  const definition = (name: string): Promise<string> => readFile(path.join(root, 'definitions/dtks', name), 'utf8');
  const sanggah = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="s" targetNamespace="https://example.org/alur">
  <bpmn:process id="sanggah" isExecutable="true"><bpmn:startEvent id="a" /><bpmn:endEvent id="z" />
    <bpmn:sequenceFlow id="f1" sourceRef="a" targetRef="z" /></bpmn:process></bpmn:definitions>`;
  const files = { 'tumpang_tindih.dmn': await definition('tumpang_tindih.dmn'), 'sanggah.bpmn': sanggah };
  expect((await api.ask('post', '/v2/deployments', { token: admin, rawBody: filesBody(files) })).status).toBe(200);
  await api.token({ name: 'pengawas', region: '32.15', roles: ['supervisor'] });
  await writePast();
}, 400_000);
afterAll(async () => {
  await browser.close();
  await api.stop();
}, 60_000);

/** A move, a merged entry, and help that may not be held together. */
async function writePast(): Promise<void> {
  const { personKey, familyKey, region } = sample;
  const command = { actor: 'ani', reason: 'surat pindah' };
  await transaction(api.worker, async (db) => {
    const help = { programme: 'BLT_DD', source: 'APBDES', period: '2026-11', unit: 'KK', region } as const;
    await enterHelp(
      db,
      await holdRecipient(db, personKey),
      { ...help, amount: 300_000, state: 'PAID', proposalNumber: null, instanceKey: null },
      { key: 'blt', actor: 'impor' },
    );
    const to = { alamat: 'Jalan Melati 4', rt: '003', rw: '004', kodeDesa: near };
    await moveFamily(db, api.vault, { ...command, familyKey, to, on: '2026-10-01', commandKey: 'pindah' });
    const citizen = await api.vault.read(db, sample.subjectKey);
    if (citizen === null) throw new Error('the sample has a citizen');
    const other = { ...citizen, nik: '3215015505850009', noKk: '3215010101100009', kodeDesa: home };
    const subjectKey = await api.vault.create(db, other);
    const loser = await registerPerson(db, api.vault, { subjectKey, on: '2026-02-01', isNewest: true });
    await mergePersons(db, {
      ...command,
      loserKey: loser?.personKey ?? '',
      survivorKey: personKey,
      on: '2026-11-01',
      commandKey: 'gabung',
      reason: 'satu orang, dua NIK',
    });
  });
}

test(
  'an official finds a person and reads the past, the help and what may not be held together',
  async () => {
    const visitor = await Visitor.arrive(browser, api.url);
    await visitor.signIn('pengawas', 'password of pengawas');
    const { page } = visitor;
    const found: string[] = [];
    await page.getByRole('link', { name: 'Orang', exact: true }).click();
    await visitor.button('Cari').click();
    await page.getByText('Pilih tanggal lahirnya.').waitFor();
    await page.getByRole('textbox', { name: 'Nama' }).fill('Warga Conto');
    await page.getByLabel('Tanggal lahir', { exact: true }).fill('1985-05-15');
    await visitor.button('Cari').click();
    const person = page.getByRole('link', { name: 'WARGA CONTOH' });
    await person.waitFor();
    found.push(...(await visitor.inspect('persons')));
    await person.click();
    await page.getByText('Ada bantuan yang tidak boleh diterima bersama').waitFor();
    await page.getByText('BLT Dana Desa tidak boleh bersama bantuan lain').first().waitFor();
    await page.getByText(/Keluarga pindah ke/).waitFor();
    await page.getByText('satu orang, dua NIK').waitFor();
    await page.getByText('Rp 300.000').waitFor();
    await visitor.settled();
    found.push(...(await visitor.inspect('person')));
    expect(await page.content()).not.toContain(nik);
    await visitor.open(`/cases/${sample.instanceKey}`);
    await page.getByRole('link', { name: 'Riwayat dan bantuan orang ini' }).click();
    await visitor.heading('WARGA CONTOH').waitFor();
    expect([found, visitor.complaints]).toEqual([[], []]);
    await visitor.leave();
  },
  testMs,
);

test(
  'a citizen sees where the proposal stands with number and code, and objects',
  async () => {
    const visitor = await Visitor.arrive(browser, api.url);
    const { page } = visitor;
    const found: string[] = [];
    await page.getByRole('link', { name: /Warga: lihat/ }).click();
    await page.getByLabel('Nomor usulan').fill(sample.proposalNumber);
    await page.getByLabel('Kode', { exact: true }).fill('SALAH-SALAH');
    await visitor.button('Lihat').click();
    await page.getByText(/Nomor atau kode tidak cocok/).waitFor();
    found.push(...(await visitor.inspect('citizen-wrong')));
    await page.getByLabel('Kode', { exact: true }).fill(api.publicTokens.codeOf(sample.proposalNumber).toLowerCase());
    await visitor.button('Lihat').click();
    await page.getByText('W*** C***').waitFor();
    await page.getByText(/Sanggah, minta sesuatu/).click();
    await visitor.button('Kirim').click();
    await page.getByText('Tulis paling sedikit 30 huruf.').waitFor();
    await page.getByLabel('Keterangan').fill('Rumah kami belum pernah dikunjungi, tetapi usulan ditolak.');
    found.push(...(await visitor.inspect('citizen')));
    expect(await page.content()).not.toMatch(/WARGA CONTOH|3215015505850001/);
    await visitor.button('Kirim').click();
    await page.getByText('Sudah kami terima').waitFor();
    expect(api.temporal.starts.at(-1)?.processId).toBe('sanggah');
    expect(page.url()).not.toMatch(/kode|code/i);
    expect([found, visitor.complaints]).toEqual([[], []]);
    await visitor.leave();
  },
  testMs,
);
