/**
 * Operator, supervisor and administrator in a real browser on the real stack with its demo tenant, one after another. Each page is looked
 * over at 390 and 1440 px; ALUR_SCREENSHOTS=1 pictures them into docs/screenshots.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { callSimulator, openSession } from '#cli/client.ts';
import type { Client } from '#contract/client.ts';
import { incidentEndpoints } from '#contract/incident.ts';
import { processDefinitionEndpoints } from '#contract/process-definition.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { proposalEndpoints } from '#contract/proposal.ts';
import { repairEndpoints } from '#contract/repair.ts';
import { statisticsEndpoints } from '#contract/statistics.ts';
import { launchBrowser } from '../support/browser.ts';
import { Product } from '../support/product.ts';
import { eventually } from '../support/eventually.ts';
import { Visitor } from '../support/visitor.ts';

const testMs = 240_000;
const fixture = (name: string): string => path.join(__dirname, 'fixtures', name);
/** Invented. */
const citizen = {
  nik: '3215045504850004',
  noKk: '3215040101050004',
  nama: 'Siti Peramban',
  tanggalLahir: '1985-04-15',
  jenisKelamin: 'P',
} as const;

/** What the survey wants to know of a home, by label. */
const dwelling = [
  ['Status rumah', 'Milik sendiri'],
  ['Lantai terluas', 'Keramik'],
  ['Dinding terluas', 'Tembok'],
  ['Sumber air minum utama', 'Leding'],
  ['Tempat buang air besar', 'Jamban sendiri'],
  ['Penerangan utama', 'PLN dengan meteran'],
] as const;

let stack: Product;
let browser: Browser;
const visitors: Visitor[] = [];

beforeAll(async () => {
  stack = await Product.create();
  [browser] = await Promise.all([launchBrowser(), stack.start()]);
}, 400_000);

afterAll(async () => {
  await browser.close();
  await stack.remove();
}, 120_000);

const arrive = async (account: string): Promise<Visitor> => {
  const visitor = await Visitor.arrive(browser, stack.url);
  visitors.push(visitor);
  await visitor.signIn(account);
  return visitor;
};
const as = (name: string): Client =>
  openSession({ baseUrl: stack.url, name, password: 'alur-demo', patienceMs: 60_000 });

