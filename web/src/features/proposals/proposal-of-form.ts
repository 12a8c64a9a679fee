/** From the answers of the start form `pendaftaran` to the request of POST /v2/proposals, and back for the server's findings. */
import { proposalRequest } from '#contract/proposal.ts';

type Answers = Readonly<Record<string, unknown>>;
export const proposalProcessId = 'usulan-dtks';

const fields = Object.keys(proposalRequest.shape);

/** jumlahAnggota → jumlah_anggota: forms may use the column names of the import file. */
function columnOf(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Answers by their last name: a form may gather fields in groups with a path of their own. */
function flatten(answers: Answers, path = ''): Map<string, { readonly path: string; readonly value: unknown }> {
  const found = new Map<string, { readonly path: string; readonly value: unknown }>();
  for (const [name, value] of Object.entries(answers)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [inner, entry] of flatten(value as Answers, at)) found.set(inner, entry);
    } else {
      found.set(name, { path: at, value });
    }
  }
  return found;
}

export interface ProposalDraft {
  readonly body: Record<string, unknown>;
  /** Request field → path of the form field it came from. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Form names that mean a field of the request under another name. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  programUsulan: ['program'],
  kodeDesa: ['desa'],
  tanggalLahir: ['tglLahir'],
};

export function proposalOfForm(answers: Answers, sourceId: string, village: string | null): ProposalDraft {
  const given = flatten(answers);
  const body: Record<string, unknown> = { sourceId };
  const paths = new Map<string, string>();
  for (const field of fields) {
    if (field === 'sourceId') continue;
    const name = [field, columnOf(field), ...(otherNames[field] ?? [])].find((candidate) => given.has(candidate));
    const entry = name === undefined ? undefined : given.get(name);
    if (entry === undefined || entry.value === '' || entry.value === null) continue;
    body[field] = entry.value;
    paths.set(field, entry.path);
  }
  if (body['kodeDesa'] === undefined && village !== null) body['kodeDesa'] = village;
  body['kanal'] ??= 'MANDIRI';
  return { body, paths };
}

/** The server names request fields; the form shows them at its own. */
export function findingsAtForm(
  findings: ReadonlyMap<string, string>,
  paths: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...findings].map(([field, message]) => [paths.get(field) ?? field, message]));
}
