/** Every bound of the soundness check, by name. Past one: the result says that it is not complete. */
export const limits = {
  /** States looked at in one process, all its scopes together. */
  states: 20_000,
  /** Tokens on one place; more of them show nothing new. */
  tokensPerPlace: 3,
  /** Conditional flows of one split whose combinations are all tried. */
  combinedFlows: 8,
  /** Combinations of values that a split's conditions are tried with. */
  samples: 512,
} as const;
