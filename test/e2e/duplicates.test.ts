/**
 * Two proposals of one person on the real stack: a verifier compares them in a browser and chooses, the head approves, the register merges,
 * and the way back stays open. ALUR_SCREENSHOTS=1 pictures the comparison into docs/screenshots.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openSession } from '#cli/client.ts';
import type { Client } from '#contract/client.ts';
import { comparisonEndpoints } from '#contract/comparison.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { proposalEndpoints } from '#contract/proposal.ts';
import { userTaskEndpoints } from '#contract/user-task.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { Product } from '../support/product.ts';
import { Visitor } from '../support/visitor.ts';

const testMs = 240_000;
const village = '32.15.04.2003';
/** Invented. */
const citizen = {
  noKk: '3215010101050011',
  tanggalLahir: '1985-04-15',
  jenisKelamin: 'P',
  tempatLahir: 'Karawang',
  ibuKandung: 'Contoh Ibu',
  rt: '1',
  rw: '2',
  kodeDesa: village,
  jumlahAnggota: 3,
  pekerjaan: 'BURUH',
  programUsulan: 'REGISTER_SAJA',
  kanal: 'MUSDES',
} as const;
const first = {
  ...citizen,
  sourceId: 'ganda-1',
  nik: '3215015504850011',
  nama: 'Siti Berdampingan',
  alamat: 'Kp. Lama 1',
};
const second = {
  ...citizen,
  sourceId: 'ganda-2',
  nik: '3215015504850029',
  nama: 'Siti Berdamping',
  alamat: 'Kp. Baru 7',
};

let stack: Product;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([Product.create(), launchBrowser()]);
  await stack.start(['--empty']);
}, 600_000);
afterAll(async () => {
  await browser.close();
  await stack.remove();
}, 120_000);

const as = (name: string): Client =>
  openSession({ baseUrl: stack.url, name, password: 'alur-demo', patienceMs: 60_000 });

/** Key of the case's open task of that element, whoever it is for: a supervisor sees them all. */
async function taskOf(caseKey: string, elementId: string): Promise<string> {
  const client = as('pengawas');
  let found: string | undefined;
  await eventually(async () => {
    const filter = { processInstanceKey: caseKey, elementId, state: 'CREATED' } as const;
    const { items } = await client(userTaskEndpoints.searchUserTasks, { body: { filter } });
    found = items[0]?.userTaskKey;
    return found !== undefined;
  }, 60_000);
  return found ?? '';
}

test(
  'two people are compared, merged by two others, and the merge is put in question',
  async () => {
    const operator = as('operator');
    const [one, other] = [
      await operator(proposalEndpoints.createProposal, { body: first }),
      await operator(proposalEndpoints.createProposal, { body: second }),
    ];
    const variables = {
      usulan: { nomor: one.proposalNumber, kodeDesa: village },
      pembanding: { nomor: other.proposalNumber },
    };
    const { processInstanceKey: caseKey } = await as('verifikator')(processInstanceEndpoints.createProcessInstance, {
      body: { processDefinitionId: 'gabung-duplikat', variables },
    });

    const verifier = await Visitor.arrive(browser, stack.url);
    await verifier.signIn('verifikator');
    await verifier.open(`/tasks/${await taskOf(caseKey, 'pilih-data')}`);
    const beside = verifier.page.getByRole('region', { name: 'Dua orang berdampingan' });
    await beside.waitFor();
    const differing = await beside.locator('tr.differs th').allTextContents();
    expect(differing.map((text) => text.replace(' Berbeda', ''))).toEqual(['NIK', 'Nama', 'Alamat']);
    expect(await beside.locator('tbody td').first().textContent()).toMatch(/^321501\*{10}$/);
    expect(await verifier.inspect('comparison')).toEqual([]);
    await verifier.page.getByRole('button', { name: 'Tampilkan nomor Orang pertama' }).click();
    await verifier.page.getByRole('dialog').getByLabel('Alasan').fill('Membandingkan dengan KTP asli.');
    await verifier.button('Tampilkan dan catat').click();
    await beside.getByText(first.nik).waitFor();

    await verifier.button('Ambil tugas').click();
    const choose = (question: string, answer: string): Promise<void> =>
      verifier.page.locator('.fjs-form-field', { hasText: question }).getByText(answer, { exact: true }).click();
    await choose('Apakah keduanya orang yang sama?', 'Ya');
    await choose('Siapa yang bertahan di register?', 'Orang pertama');
    await choose('NIK yang benar', 'Orang pertama');
    await choose('Nama yang benar', 'Orang kedua');
    await choose('Alamat yang benar', 'Orang kedua');
    await verifier.page
      .locator('.fjs-form-field', { hasText: 'Alasan' })
      .locator('textarea')
      .fill('orang yang sama menurut KTP');
    await verifier.button('Selesaikan tugas').click();
    await verifier.page.getByText('“Bandingkan dan pilih data” selesai.').waitFor();

    const approval = await taskOf(caseKey, 'setujui-gabung');
    const head = as('kepala');
    await head(userTaskEndpoints.assignUserTask, { params: { userTaskKey: approval }, body: {} });
    await head(userTaskEndpoints.completeUserTask, {
      params: { userTaskKey: approval },
      body: { variables: { setuju: true, alasan: 'bukti cukup' } },
    });
    await eventually(async () => {
      const { undoUntil } = await head(comparisonEndpoints.getComparison, { params: { caseKey } });
      return undoUntil !== null;
    }, 60_000);

    await verifier.open(`/cases/${caseKey}`);
    await verifier.button('Minta diurai kembali').click();
    await verifier.page.getByRole('dialog').getByLabel('Alasan').fill('ada akta lahir lain');
    await verifier.button('Kirim permintaan').click();
    await verifier.page.getByText('Permintaan dikirim kepada kepala dinas.').waitFor();
    await taskOf(caseKey, 'putuskan-urai');
    expect(await verifier.inspect('merged-case')).toEqual([]);
    expect(verifier.complaints).toEqual([]);
  },
  testMs,
);

test(
  'a report finds its page, its case and its words',
  async () => {
    const operator = as('operator');
    const { proposalNumber } = await operator(proposalEndpoints.createProposal, {
      body: { ...first, sourceId: 'laporan-1', nik: '3215015504850037', nama: 'Rina Melapor' },
    });
    const visitor = await Visitor.arrive(browser, stack.url);
    await visitor.signIn('operator');
    await visitor.open(`/proposals/${proposalNumber}/report`);
    await visitor.page.getByLabel('Apa yang dilaporkan?').selectOption('DATA_REQUEST');
    await visitor.button('Kirim laporan').click();
    await visitor.page.getByText('Tulis keterangan, paling sedikit 5 huruf.').waitFor();
    expect(await visitor.inspect('report')).toEqual([]);
    await visitor.page.getByLabel('Keterangan').fill('ingin tahu data saya');
    await visitor.button('Kirim laporan').click();
    await visitor.heading(`Laporan tentang ${proposalNumber} diterima`).waitFor();
    await visitor.page.getByRole('link', { name: /kasus/i }).first().click();
    await visitor.page.getByText('Periksa identitas pemohon').first().waitFor();
    expect(visitor.complaints).toEqual([]);
  },
  testMs,
);
