/** How patient a case is with a stack whose parts work at their own pace. All in ms. */
export const durableLimits = {
  /** Nothing may have happened for so long before an instance is taken to be at rest. */
  stableMs: 200,
  /** Between two looks. */
  pollMs: 40,
  /** An expectation that is not met is looked at again for so long: what crosses from one workflow to another takes its time. */
  patienceMs: 4_000,
  /** A stack that has not come to rest by then is told of as the case's failure. */
  settleMs: 120_000,
  /** One call is tried again for so long while the server is away. */
  callMs: 60_000,
  /** A stack that does not serve by then is given up. */
  startMs: 300_000,
} as const;
