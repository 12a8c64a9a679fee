/** Writes proposals down: person to the vault, number allotted, start variables kept. Starting the case comes after (starter.ts). */
import type { PoolClient } from 'pg';
import type { ProposalRequest } from '#contract/proposal.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { findProposalBySource, holdFor, insertProposal, nextProposalNumber } from '#db/queries/proposals.ts';
import type { ProposalRow } from '#db/queries/proposals.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import { Refusal } from '../refusal.ts';
import { numberPrefix, startVariables } from './proposal-process.ts';
import type { Rules } from './proposal-process.ts';

const digits = (text: string): string => text.replaceAll(/[ .-]/g, '');
const citizenOf = (proposal: ProposalRequest): Citizen => ({
  nik: digits(proposal.nik),
  noKk: digits(proposal.noKk),
  nama: proposal.nama,
  tempatLahir: proposal.tempatLahir,
  tanggalLahir: proposal.tanggalLahir,
  jenisKelamin: proposal.jenisKelamin,
  ibuKandung: proposal.ibuKandung,
  hp: proposal.hp,
  alamat: proposal.alamat,
  rt: proposal.rt,
  rw: proposal.rw,
  penanda: proposal.penanda,
  lat: proposal.lat,
  lon: proposal.lon,
  kodeDesa: proposal.kodeDesa,
});

export interface Intake {
  readonly vault: Vault;
  readonly actor: string;
  readonly importKey: string | null;
  /** Month that the proposal counts for, `2026-11`. */
  readonly period: string;
  readonly rules: Rules;
}
export type TakenIn =
  | { readonly state: 'new'; readonly number: string; readonly instanceKey: string; readonly subjectKey: string }
  | { readonly state: 'known'; readonly proposal: ProposalRow };

/** In the caller's transaction; he has checked region and village. @throws Refusal when the source id is used outside his region. */
export async function takeIn(
  db: PoolClient,
  proposal: ProposalRequest,
  { vault, actor, importKey, period, rules }: Intake,
): Promise<TakenIn> {
  await holdFor(db, `source ${proposal.sourceId}`);
  const known = await findProposalBySource(db, proposal.sourceId);
  if (known !== null) return { state: 'known', proposal: known };
  const prefix = numberPrefix(proposal.kodeDesa, period);
  await holdFor(db, prefix);
  const subjectKey = await vault.create(db, citizenOf(proposal));
  const number = await nextProposalNumber(db, prefix);
  const instanceKey = await nextKey(db);
  const variables = startVariables(proposal, { number, period, subjectKey, rules });
  const { sourceId, kodeDesa: region } = proposal;
  const isInserted = await insertProposal(db, {
    number,
    sourceId,
    subjectKey,
    instanceKey,
    region,
    createdBy: actor,
    variables,
    importKey,
  });
  // Thrown, so that the transaction takes the person back out of the vault.
  if (!isInserted) throw new Refusal('invalidProposal', 'sourceElsewhere');
  return { state: 'new', number, instanceKey, subjectKey };
}
