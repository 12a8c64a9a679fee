/** Every document, read back as a PDF: its words, its pages, and what must never be in it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { renderBeritaAcara } from '#documents/berita-acara.ts';
import { renderDaftarNominatif } from '#documents/daftar-nominatif.ts';
import { listHash } from '#documents/list-hash.ts';
import { renderLaporan } from '#documents/laporan.ts';
import { renderPapanPengumuman } from '#documents/papan-pengumuman.ts';
import type { PublicLine } from '#documents/papan-pengumuman.ts';
import { initials } from '#documents/person.ts';
import { rupiahInWords } from '#documents/rupiah-in-words.ts';
import { wordingOf } from '#documents/wording.ts';
import id from '#definitions/dtks/texts.id.json' with { type: 'json' };
import { readPdf } from '../support/pdf-text.ts';
import { kindNames, kinds } from './rendered.ts';
import * as samples from './samples.ts';

const indonesian = wordingOf('id', 'Asia/Jakarta');
const fullNumber = /(?<!\d)\d{16}(?!\d)/;
const canary = '3215014909870003';

describe.each(kindNames)('%s', (kind) => {
  it('prints in Indonesian with numbered pages, its number and no NIK', async () => {
    const { pages, title, language } = await readPdf(await kinds[kind](indonesian));
    expect(language).toBe('id');
    const text = pages.join('\n');
    expect(title).not.toBe('');
    expect(text).toContain(title);
    expect(text).not.toMatch(fullNumber);
    for (const [index, page] of pages.entries()) expect(page).toContain(`Halaman ${index + 1} dari ${pages.length}`);
    // No text was left unfilled.
    expect(text).not.toMatch(/\{\w+\}/);
  });
  it('prints in English too', async () => {
    const { pages, language } = await readPdf(await kinds[kind](wordingOf('en', 'Asia/Jakarta')));
    expect(language).toBe('en');
    expect(pages.join('\n')).toContain('Page 1 of');
    expect(pages.join('\n')).not.toContain('Halaman');
  });
  it('gives the same bytes for the same data', async () => {
    expect(Buffer.compare(await kinds[kind](indonesian), await kinds[kind](indonesian))).toBe(0);
  });
});

describe('minutes of a meeting', () => {
  it('say who met, what was decided of each proposal and how', async () => {
    const { pages } = await readPdf(await renderBeritaAcara(samples.beritaAcara, indonesian));
    const text = pages.join('\n');
    expect(text).toContain('Jumat, 13 November 2026');
    expect(text).toContain('09.30 WIB');
    expect(text).toContain('36 orang');
    for (const { name } of samples.beritaAcara.attendees) expect(text).toContain(name);
    for (const { number } of samples.beritaAcara.items) expect(text).toContain(number);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Suara: 21 setuju, 4 menolak, 2 abstain');
    expect(text).toContain(listHash(samples.beritaAcara.items));
  });
  it('repeat the head of the list on each of its pages', async () => {
    const many = { ...samples.beritaAcara, items: samples.items(120) };
    const { pages } = await readPdf(await renderBeritaAcara(many, indonesian));
    const listPages = pages.filter((page) => page.includes('3215012001-202611-'));
    expect(listPages.length).toBeGreaterThan(3);
    for (const page of listPages) expect(page).toContain('NIK (disamarkan)');
  });
  it('say that a second meeting needs no quorum, and that nobody objected', async () => {
    const second = { ...samples.beritaAcara, attempt: 2, objections: [] };
    const text = (await readPdf(await renderBeritaAcara(second, indonesian))).pages.join('\n');
    expect(text).toContain('Rapat kedua');
    expect(text).toContain('Tidak ada keberatan');
  });
  it('without a single proposal are still minutes', async () => {
    const text = (
      await readPdf(await renderBeritaAcara({ ...samples.beritaAcara, items: [] }, indonesian))
    ).pages.join();
    expect(text).toContain('Tidak ada data');
  });
});

describe('the notice board', () => {
  it('shows initials, RT and programme in an order that tells nothing, whatever else a line carries', async () => {
    const line = { initials: 'S.A.', rt: '002', program: 'PKH', nik: canary, name: 'Siti Aminah' } as PublicLine;
    const lines = [
      line,
      { initials: 'A.S.', rt: '002', program: 'SEMBAKO' },
      { initials: 'W.G.', rt: '001', program: 'PKH' },
    ];
    const pdf = await renderPapanPengumuman({ ...samples.papanPengumuman, lines }, indonesian);
    const text = (await readPdf(pdf)).pages.join('\n');
    expect(text).not.toContain(canary);
    expect(text).not.toContain('Siti');
    const order = ['W.G.', 'A.S.', 'S.A.'].map((initials) => text.indexOf(initials));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
  });
});

describe('the nominative list', () => {
  it('sums up what is paid, in figures and in words', async () => {
    const lines = samples.daftarNominatif.lines.slice(0, 2);
    const text = (
      await readPdf(await renderDaftarNominatif({ ...samples.daftarNominatif, lines }, indonesian))
    ).pages.join();
    expect(text).toContain('Rp600.000 (enam ratus ribu rupiah)');
  });
});

describe('a report', () => {
  it('prints figures in their units, the total, and that rows are left out', async () => {
    const { pages } = await readPdf(await renderLaporan(samples.laporan, indonesian));
    const text = pages.join('\n');
    for (const word of ['Rp18.000.000', '75,5%', '3,5', 'Rp2.142.000.000', 'Hanya 60 baris pertama'])
      expect(text).toContain(word);
    // The head of the table on each of its pages; no seal that nobody could check.
    for (const page of pages.slice(1)) expect(page).toContain('Sumber dana');
    expect(text).not.toContain('Pindai kode QR');
  });
  it('without rows is a page that says so', async () => {
    const empty = { ...samples.laporan, rows: [], isCut: false };
    const { pages } = await readPdf(await renderLaporan(empty, indonesian));
    expect([pages.length, pages.join().includes('Tidak ada data')]).toEqual([1, true]);
  });
});

describe('amounts in words', () => {
  it.each([
    [0, 'nol rupiah'],
    [11, 'sebelas rupiah'],
    [15, 'lima belas rupiah'],
    [21, 'dua puluh satu rupiah'],
    [100, 'seratus rupiah'],
    [1_000, 'seribu rupiah'],
    [11_000, 'sebelas ribu rupiah'],
    [101_000, 'seratus satu ribu rupiah'],
    [1_100_000, 'satu juta seratus ribu rupiah'],
    [2_400_000, 'dua juta empat ratus ribu rupiah'],
    [523_000_000_000, 'lima ratus dua puluh tiga miliar rupiah'],
  ])('%d', (amount, words) => expect(rupiahInWords(amount)).toBe(words));
  it.each([-1, 0.5, Number.NaN, 1e15])('%d is no amount', (amount) =>
    expect(() => rupiahInWords(amount)).toThrow(RangeError),
  );
});

describe('initials', () => {
  it.each([
    ['Siti Nur Aminah', 'S.N.A.'],
    ["H. Ma'mun al-Rasyid", 'M.M.A.R.'],
    ['Suparman', 'S.'],
    ['Hj', 'H.'],
  ])('%s', (name, expected) => expect(initials(name)).toBe(expected));
});

describe('the hash of a list', () => {
  const [first, second] = samples.items(2);
  it('changes with a person, a decision and the order', () => {
    if (first === undefined || second === undefined) throw new Error('no samples');
    const hashes = [
      listHash([first, second]),
      listHash([second, first]),
      listHash([first, { ...second, name: 'Lain' }]),
      listHash([first, { ...second, decision: 'TOLAK' }]),
      listHash([first]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(listHash([first, second])).toBe(hashes[0]);
  });
});

describe('the words of documents', () => {
  it('are all printed somewhere, and name a quarter', () => {
    const folder = path.resolve(__dirname, '..', '..', 'documents');
    const source = readdirSync(folder)
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('\n');
    // Words for values of the contract (kinds of events, states and files) are checked by the compiler.
    const said = (key: string): boolean => source.includes(`'${key}'`) || /^(kejadian|keadaan|berkasFoto)\./.test(key);
    expect(Object.keys(id.documents).filter((key) => !said(key))).toEqual([]);
    expect(indonesian.period('2026-11')).toBe('November 2026');
    expect(indonesian.period('2026-T1')).toBe('Tahap 1 Tahun 2026');
  });
});
