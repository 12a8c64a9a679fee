/** Every bound of the engine, by name. Past one: an incident for the model's fault, a rejection (413) for the caller's. */
export const limits = {
  /** Element activations and completions in one step; past it LIMIT_EXCEEDED on the element that would run on. */
  movesPerStep: 50_000,
  /** Times one step may reach the same element of the same scope: more is a circle that never waits. */
  visitsPerStep: 1_000,
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
  feelSteps: 100_000,
  feelDepth: 200,
  feelStringLength: 1_000_000,
  feelListLength: 100_000,
  /** Characters of one expression, checked when it is parsed. */
  feelSourceLength: 16_384,
  /** Warnings kept of one evaluation. */
  feelWarnings: 20,
  /** Instances that call one another: levels from the root. */
  callDepth: 50,
  /** What one command may set off in other instances of an in-memory host. */
  effectsPerCommand: 200_000,
  /** Longest text kept of an error or incident message. */
  messageLength: 2_000,
} as const;
