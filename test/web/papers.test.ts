/** What people type becomes the order of a paper, and the files of a form become files of its case. */
import { describe, expect, it } from '@jest/globals';
import { documentKinds, documentOrder } from '#contract/document.ts';
import type { StoredFile } from '#contract/file.ts';
import { withSentFiles, type SendingState } from '../../web/src/components/form/sent-files.ts';
import { kindsFor, orderOf, paperFields, type AskedKind } from '../../web/src/components/papers/paper-order.ts';
import { Uploads } from '../../web/src/lib/uploads.ts';

const place = { caseKey: '1048576', region: '32.15.01.2001', offset: '+07:00' } as const;
const typed: Readonly<Record<string, string>> = {
  number: '400/1',
  heldAt: '2026-11-13T09:30',
  paidAt: '2026-11-24T09:00',
  objectUntil: '2026-11-17',
  period: '2026-11',
  program: 'SEMBAKO',
  attendees: 'Asep Contoh; Ketua RT\n\nEuis Contoh; BPD ',
  signers: 'Drs. Dadang, M.Si.; Kepala Desa',
};
const draftOf = (kind: AskedKind) =>
  Object.fromEntries(paperFields[kind].map(({ name }) => [name, typed[name] ?? `Isi ${name}`]));

describe('an order', () => {
  const kinds = Object.keys(paperFields) as AskedKind[];
  it.each(kinds)('%s is whole when every field is filled in', (kind) => {
    const made = orderOf(kind, draftOf(kind), place);
    expect('order' in made && documentOrder.safeParse(made.order).success).toBe(true);
  });
  it('is asked for every kind but the invitation, which its process issues', () => {
    expect([...kinds, 'UNDANGAN'].toSorted()).toEqual([...documentKinds].toSorted());
  });
  it('takes times on clocks of the region, and persons by line', () => {
    expect(orderOf('BERITA_ACARA', draftOf('BERITA_ACARA'), place)).toMatchObject({
      order: {
        heldAt: '2026-11-13T09:30:00+07:00',
        attendees: [
          { name: 'Asep Contoh', role: 'Ketua RT' },
          { name: 'Euis Contoh', role: 'BPD' },
        ],
        signers: [{ name: 'Drs. Dadang, M.Si.', role: 'Kepala Desa' }],
      },
    });
  });
  it('names what is missing or not in its form; what may be empty may be empty', () => {
    const draft = { ...draftOf('BERITA_ACARA'), number: ' ', attendees: 'Asep Contoh', objections: '' };
    const made = orderOf('BERITA_ACARA', draft, place);
    expect('wrong' in made && [...made.wrong].toSorted()).toEqual(['attendees', 'number']);
  });
  it('of a dossier is for supervisors', () => {
    expect(kindsFor('musyawarah-desa', false)).not.toContain('BERKAS_KASUS');
    expect(kindsFor('lainnya', true)).toEqual(['BERKAS_KASUS']);
  });
});

describe('files of a form', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new File([name], `${name}.jpg`, { type: 'image/jpeg' }));
  const sent: string[] = [];
  const uploads = {
    send: (file: File, kind: string) => {
      sent.push(`${file.name} ${kind}`);
      return Promise.resolve({ fileKey: `key-${file.name}` } as StoredFile);
    },
  } as unknown as Uploads;
  it('are sent one after the other; their keys take the place of what stood for them', async () => {
    if (a === undefined || b === undefined || c === undefined) throw new Error('no files');
    const told: SendingState[] = [];
    const chosen = [
      { token: 'files::1', files: [a], kind: 'FOTO_KTP', several: false },
      { token: 'files::2', files: [b, c], kind: undefined, several: true },
    ];
    const data = { foto: 'files::1', catatan: 'baik', rinci: [{ bukti: 'files::2' }], kosong: null };
    expect(await withSentFiles(data, chosen, uploads, (state) => told.push(state))).toEqual({
      foto: 'key-a.jpg',
      catatan: 'baik',
      rinci: [{ bukti: ['key-b.jpg', 'key-c.jpg'] }],
      kosong: null,
    });
    expect(sent).toEqual(['a.jpg FOTO_KTP', 'b.jpg BUKTI_LAIN', 'c.jpg BUKTI_LAIN']);
    expect(told.map(({ done }) => done)).toEqual([0, 1, 2]);
  });
  it.each([
    ['too large', new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'x.jpg', { type: 'image/jpeg' }), 'size'],
    ['of another type', new File(['x'], 'x.heic', { type: 'image/heic' }), 'type'],
    ['empty', new File([], 'x.jpg', { type: 'image/jpeg' }), 'empty'],
  ])('a file that is %s is not sent at all', async (_, file, why) => {
    await expect(new Uploads('1').send(file, 'BUKTI_LAIN')).rejects.toMatchObject({ name: 'UnfitFile', why });
  });
});
