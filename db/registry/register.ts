/** The register as jobs use it: by the vault record of a case, each operation one transaction. */
import type { Pool, PoolClient } from 'pg';
import { transaction } from '../pool.ts';
import type { Vault } from '../vault.ts';
import { enterHelp, holdRecipient, overlapsOf, participationOfChange, settleHelp } from './participations.ts';
import type { Change, Entered, Help, NewHelp, Overlap, Recipient, Settled } from './participations.ts';
import { personOfSubject, registerPerson } from './people.ts';
import type { Registered } from './people.ts';

/** What the matrix says of a programme beside what its recipient holds. */
export type OverlapMatrix<Forbidden> = (programme: string, held: readonly Overlap[]) => readonly Forbidden[];
/** The record is of nobody in the register. */
export interface NotRegistered {
  readonly outcome: 'notRegistered';
}
export interface Overlapping<Forbidden> {
  readonly outcome: 'overlapping';
  /** At least one. */
  readonly forbidden: readonly Forbidden[];
}

export interface Register {
  /** Puts the record of a case into the register, as of today; null: there is no such record. */
  readonly register: (subjectKey: string, today: string) => Promise<Registered | null>;
  /** What the person and the family hold in the help's months; null: not registered. */
  readonly overlaps: (subjectKey: string, help: Help) => Promise<readonly Overlap[] | null>;
  /** Keeps help for the person, unless the matrix forbids it: nobody can come between the look and the entry. */
  readonly reserve: <F>(
    subjectKey: string,
    help: NewHelp,
    change: Change,
    matrix: OverlapMatrix<F>,
  ) => Promise<Entered | Overlapping<F> | NotRegistered>;
  /** The same look once more when it is paid. */
  readonly pay: <F>(
    subjectKey: string,
    help: Help & { readonly amount: number | null },
    change: Change,
    matrix: OverlapMatrix<F>,
  ) => Promise<Settled | Overlapping<F> | NotRegistered>;
  /** It comes back, or is given up. */
  readonly release: (
    help: Help & { readonly amount: number | null },
    state: 'RETURNED' | 'CANCELLED',
    change: Change,
  ) => Promise<Settled>;
}

export function createRegister(pool: Pool, vault: Vault): Register {
  /** Does what the matrix allows, with the recipient held. What is done already is not judged again. */
  const allowed = <T, F>(
    subjectKey: string,
    { help, change, matrix }: { readonly help: Help; readonly change: Change; readonly matrix: OverlapMatrix<F> },
    work: (db: PoolClient, recipient: Recipient) => Promise<T>,
  ): Promise<T | Overlapping<F> | NotRegistered> =>
    transaction(pool, async (db) => {
      const personKey = await personOfSubject(db, subjectKey);
      if (personKey === null) return { outcome: 'notRegistered' };
      const recipient = await holdRecipient(db, personKey);
      if ((await participationOfChange(db, change.key)) !== null) return work(db, recipient);
      const forbidden = matrix(help.programme, await overlapsOf(db, recipient, help));
      return forbidden.length > 0 ? { outcome: 'overlapping', forbidden } : work(db, recipient);
    });
  return {
    register: (subjectKey, today) =>
      transaction(pool, (db) => registerPerson(db, vault, { subjectKey, on: today, isNewest: true })),
    overlaps: (subjectKey, help) =>
      transaction(pool, async (db) => {
        const personKey = await personOfSubject(db, subjectKey);
        return personKey === null ? null : overlapsOf(db, await holdRecipient(db, personKey), help);
      }),
    reserve: (subjectKey, help, change, matrix) =>
      allowed(subjectKey, { help, change, matrix }, (db, recipient) => enterHelp(db, recipient, help, change)),
    pay: (subjectKey, help, change, matrix) =>
      allowed(subjectKey, { help, change, matrix }, (db) =>
        settleHelp(db, help, { state: 'PAID', amount: help.amount }, change),
      ),
    release: (help, state, change) =>
      transaction(pool, (db) => settleHelp(db, help, { state, amount: help.amount }, change)),
  };
}
