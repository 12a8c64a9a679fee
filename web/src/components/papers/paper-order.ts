/** What people fill in to issue a paper: the fields of each kind, and the order that they make. */
import { documentOrder, type DocumentOrder } from '#contract/document.ts';
import type { documentKinds } from '#contract/document.ts';

export type PaperKind = (typeof documentKinds)[number];
/** Kinds that are issued from a case by hand. Invitations are issued by their process. */
export type AskedKind = Exclude<PaperKind, 'UNDANGAN'>;

export interface PaperField {
  /** Of the order; a person's parts are `leader.name` and `leader.role`. */
  readonly name: string;
  /** `persons`: one a line, name and office parted by a semicolon. */
  readonly type: 'line' | 'paragraph' | 'lines' | 'date' | 'dateTime' | 'persons' | 'program';
  readonly optional?: boolean;
}
const line = (name: string): PaperField => ({ name, type: 'line' });
const person = (name: string): readonly PaperField[] => [line(`${name}.name`), line(`${name}.role`)];
const signers: PaperField = { name: 'signers', type: 'persons' };
const number = line('number');
const reason: PaperField = { name: 'reason', type: 'paragraph' };

export const paperFields: Readonly<Record<AskedKind, readonly PaperField[]>> = {
  BERITA_ACARA: [
    number,
    { name: 'heldAt', type: 'dateTime' },
    line('place'),
    ...person('leader'),
    ...person('minuteTaker'),
    { name: 'attendees', type: 'persons' },
    { name: 'objections', type: 'lines', optional: true },
    signers,
  ],
  SPTJM: [number, reason, ...person('declarant')],
  SURAT_PENGESAHAN: [
    number,
    line('addressee'),
    line('addresseePlace'),
    ...person('signer'),
    { name: 'copies', type: 'lines', optional: true },
  ],
  DAFTAR_NOMINATIF: [number, line('period'), { name: 'program', type: 'program' }, line('postOffice'), signers],
  KUITANSI: [
    number,
    line('payer'),
    line('cashier'),
    { name: 'collectedBy', type: 'line', optional: true },
    { name: 'paidAt', type: 'dateTime' },
    line('place'),
  ],
  PAPAN_PENGUMUMAN: [number, line('period'), { name: 'objectUntil', type: 'date' }, ...person('signer')],
  BERKAS_KASUS: [number, reason],
  LAPORAN_MONEV: [number, ...person('signer')],
};

/** Kinds that belong to the cases of a process; a dossier belongs to each. */
const kindsOfProcess: Readonly<Record<string, readonly AskedKind[]>> = {
  'musyawarah-desa': ['BERITA_ACARA', 'SPTJM', 'PAPAN_PENGUMUMAN'],
  'verifikasi-pengesahan-kabkota': ['SURAT_PENGESAHAN'],
  'usulan-dtks': ['KUITANSI'],
  'penyaluran-konfirmasi': ['KUITANSI'],
  'tutup-penyaluran': ['DAFTAR_NOMINATIF'],
  monev: ['LAPORAN_MONEV'],
};
/** Whether papers are issued from the tasks of a process: those of batches and payments. */
export const hasPapers = (processDefinitionId: string): boolean => processDefinitionId in kindsOfProcess;
export const kindsFor = (processDefinitionId: string, supervises: boolean): readonly AskedKind[] => [
  ...(kindsOfProcess[processDefinitionId] ?? []),
  ...(supervises ? (['BERKAS_KASUS'] as const) : []),
];

/** What is typed, by name of field. */
export type PaperDraft = Readonly<Record<string, string>>;
export interface PaperPlace {
  readonly caseKey: string;
  readonly region: string;
  /** Of the region's zone: `+07:00`. */
  readonly offset: string;
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
const personOf = (text: string): { readonly name: string; readonly role: string } => {
  const [name = '', ...role] = text.split(';');
  return { name: name.trim(), role: role.join(';').trim() };
};
function valueOf({ type }: PaperField, text: string, offset: string): unknown {
  switch (type) {
    case 'lines':
      return linesOf(text);
    case 'persons':
      return linesOf(text).map(personOf);
    case 'dateTime':
      return `${text}:00${offset}`;
    default:
      return text;
  }
}
/** Fields of the order that the place of the case gives. */
function placed(kind: AskedKind, { caseKey, region }: PaperPlace): object {
  if (kind === 'DAFTAR_NOMINATIF') return { region };
  return kind === 'PAPAN_PENGUMUMAN' ? { village: region } : { caseKey };
}
function withValue(order: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const [first = '', part] = name.split('.');
  if (part === undefined) return { ...order, [first]: value };
  return { ...order, [first]: { ...(order[first] as object | undefined), [part]: value } };
}

/** The order, or the names of fields that are missing or not in their form. */
export function orderOf(
  kind: AskedKind,
  draft: PaperDraft,
  place: PaperPlace,
): { readonly order: DocumentOrder } | { readonly wrong: ReadonlySet<string> } {
  const fields = paperFields[kind];
  const given = fields.filter(({ name }) => (draft[name] ?? '').trim() !== '');
  const missing = fields.filter((field) => field.optional !== true && !given.includes(field));
  const order = given.reduce(
    (made, field) => withValue(made, field.name, valueOf(field, draft[field.name] ?? '', place.offset)),
    { kind, ...placed(kind, place) } as Record<string, unknown>,
  );
  const parsed = documentOrder.safeParse(order);
  if (parsed.success && missing.length === 0) return { order: parsed.data };
  const paths = parsed.success ? [] : parsed.error.issues.map(({ path }) => path.map(String).join('.'));
  const wrong = fields.filter(({ name }) => paths.some((path) => path === name || path.startsWith(`${name}.`)));
  return { wrong: new Set([...missing, ...wrong].map(({ name }) => name)) };
}
