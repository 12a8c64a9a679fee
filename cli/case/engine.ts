/** An engine that test cases are run against: the adapter of the conformance pack, with virtual time. */
import type { Fact } from '#engine/fact.ts';
import type { Json, Variables } from '#engine/json.ts';

/** The clock when a case begins: 2026-01-01T00:00:00Z. */
export const caseStartMs = Date.UTC(2026, 0, 1);

export interface CaseFile {
  /** File name without folders; its ending tells the kind: `.bpmn`, `.dmn`, `.form`. */
  readonly name: string;
  /** UTF-8 text. */
  readonly content: string;
}
export interface CaseJob {
  readonly key: string;
  readonly type: string;
  readonly elementId: string;
  readonly processId: string;
  /** All that the job sees. */
  readonly variables: Variables;
  readonly headers: Readonly<Record<string, Json>>;
  readonly retries: number;
}
export interface CaseTask {
  readonly key: string;
  readonly elementId: string;
  /** All that the task sees. */
  readonly variables: Variables;
}
export interface CaseIncident {
  readonly key: string;
  readonly elementId: string;
  readonly errorType: string;
}
export interface CaseInstance {
  readonly key: string;
  readonly processId: string;
  readonly state: 'active' | 'completed' | 'terminated';
  /** Flow nodes, one entry per completion, in order. */
  readonly completed: readonly string[];
  readonly terminated: readonly string[];
  /** Flow nodes with an active element instance, containers included. */
  readonly active: readonly string[];
  /** Variables of the process scope. */
  readonly variables: Variables;
  /** Open ones. */
  readonly incidents: readonly CaseIncident[];
}
export interface CaseMessage {
  readonly name: string;
  /** Empty: none. */
  readonly correlationKey: string;
  /** ISO 8601 duration. */
  readonly ttl: string;
  readonly messageId: string | null;
  readonly variables: Variables;
}

export interface CaseHistory {
  readonly processId: string;
  readonly facts: readonly Fact[];
}

/** Every method that changes something throws an Error with the engine's reason when it is refused. Lists are oldest first. */
export interface CaseEngine {
  /** An expectation that is not met is looked at again for so long; 0: what is not there now will not come. In ms. */
  readonly patienceMs: number;
  /** What was deployed, in order. */
  readonly deployments: readonly (readonly CaseFile[])[];
  /** All files in one go. */
  deploy(files: readonly CaseFile[]): Promise<void>;
  /** Of the latest version. */
  createInstance(processId: string, variables: Variables): Promise<void>;
  /** Until nothing moves by itself. */
  idle(): Promise<void>;
  /** Open ones with attempts left; no user tasks. */
  jobs(): Promise<readonly CaseJob[]>;
  /** Open ones. */
  userTasks(): Promise<readonly CaseTask[]>;
  completeJob(key: string, variables: Variables): Promise<void>;
  failJob(key: string, retries: number, message: string): Promise<void>;
  throwError(key: string, code: string, variables: Variables): Promise<void>;
  completeTask(key: string, variables: Variables): Promise<void>;
  publishMessage(message: CaseMessage): Promise<void>;
  broadcastSignal(name: string, variables: Variables): Promise<void>;
  /** Moves the engine's clock on and fires what is due. */
  advanceTime(duration: string): Promise<void>;
  /** In the scope of the active element, null: of the first instance. */
  setVariables(elementId: string | null, variables: Variables, local: boolean): Promise<void>;
  /** `retries`: new attempts for the incident of a job; null: 1. */
  resolveIncident(key: string, retries: number | null): Promise<void>;
  cancelInstance(key: string): Promise<void>;
  instances(): Promise<readonly CaseInstance[]>;
  /** Facts of every instance, in order; for coverage. */
  histories(): Promise<readonly CaseHistory[]>;
  /** Leaves nothing behind that could disturb the next case. */
  close(): Promise<void>;
}
