/** The life of one help in the ledger. */

export const participationStates = ['RESERVED', 'PAID', 'RETURNED', 'CANCELLED'] as const;
export type ParticipationState = (typeof participationStates)[number];

/** Kept for the recipient or in his hands: nobody may have the same a second time. */
export const isHeld = (state: ParticipationState): boolean => state === 'RESERVED' || state === 'PAID';

const next: Readonly<Record<ParticipationState, readonly ParticipationState[]>> = {
  RESERVED: ['PAID', 'RETURNED', 'CANCELLED'],
  // Money that was paid comes back; it does not become unpaid.
  PAID: ['RETURNED'],
  RETURNED: [],
  CANCELLED: [],
};
export const mayBecome = (from: ParticipationState, to: ParticipationState): boolean => next[from].includes(to);
