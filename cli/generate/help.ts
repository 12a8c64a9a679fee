/** What the ledger of help must hold about a case when it has ended: the oracle's word, in rupiah. */
import type { TruthCase } from './generate.ts';
import type { Outlook } from './oracle.ts';
import type { Program, Story } from './story.ts';

/** Rupiah of one payment, as the policies of definitions/dtks have it. */
export const amounts: Readonly<Record<Program, number>> = {
  PKH: 750_000,
  SEMBAKO: 600_000,
  PBI_JK: 0,
  BANPROV: 500_000,
  BLT_DD: 300_000,
  BANKAB: 300_000,
  REGISTER_SAJA: 0,
};

export interface Help {
  readonly state: 'PAID' | 'RETURNED';
  /** Whole rupiah, in the hands of the recipient or back with who gave it. */
  readonly amount: number;
}

/** null: no money was ever set aside for it. */
export function helpFor({ story, paymentOrders, refunds }: Outlook & { readonly story: Story }): Help | null {
  if (paymentOrders === 0) return null;
  return { state: refunds > 0 ? 'RETURNED' : 'PAID', amount: amounts[story.program] };
}

/**
 * Help by month, from 0: what the proposal brings, and the same again in every month after it that was paid, up to the last one that is played;
 * what came back goes on no more, nor what the village's update stops.
 */
export function helpByMonth(truth: TruthCase, months: number): ReadonlyMap<number, Help> {
  const found = new Map<number, Help>();
  let help = helpFor(truth);
  for (let month = truth.month; month < months && help !== null; month += 1) {
    found.set(month, help);
    const state = truth.story.later === 'TERBAYAR' ? 'PAID' : 'RETURNED';
    help = help.state === 'PAID' && !isStopped(truth.story) ? { ...help, state } : null;
  }
  return found;
}

/** A birth changes the family, not its help. */
const isStopped = ({ change }: Story): boolean => change !== null && change !== 'LAHIR';
