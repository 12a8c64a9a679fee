/** Every bound of the engine, by name. Past one: an incident for the model's fault, a rejection (413) for the caller's. */
export const limits = {
  /** Element activations and completions in one step; past it the step pauses, so that neighbours get their turn. */
  movesPerStep: 5_000,
  /**
   * Times the same element of the same scope may be reached before the instance comes to rest: more is a circle that never waits. All of
   * it is recorded until then, so a circle of ten elements leaves 25,000 facts.
   */
  visitsPerRest: 500,
  /** The same for the rounds of a standard loop, whose model says how long it goes on. */
  roundsPerRest: 20_000,
  /** Fewer visits than this are forgotten when a step pauses: a circle shows in the many. */
  visitsWorthKeeping: 10,
  /** Records of completed activities that could still be undone, in one instance. */
  compensations: 20_000,
  /** Active element instances of one instance. */
  elementsPerInstance: 20_000,
  multiInstanceItems: 10_000,
  /** Sequence numbers of one instance that elements may use; the rest of the 20 bits is left to their incidents. */
  sequencePerInstance: 1_000_000,
  /** Levels of lists and objects within one variable. */
  variableDepth: 200,
  /** JSON bytes of one variable and of all of an instance. */
  variableBytes: 256 * 1024,
  stateBytes: 1024 * 1024,
  /** Nodes visited by one FEEL evaluation. */
  feelSteps: 200_000,
  /** Levels of an expression's syntax tree, and of values it makes. */
  feelDepth: 200,
  /** Levels of nodes under evaluation, calls of functions included. */
  feelEvaluationDepth: 600,
  /** Levels of tries of a pattern with back-references. */
  feelPatternDepth: 1_000,
  feelStringLength: 1_000_000,
  feelListLength: 100_000,
  /** Characters of one expression, checked when it is parsed. */
  feelSourceLength: 16_384,
  /** Sub-expressions that the trace of one evaluation lists. */
  feelTraceSteps: 500,
  /** Warnings kept of one evaluation. */
  feelWarnings: 20,
  /** Instances that call one another: levels from the root. A process that calls itself for ever is an incident within seconds. */
  callDepth: 20,
  /** What one command may set off in other instances of an in-memory host. */
  effectsPerCommand: 200_000,
  /** What comes from outside while an instance is suspended; past it the sender is refused and tries again later. */
  keptCommands: 1_000,
  /** Timers of a recorded case that ring, between two things that came from outside, when it is run again. */
  rerunTimers: 1_000,
  /** Instructions of one modification, and elements that one instance begins at. */
  modifyInstructions: 1_000,
  /** Attempts an operator may give a job. */
  jobRetries: 1_000,
  /** Longest text kept of an error or incident message. */
  messageLength: 2_000,
} as const;
