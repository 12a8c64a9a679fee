/** Printing in a thread of its own. */
import { describe, expect, it } from '@jest/globals';
import type { Paper } from '#documents/paper.ts';
import { createPrinter } from '#documents/printer.ts';
import { readPdf } from '../support/pdf-text.ts';
import * as samples from './samples.ts';

const order = (paper: Paper) =>
  ({ paper, office: samples.villageOffice, issue: samples.beritaAcara.issue, language: 'id' }) as const;
const notice = order({ kind: 'PAPAN_PENGUMUMAN', body: samples.papanPengumuman });

describe('the printer', () => {
  it('prints while the process goes on with other work', async () => {
    let beats = 0;
    const heart = setInterval(() => (beats += 1), 20);
    const pdf = await createPrinter()(notice);
    clearInterval(heart);
    expect(beats).toBeGreaterThan(10);
    expect((await readPdf(pdf)).title).toContain('Pengumuman');
  });
  it('goes on after a paper that cannot be printed, and after one that ends the thread', async () => {
    const print = createPrinter();
    const misplaced = { ...notice, office: { ...notice.office, zone: 'Bukan/Zona' } };
    const cannotBeSent = { ...notice, office: { ...notice.office, lines: [() => 'x'] as unknown as string[] } };
    const told = await Promise.allSettled([print(misplaced), print(cannotBeSent), print(notice)]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(String((told[0] as PromiseRejectedResult).reason)).toContain('Bukan/Zona');
  });
});
