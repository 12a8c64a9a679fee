/** The engine's time within a workflow: Temporal's, and on test stacks so far ahead of it as an administrator has moved it. */
export class WorkflowClock {
  offsetMs: number;

  constructor(offsetMs = 0) {
    this.offsetMs = offsetMs;
  }
  nowMs(): number {
    return Date.now() + this.offsetMs;
  }
  /** As a field of an argument: absent unless the time was moved. */
  get moved(): { readonly clockOffsetMs?: number } {
    return this.offsetMs === 0 ? {} : { clockOffsetMs: this.offsetMs };
  }
}
