/** What drawing up a paper needs and gives; each kind has its own function. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { documentLimits } from '#contract/document.ts';
import type { ProposalOnPaper } from '#db/documents.ts';
import type { FileRegister } from '#db/files.ts';
import type { PublicTokens, TokenSubject } from '#db/public-token.ts';
import { processVariable } from '#db/queries/cases.ts';
import { findInstance } from '#db/queries/instances.ts';
import { regionNames } from '#db/regions.ts';
import { maskNumber } from '#db/vault.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import type { Paper } from '#documents/paper.ts';
import type { ListedPerson, StatusCheck } from '#documents/person.ts';
import { CannotIssue } from './cannot-issue.ts';

/** Where the data of papers are. */
export interface Sources {
  readonly vault: Vault;
  readonly fileRegister: FileRegister;
  readonly publicTokens: PublicTokens;
  /** Where everybody reaches the web app, without a slash at the end. */
  readonly publicUrl: string;
}
export interface Desk extends Sources {
  /** Shows what he who asks may see. */
  readonly db: PoolClient;
}
export interface Draft {
  /** Of the office that issues it. */
  readonly region: string;
  /** Whose letterhead it carries; absent: the region's. */
  readonly officeRegion?: string;
  readonly caseKey: string | null;
  readonly period: string | null;
  readonly paper: Paper;
}

/** A page of the web app that says what a code stands for. */
export const verifyUrlOf = ({ publicUrl, publicTokens }: Sources, subject: TokenSubject, expiresAt: Date): string =>
  `${publicUrl}/periksa/${publicTokens.sign(subject, expiresAt)}`;

export const statusCheckOf = ({ publicUrl, publicTokens }: Sources, proposalNumber: string): StatusCheck => ({
  address: `${publicUrl}/status`,
  proposalNumber,
  code: publicTokens.codeOf(proposalNumber),
});

/** @throws CannotIssue unless there is such a case for him who asks */
export async function assertVisible(db: PoolClient, caseKey: string): Promise<void> {
  if ((await findInstance(db, caseKey)) === null) throw new CannotIssue('caseUnknown');
}
/** Process variables of a case in a shape. @throws CannotIssue that names what is missing */
export async function caseData<T extends z.ZodObject>(db: PoolClient, caseKey: string, shape: T): Promise<z.output<T>> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(shape.shape)) values[name] = await processVariable(db, caseKey, name);
  return fit(shape, values);
}
/** @throws CannotIssue that names what is missing */
export function fit<T extends z.ZodType>(shape: T, values: unknown): z.output<T> {
  const parsed = shape.safeParse(values);
  if (parsed.success) return parsed.data;
  const missing = [...new Set(parsed.error.issues.map(({ path }) => path.map(String).join('.')))].join(', ');
  throw new CannotIssue('caseWithoutData', { missing });
}
/** @throws CannotIssue for a list that is too long for one paper */
export function assertFits(count: number): void {
  const limit = documentLimits.lines;
  if (count > limit) throw new CannotIssue('tooManyLines', { count, limit });
}

/** Variable `usulan` of a proposal's case. */
export const proposed = z.object({ program: z.string(), periode: z.string() });

/** The person of a proposal. @throws CannotIssue when he is gone from the vault */
export async function citizenOf({ db, vault }: Desk, { subjectKey }: ProposalOnPaper): Promise<Citizen> {
  const citizen = await vault.read(db, subjectKey);
  if (citizen === null) throw new CannotIssue('caseUnknown');
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