describe('an operator', () => {
  let operator: Visitor;
  let caseAddress = '';

  test(
    'signs in and finds work',
    async () => {
      operator = await Visitor.arrive(browser, stack.url);
      visitors.push(operator);
      expect(await operator.inspect('sign-in')).toEqual([]);
      await operator.signIn('operator');
      await expect(operator.heading('Tugas').first().isVisible()).resolves.toBe(true);
      await operator.page.getByRole('link', { name: /^Bisa diambil/ }).click();
      await operator.page.locator('.task-row').first().waitFor();
      expect(await operator.inspect('tasks')).toEqual([]);
    },
    testMs,
  );

  test(
    'moves by keyboard: skip link, J and K',
    async () => {
      const { page } = operator;
      await operator.open('/tasks?view=available');
      await page.locator('.task-row').nth(1).waitFor();
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Langsung ke isi');
      await page.keyboard.press('Enter');
      expect(await page.locator(':focus').getAttribute('id')).toBe('main');
      const opened = (): Promise<string | null> => page.locator('.task-row[aria-current]').getAttribute('data-task');
      await page.keyboard.press('j');
      const first = await opened();
      await page.keyboard.press('j');
      const second = await opened();
      expect(second).not.toBe(first);
      await page.keyboard.press('k');
      expect(await opened()).toBe(first);
      expect(page.url()).toContain(`/tasks/${first}`);
    },
    testMs,
  );

  test(
    'claims a task, is told what is missing, completes it and gets the next one',
    async () => {
      const { page } = operator;
      await operator.open('/tasks?view=available&name=Kunjungi');
      const row = page.locator('.task-row').first();
      const key = await row.getAttribute('data-task');
      await row.click();
      await operator.button('Ambil tugas').click();
      await operator.button('Selesaikan tugas').click();
      await operator.heading('Ada 1 isian yang perlu diperbaiki').waitFor();
      const field = page.locator('.fjs-form-field', { hasText: 'Keluarga ditemui?' });
      expect(await field.textContent()).toContain('Wajib diisi.');
      expect(await operator.isOnTop(page.locator('.form-view .fjs-powered-by a'))).toBe(true);
      await page.locator('.toast').getByLabel('Tutup').click();
      expect(await operator.inspect('task')).toEqual([]);
      await operator.button('Keluarga ditemui? – Wajib diisi.').click();
      expect(await field.locator(':focus').count()).toBe(1);
      await page.getByText('Ada, bertemu', { exact: true }).click();
      await page.getByLabel('c. Belanja makan lebih dari separuh pengeluaran').check();
      for (const [label, answer] of dwelling) {
        await page.locator('.fjs-form-field-select', { hasText: label }).locator('.fjs-input-group').click();
        await page.getByText(answer, { exact: true }).click();
      }
      await page.getByLabel('Lama kunjungan (menit)').fill('25');
      caseAddress = (await page.locator('.task-case a').getAttribute('href')) ?? '';
      await operator.button('Selesaikan tugas').click();
      await page.getByText('“Kunjungi rumah” selesai.').waitFor();
      await page.waitForURL((address) => !address.pathname.endsWith(`/${key}`));
      await operator.heading('Kunjungi rumah').waitFor();
      await operator.open('/tasks?view=available');
      await page.locator('.task-row').first().waitFor();
      expect(await page.locator(`[data-task="${key}"]`).count()).toBe(0);
      await operator.open('/tasks?view=done');
      await page.locator(`[data-task="${key}"]`).waitFor();
    },
    testMs,
  );

  test(
    'sees where the case stands, why it waits and what happened',
    async () => {
      const { page } = operator;
      await operator.open(caseAddress);
      await page
        .getByText(/^Menunggu Operator desa( \(.+\))? mengambil tugas “Susun usulan awal”\./)
        .first()
        .waitFor();
      expect(await operator.inspect('case-timeline')).toEqual([]);
      await page.locator('.child-list a', { hasText: 'Validasi lapangan' }).click();
      await page.getByText('Tugas “Kunjungi rumah” diselesaikan operator').waitFor();
      await operator.open(caseAddress);
      await page.getByRole('link', { name: 'Diagram' }).click();
      await page.locator('.djs-element.at-active[data-element-id="usulan-awal"]').waitFor();
      expect(await page.locator('.djs-element.at-visited[data-element-id="validasi-lapangan"]').count()).toBe(1);
      expect(await operator.inspect('case')).toEqual([]);
      expect(await operator.isOnTop(page.locator('.bjs-powered-by'))).toBe(true);
      await page.getByText(/^Langkah proses sebagai daftar/).click();
      await page.getByText('Di sini sekarang').last().waitFor();
    },
    testMs,
  );

  test(
    'switches to English and back',
    async () => {
      const { page } = operator;
      await page.locator('.account-menu summary').click();
      await operator.button('English').click();
      await page.getByText(/^Waiting for Village operator/).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      await operator.button('Bahasa Indonesia').click();
      await page.getByText(/^Menunggu Operator desa/).waitFor();
    },
    testMs,
  );

  test(
    'sees a NIK masked, in full after giving a reason, masked again after a reload',
    async () => {
      const { page } = operator;
      const card = page.getByRole('region', { name: 'Identitas warga' });
      const nik = card.locator('dd .number').first();
      await operator.open(caseAddress);
      expect(await nik.textContent()).toMatch(/^\d{6}\D+$/);
      await operator.button('Tampilkan NIK').click();
      await operator.button('Tampilkan dan catat').click();
      await page.getByText('Tulis alasan, paling sedikit 5 huruf.').waitFor();
      await page.getByLabel('Alasan').fill('Mencocokkan dengan KTP saat kunjungan.');
      await operator.button('Tampilkan dan catat').click();
      await operator.button('Sembunyikan NIK').waitFor();
      expect(await nik.textContent()).toMatch(/^\d[\d ]{15,}$/);
      await page.reload();
      await operator.settled();
      expect(await nik.textContent()).toMatch(/^\d{6}\D+$/);
    },
    testMs,
  );

  test(
    'finds the form of a new proposal',
    async () => {
      await operator.open('/start');
      expect(await operator.inspect('start')).toEqual([]);
      await operator.page.getByRole('link', { name: 'Ajukan usulan' }).click();
      await operator.page.locator('.fjs-form-field').first().waitFor();
      expect(await operator.inspect('start-form')).toEqual([]);
      await operator.leave();
    },
    testMs,
  );
});

