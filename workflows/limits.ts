/** Bounds of the shell, by name. */
export const limits = {
  /** Command keys an instance remembers, with their answers, over all its runs. */
  ledgerKeys: 500,
  /** One Temporal timer rings at most this far ahead and is then set again; the server's own bound is about 290 years. */
  alarmMs: 10 * 365 * 24 * 3_600_000,
  /** An instance does not close, nor continue as new, when its alarm rings sooner than this. */
  alarmGuardMs: 1_000,
  /** Wait before something is tried again that should never have failed. */
  repeatMs: 2_000,
  /** A batch operation on hold is looked at again after so long, in case nobody told it to go on. */
  batchLookMs: 3_600_000,
  /** What limits.visitsPerRest of the engine was for runs that have begun before each of these gates. */
  visitsBefore: { visits1000: 20_000, visits500: 1_000 },
  /** Between the parts of a step that is too long for one workflow task. */
  pauseMs: 1,
  /** Facts of one recording, and their JSON bytes unless a single one has more. */
  factsPerBatch: 1_000,
  factBytesPerBatch: 1024 * 1024,
  /** Facts of a run that can be asked for, and JSON bytes of one answer: a larger payload would be stored in PostgreSQL. */
  factsKept: 20_000,
  factBytesPerAnswer: 40 * 1024,
  /** Longest wait of a moved clock for an instance to come to rest. */
  settleMs: 10_000,
  /**
   * Activities and calls of one instance under way at once. Temporal takes 2,000, but fails a workflow task for which 100 events wait, and
   * each Activity that ends meanwhile brings two.
   */
  inFlight: 40,
  /** Called instances of one instance that are active at once; Temporal's own bound is 2,000. */
  calledAtOnce: 500,
  /** Messages and subscriptions told to their entities by one local activity. */
  messagesPerExchange: 100,
  /** Messages one (name, correlation key) holds, and ids it remembers. */
  bufferedMessages: 10_000,
  /** JSON bytes of their variables: all of them travel in one argument when the workflow continues as new. */
  bufferedBytes: 16 * 1024 * 1024,
  rememberedMessages: 20_000,
  openSubscriptions: 20_000,
  /** A message's key is remembered at least so long, so that a repeated delivery to this workflow is recognised. */
  messageKeyMs: 60_000,
} as const;
