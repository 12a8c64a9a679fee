/** Policies of the programme by the day they come into force: a case is judged by the one in force when it began, until it hears of another. */

export interface DatedPolicy {
  /** First day, YYYY-MM-DD. */
  readonly berlakuSejak: string;
}

/** The latest of `policies` that is in force on `day` (YYYY-MM-DD), null: none is yet. Their order does not matter. */
export function policyInForce<T extends DatedPolicy>(policies: readonly T[], day: string): T | null {
  const begun = policies.filter(({ berlakuSejak }) => berlakuSejak <= day);
  return begun.reduce<T | null>(
    (latest, one) => (latest === null || one.berlakuSejak > latest.berlakuSejak ? one : latest),
    null,
  );
}