describe('a supervisor', () => {
  let supervisor: Visitor;
  let number = '';
  let caseKey = '';

  test(
    'finds a case that stopped, why, and lets it go on',
    async () => {
      const dukcapil = stack.env['ALUR_DUKCAPIL_URL'] ?? '';
      const person = { ...citizen, status: 'AKTIF' };
      await callSimulator(`${dukcapil}/_sim/population`, [person], 30_000);
      await callSimulator(`${dukcapil}/_sim/script`, { accessDenied: true }, 30_000);
      const created = await as('operator')(proposalEndpoints.createProposal, {
        body: {
          ...citizen,
          sourceId: 'peramban-gangguan',
          alamat: 'Kp. Contoh',
          rt: '001',
          rw: '002',
          penanda: 'dekat musala',
          lat: -6.301,
          lon: 107.302,
          kodeDesa: '32.15.04.2003',
          jumlahAnggota: 4,
          pekerjaan: 'BURUH',
          programUsulan: 'SEMBAKO',
          kanal: 'MUSDES',
        },
      });
      [number, caseKey] = [created.proposalNumber, created.processInstanceKey];
      await eventually(async () => {
        const filter = { state: 'ACTIVE', businessKey: number } as const;
        return (await as('pengawas')(incidentEndpoints.searchIncidents, { body: { filter } })).items.length > 0;
      }, 60_000);
      await callSimulator(`${dukcapil}/_sim/script`, { accessDenied: false }, 30_000);
      supervisor = await arrive('pengawas');
      const { page } = supervisor;
      await page
        .getByRole('listitem')
        .filter({ hasText: 'Gangguan terbuka' })
        .getByText('1', { exact: true })
        .waitFor();
      expect(await supervisor.inspect('supervision')).toEqual([]);
      await page
        .getByRole('link', { name: /^Gangguan/ })
        .last()
        .click();
      await page.getByText('Layanan luar tidak berhasil setelah semua percobaan').waitFor();
      expect(await supervisor.inspect('incidents')).toEqual([]);
      await supervisor.button(`Coba lagi ${number}`).click();
      await page.getByText(`${number} dicoba lagi.`).waitFor();
      await eventually(async () => {
        const found = await as('pengawas')(processInstanceEndpoints.searchProcessInstances, {
          body: { filter: { processInstanceKey: caseKey, elementId: 'validasi-lapangan' } },
        });
        return found.items.length === 1;
      }, 60_000);
      await supervisor.open('/supervision/incidents');
      await page.getByText('Tidak ada gangguan').waitFor();
    },
    testMs,
  );

  test(
    'holds a case and lets it go on, told first what would happen; then all that match',
    async () => {
      const { page } = supervisor;
      const ask = async (reason: string): Promise<void> => {
        await page.getByLabel('Alasan').fill(reason);
        await supervisor.button('Lihat dulu apa yang terjadi').click();
        await supervisor.heading('Ini yang akan terjadi').waitFor();
      };
      await supervisor.open(`/cases/${caseKey}`);
      await supervisor.button('Tangguhkan').click();
      await supervisor.button('Lihat dulu apa yang terjadi').click();
      await page.getByText('Tulis alasan, paling sedikit 3 huruf.').waitFor();
      await ask('menunggu surat dari desa');
      await page.getByRole('listitem').filter({ hasText: 'Kasus ditangguhkan' }).first().waitFor();
      await supervisor.button('Ya, tangguhkan').click();
      await page.getByText('Ditangguhkan oleh pengawas; tidak ada yang berjalan.').waitFor();
      await page.getByText('pengawas turun tangan: kasus ditangguhkan').waitFor();
      expect(await supervisor.inspect('case-suspended')).toEqual([]);
      await supervisor.button('Lanjutkan').click();
      await ask('surat sudah datang');
      await supervisor.button('Ya, lanjutkan').click();
      await page.getByText(`${number} dilanjutkan.`).waitFor();

      await supervisor.open(`/supervision/cases?q=${number}`);
      await supervisor.button('Ubah semua yang cocok').click();
      await page.getByLabel('Alasan').fill('pemeliharaan layanan');
      await supervisor.button('Hitung kasus yang cocok').click();
      // the case, and the visit that it has called
      await supervisor.button('Ya, ubah 2 kasus').click();
      await page.getByText('Berhasil', { exact: true }).first().waitFor();
      await page.getByText('Selesai', { exact: true }).waitFor();
      expect(await supervisor.inspect('batch')).toEqual([]);
      const { items } = await as('pengawas')(processInstanceEndpoints.searchProcessInstances, {
        body: { filter: { businessId: number, suspended: true } },
      });
      expect(items).toHaveLength(2);
      for (const { processInstanceKey } of items)
        await as('pengawas')(repairEndpoints.resumeProcessInstance, {
          params: { processInstanceKey },
          body: { reason: 'pemeliharaan selesai' },
        });
    },
    testMs,
  );

  test(
    'sees all waiting cases: for whom, since when, and only those of interest',
    async () => {
      const { page } = supervisor;
      await supervisor.open('/supervision/cases');
      await page.locator('tbody tr').first().waitFor();
      const { openCases } = await as('pengawas')(statisticsEndpoints.getStatistics, {});
      expect(await page.locator('tbody tr').count()).toBe(openCases);
      expect(await page.locator('[aria-current="page"] .count').textContent()).toBe(String(openCases));
      expect(await supervisor.inspect('cases')).toEqual([]);
      const row = page.getByRole('row', { name: number });
      expect(await row.textContent()).toMatch(
        /Menunggu Pekerja sosial masyarakat \(PSM\) mengambil tugas “Kunjungi rumah”/,
      );
      await page.getByLabel('Hanya yang terlambat').check();
      await page.getByText('Tidak ada kasus yang cocok').waitFor();
      await page.getByLabel('Hanya yang terlambat').uncheck();
      await page.getByLabel('Menunggu siapa').selectOption({ label: 'Camat/TKSK' });
      await eventually(async () => (await page.locator('tbody tr').count()) < openCases);
      for (const text of await page.locator('tbody tr').allTextContents()) expect(text).toContain('Camat/TKSK');
      await supervisor.leave();
    },
    testMs,
  );
});

