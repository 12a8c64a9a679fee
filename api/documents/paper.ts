/** What drawing up a paper needs and gives; each kind has its own function. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { documentLimits } from '#contract/document.ts';
import type { Account } from '#db/accounts.ts';
import { processVariable } from '#db/queries/cases.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import type { ProposalOnPaper } from '#db/documents.ts';
import { regionNames } from '#db/regions.ts';
import type { Paper } from '#documents/paper.ts';
import type { ListedPerson } from '#documents/person.ts';
import type { Dependencies } from '../dependencies.ts';
import { notFound, Refusal } from '../refusal.ts';

export interface Desk {
  readonly db: PoolClient;
  readonly deps: Dependencies;
  readonly account: Account;
}
export interface Draft {
  /** Of the office that issues it. */
  readonly region: string;
  readonly caseKey: string | null;
  readonly period: string | null;
  readonly paper: Paper;
}

/** Process variables of a case in a shape. @throws Refusal that names what is missing */
export async function caseData<T extends z.ZodObject>(db: PoolClient, caseKey: string, shape: T): Promise<z.output<T>> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(shape.shape)) values[name] = await processVariable(db, caseKey, name);
  return fit(shape, values);
}
/** @throws Refusal that names what is missing */
export function fit<T extends z.ZodType>(shape: T, values: unknown): z.output<T> {
  const parsed = shape.safeParse(values);
  if (parsed.success) return parsed.data;
  const missing = [...new Set(parsed.error.issues.map(({ path }) => path.map(String).join('.')))].join(', ');
  throw new Refusal('wrongState', 'caseWithoutData', { values: { missing } });
}
/** @throws Refusal for a list that is too long for one paper */
export function assertFits(count: number): void {
  const limit = documentLimits.lines;
  if (count > limit) throw new Refusal('tooLarge', 'tooManyLines', { values: { count, limit } });
}

/** Variable `usulan` of a proposal's case. */
export const proposed = z.object({ program: z.string(), periode: z.string() });

/** The person of a proposal. @throws Refusal when he is gone from the vault */
export async function citizenOf({ db, deps }: Desk, { subjectKey }: ProposalOnPaper): Promise<Citizen> {
  const citizen = await deps.vault.read(db, subjectKey);
  if (citizen === null) throw notFound();
  return citizen;
}
/** `Wadas`, of a village's code. */
export async function villageName(region: string): Promise<string> {
  const nameOf = await regionNames();
  return nameOf(region)?.split(', ')[0] ?? region;
}
/** Lines of a list by name, in the order of the proposals. */
export async function listedPersons(desk: Desk, proposals: readonly ProposalOnPaper[]): Promise<ListedPerson[]> {
  assertFits(proposals.length);
  const persons: ListedPerson[] = [];
  for (const proposal of proposals) {
    const { nama, nik, rt, rw } = await citizenOf(desk, proposal);
    persons.push({
      number: proposal.number,
      name: nama,
      nikMasked: maskNumber(nik),
      rt: rt ?? '-',
      rw: rw ?? '-',
      village: await villageName(proposal.region),
      program: fit(proposed, proposal.variables['usulan']).program,
    });
  }
  return persons;
}