describe('an administrator', () => {
  let administrator: Visitor;
  const versions = async (): Promise<readonly string[]> => {
    const { items } = await as('admin')(processDefinitionEndpoints.searchProcessDefinitions, { body: {} });
    return items.map((item) => `${item.processDefinitionId} ${item.version}`).toSorted();
  };
  const running = async (): Promise<number> => (await as('admin')(statisticsEndpoints.getStatistics, {})).openCases;

  test(
    'looks at the published processes',
    async () => {
      administrator = await arrive('admin');
      const { page } = administrator;
      await page.getByRole('link', { name: 'Definisi proses' }).click();
      await page.getByRole('link', { name: 'Usulan DTKS' }).waitFor();
      expect(await administrator.inspect('definitions')).toEqual([]);
      await page.getByRole('link', { name: 'Usulan DTKS' }).click();
      await page.locator('.djs-element[data-element-id="proses-penetapan"]').waitFor();
      expect(await administrator.isOnTop(page.locator('.bjs-powered-by'))).toBe(true);
      expect(await administrator.inspect('definition')).toEqual([]);
    },
    testMs,
  );

  test(
    'is told what is wrong with a diagram, on the diagram, and nothing is published',
    async () => {
      const { page } = administrator;
      const before = { versions: await versions(), running: await running() };
      await administrator.open('/definitions/publish');
      await page.getByLabel('Pilih berkas BPMN, DMN, dan formulir').setInputFiles(fixture('broken.bpmn'));
      await administrator.heading(/^Belum bisa diterbitkan/).waitFor();
      await page.locator('.djs-element.at-incident[data-element-id="siarkan"]').waitFor();
      expect(await page.locator('.djs-element.at-incident').count()).toBe(2);
      for (const element of ['kirim-surat', 'siarkan']) {
        const row = page.getByRole('row', { name: element });
        expect((await row.locator('td').nth(1).textContent())?.length).toBeGreaterThan(20);
      }
      expect(await administrator.button('Terbitkan').count()).toBe(0);
      expect(await administrator.inspect('publish')).toEqual([]);
      expect({ versions: await versions(), running: await running() }).toEqual(before);
    },
    testMs,
  );

  test(
    'publishes a sound one',
    async () => {
      const { page } = administrator;
      await administrator.open('/definitions/publish');
      await page.getByLabel('Pilih berkas BPMN, DMN, dan formulir').setInputFiles(fixture('harmless.bpmn'));
      await administrator.button('Terbitkan').click();
      await administrator.heading('Berhasil diterbitkan').waitFor();
      expect(await versions()).toContain('pengumuman-desa 1');
    },
    testMs,
  );

  test(
    'raises a threshold: sees who would be answered otherwise, and publishes it with the process that uses the table',
    async () => {
      const { page } = administrator;
      const table = await readFile(path.join(__dirname, '../../definitions/dtks/kelayakan.dmn'), 'utf8');
      const changed = table.replace('&gt;= 3', '&gt;= 6').replace('[1..2]', '[1..5]');
      const file = { name: 'kelayakan.dmn', mimeType: 'application/xml', buffer: Buffer.from(changed) };
      await administrator.open('/definitions/publish');
      await page.getByLabel('Pilih berkas BPMN, DMN, dan formulir').setInputFiles(file);
      await page.getByText(/^Usulan DTKS.*, sekarang versi 1$/).waitFor();
      await administrator.button('Dampak pada kasus berjalan').click();
      await page.getByText('Skor kriteria: >= 3 → >= 6').waitFor();
      await page.getByText(/\d+ keputusan dibandingkan: \d+ sama, [1-9]\d* akan lain, 0 akan gagal\./).waitFor();
      await page.getByText(/[1-9]\d* aman dipindahkan, 0 perlu pemetaan, 0 tidak bisa dipindahkan\./).waitFor();
      expect(await administrator.inspect('changed-rule')).toEqual([]);
      await administrator.button('Terbitkan').click();
      await administrator.heading('Berhasil diterbitkan').waitFor();
      expect(await versions()).toContain('usulan-dtks 2');
    },
    testMs,
  );

  test(
    'lets a running case follow a new version, with a step mapped by hand',
    async () => {
      const { page } = administrator;
      const body = { processDefinitionId: 'pengumuman-desa' };
      const { processInstanceKey } = await as('admin')(processInstanceEndpoints.createProcessInstance, { body });
      const next = (await readFile(fixture('harmless.bpmn'), 'utf8'))
        .replaceAll('tempel', 'pasang')
        .replace('Tempel pengumuman', 'Pasang di papan balai');
      await administrator.open('/definitions/publish');
      const file = { name: 'harmless.bpmn', mimeType: 'application/xml', buffer: Buffer.from(next) };
      await page.getByLabel('Pilih berkas BPMN, DMN, dan formulir').setInputFiles(file);
      await administrator.button('Terbitkan').click();
      await administrator.heading('Berhasil diterbitkan').waitFor();
      await administrator.open('/definitions/pengumuman-desa');
      await page.getByRole('link', { name: 'Pindahkan kasus berjalan ke versi 2' }).click();
      const step = page.getByLabel('Tempel pengumuman menjadi');
      await step.selectOption('');
      await page.getByText('0 aman dipindahkan, 1 perlu pemetaan, 0 tidak bisa dipindahkan.').waitFor();
      await step.selectOption('pasang');
      await page.getByText('1 aman dipindahkan, 0 perlu pemetaan, 0 tidak bisa dipindahkan.').waitFor();
      expect(await administrator.inspect('migrate')).toEqual([]);
      await page.getByLabel('Alasan').fill('papan balai sudah dipasang');
      await administrator.button('Ya, pindahkan 1 kasus').click();
      await page.waitForURL(/supervision\/batches\/\d+/);
      const versionOf = async () => {
        const params = { processInstanceKey };
        return (await as('admin')(processInstanceEndpoints.getProcessInstance, { params })).processDefinitionVersion;
      };
      await eventually(async () => (await versionOf()) === 2, 30_000);
    },
    testMs,
  );

  test(
    'makes the version before the latest again, and holds one back',
    async () => {
      const { page } = administrator;
      await administrator.open('/definitions/pengumuman-desa');
      expect(await administrator.inspect('versions')).toEqual([]);
      await administrator.button(/^Jadikan terbaru/).click();
      await page.getByLabel('Alasan').fill('papan balai belum siap');
      await administrator.button('Ya, jadikan terbaru').click();
      await page.getByText('Kasus baru kini memakai versi 1.').waitFor();
      const second = page.getByRole('row', { name: /^Versi 2/ });
      await second.getByRole('button', { name: /^Tahan/ }).click();
      await page.getByLabel('Alasan').fill('papan balai belum siap');
      await administrator.button('Ya, tahan versi ini').click();
      await second.getByText('Ditahan: papan balai belum siap').waitFor();
    },
    testMs,
  );

  test(
    'imports a file: the bad row is told by line and field, the others run',
    async () => {
      const { page } = administrator;
      const before = await running();
      await administrator.open('/start/import');
      await page.getByLabel('Berkas CSV').setInputFiles(fixture('proposals.csv'));
      await administrator.button('Mulai impor').click();
      const progress = page.getByRole('region', { name: 'Kemajuan impor' });
      await progress.getByText('Selesai', { exact: true }).waitFor();
      const counts = await progress.locator('.import-counts dd').allTextContents();
      expect(counts).toEqual(['3', '2', '0', '1']);
      const bad = await progress.locator('tbody td').allTextContents();
      expect(bad.slice(0, 2)).toEqual(['3', 'tanggal_lahir']);
      await page.getByRole('row', { name: 'proposals.csv Selesai 2 1' }).waitFor();
      expect(await administrator.inspect('import')).toEqual([]);
      await eventually(async () => (await running()) === before + 2, 30_000);
    },
    testMs,
  );

  test(
    'has accounts and deadlines at hand',
    async () => {
      const { page } = administrator;
      await page.getByRole('link', { name: 'Akun', exact: true }).click();
      await page.getByText('bupati').first().waitFor();
      expect(await administrator.inspect('accounts')).toEqual([]);
      await page.getByRole('link', { name: 'Pengaturan' }).click();
      await page.getByLabel('Survei lapangan').first().fill('P9D');
      await administrator.button('Lihat dampaknya').click();
      await page.getByText(/kasus berjalan membawa 7 hari dan tetap memakainya/).waitFor();
      expect(await administrator.inspect('settings')).toEqual([]);
      await administrator.button('Simpan tenggat').click();
      await page.getByText('Tenggat disimpan').waitFor();
    },
    testMs,
  );
});

test('the browser had nothing to complain about', () => {
  expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
});
