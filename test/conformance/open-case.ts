/** Execution cases in the format of the conformance pack: what they contain, how one is run against an engine. */
import type { Json, JsonObject, Variables } from '#engine/json.ts';

export interface CaseJob {
  readonly key: string;
  readonly type: string;
  readonly elementId: string;
  readonly processId: string;
  readonly variables: Variables;
  readonly headers: Readonly<Record<string, string>>;
  readonly retries: number;
}
export interface CaseTask {
  readonly key: string;
  readonly elementId: string;
  readonly variables: Variables;
}
export interface CaseInstance {
  readonly key: string;
  readonly processId: string;
  readonly state: 'active' | 'completed' | 'terminated';
  readonly completed: readonly string[];
  readonly terminated: readonly string[];
  readonly active: readonly string[];
  readonly variables: Variables;
  readonly incidents: readonly { readonly key: string; readonly elementId: string; readonly errorType: string }[];
}
export interface CaseMessage {
  readonly name: string;
  readonly correlationKey: string;
  /** ISO 8601 duration. */
  readonly ttl: string;
  readonly messageId: string | null;
  readonly variables: Variables;
}
/** An engine under test: the pack's adapter. */
export interface CaseEngine {
  deploy(files: readonly { readonly name: string; readonly content: string }[]): Promise<void>;
  createInstance(processId: string, variables: Variables): Promise<void>;
  idle(): Promise<void>;
  jobs(): Promise<readonly CaseJob[]>;
  userTasks(): Promise<readonly CaseTask[]>;
  completeJob(key: string, variables: Variables): Promise<void>;
  failJob(key: string, retries: number, message: string): Promise<void>;
  throwError(key: string, code: string, variables: Variables): Promise<void>;
  completeTask(key: string, variables: Variables): Promise<void>;
  publishMessage(message: CaseMessage): Promise<void>;
  advanceTime(duration: string): Promise<void>;
  setVariables(elementId: string | null, variables: Variables, local: boolean): Promise<void>;
  resolveIncident(key: string, retries: number | null): Promise<void>;
  cancelInstance(key: string): Promise<void>;
  instances(): Promise<readonly CaseInstance[]>;
}

interface Expected {
  readonly processId?: string;
  readonly endState?: 'completed' | 'terminated' | 'active' | 'incident';
  readonly completedElementIds?: readonly string[];
  readonly terminatedElementIds?: readonly string[];
  readonly activeElementIds?: readonly string[];
  readonly ignoreElementIds?: readonly string[];
  readonly strictOrder?: boolean;
  readonly happensBefore?: readonly (readonly [string, string])[];
  readonly variables?: Variables;
  readonly absentVariables?: readonly string[];
  readonly incidents?: readonly { readonly elementId: string; readonly errorType: string }[];
}
interface WorkStep {
  readonly jobType?: string;
  readonly elementId?: string;
  readonly processId?: string;
  readonly where?: Variables;
  readonly variables?: Variables;
  readonly retries?: number;
  readonly errorMessage?: string;
  readonly errorCode?: string;
  readonly expectVariables?: Variables;
  readonly expectAbsentVariables?: readonly string[];
  readonly expectHeaders?: JsonObject;
  readonly expectRetries?: number;
}
type Step =
  | ({ readonly type: 'completeJob' | 'failJob' | 'throwError' | 'completeTask' } & WorkStep)
  | {
      readonly type: 'publishMessage';
      readonly name: string;
      readonly correlationKey?: string;
      readonly ttl?: string;
      readonly messageId?: string;
      readonly variables?: Variables;
      readonly expectRejected?: boolean;
    }
  | { readonly type: 'broadcastSignal'; readonly name: string }
  | { readonly type: 'advanceTime'; readonly duration: string }
  | {
      readonly type: 'setVariables';
      readonly elementId?: string;
      readonly variables: Variables;
      readonly local?: boolean;
    }
  | { readonly type: 'resolveIncident'; readonly elementId?: string; readonly retries?: number }
  | { readonly type: 'cancelInstance'; readonly processId?: string }
  | { readonly type: 'createInstance'; readonly processId: string; readonly variables?: Variables }
  | { readonly type: 'deploy'; readonly models: readonly string[] }
  | ({
      readonly type: 'expect';
      readonly jobs?: Readonly<Record<string, number>>;
      readonly userTasks?: readonly string[];
      readonly instances?: Readonly<Record<string, number>>;
    } & Expected);

export interface OpenCase {
  readonly id: string;
  readonly model: string | string[];
  readonly processId: string | null;
  readonly variables?: Variables;
  readonly steps: readonly Step[];
  readonly expect: Expected & { readonly deployment?: 'rejected'; readonly otherInstances?: readonly Expected[] };
}

/** Order of names does not matter, order of lists does. */
export function same(actual: Json | undefined, expected: Json | undefined): boolean {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return (
      actual.length === expected.length && actual.every((item, index) => same(item as Json, expected[index] as Json))
    );
  }
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
    return actual === expected;
  }
  const [a, b] = [actual as JsonObject, expected as JsonObject];
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]));
}
const holds = (actual: Variables, subset: Variables = {}): boolean =>
  Object.keys(subset).every((name) => same(actual[name], subset[name]));
const sorted = (ids: readonly string[]): string => [...ids].toSorted().join(' ');

/** What was wrong, empty when the case passed. `read` gives a file of the pack. */
export async function runCase(open: OpenCase, engine: CaseEngine, read: (path: string) => string): Promise<string[]> {
  const files = [open.model].flat().map((name) => ({ name, content: read(name) }));
  if (open.expect.deployment === 'rejected') {
    const rejected = await engine.deploy(files).then(
      () => false,
      () => true,
    );
    return rejected ? [] : ['the deployment was accepted'];
  }
  await engine.deploy(files);
  if (open.processId !== null) await engine.createInstance(open.processId, open.variables ?? {});
  for (const [index, step] of open.steps.entries()) {
    await engine.idle();
    const errors = await runStep(step, engine, read);
    if (errors.length > 0) return errors.map((error) => `step ${index + 1} (${step.type}): ${error}`);
  }
  await engine.idle();
  const [first, ...others] = await engine.instances();
  if (!first) return ['no instance was created'];
  const errors = compare(first, open.expect);
  const expectedOthers = open.expect.otherInstances ?? [];
  if (others.length !== expectedOthers.length) errors.push(`${others.length} other instances`);
  for (const [index, other] of others.entries()) errors.push(...compare(other, expectedOthers[index] ?? {}));
  return errors;
}

async function runStep(step: Step, engine: CaseEngine, read: (path: string) => string): Promise<string[]> {
  switch (step.type) {
    case 'completeJob':
    case 'failJob':
    case 'throwError':
      return jobStep(step, engine);
    case 'completeTask':
      return taskStep(step, engine);
    case 'publishMessage':
      return messageStep(step, engine);
    case 'broadcastSignal':
      return ['signals are not supported'];
    case 'advanceTime':
      await engine.advanceTime(step.duration);
      return [];
    case 'setVariables':
      await engine.setVariables(step.elementId ?? null, step.variables, step.local ?? false);
      return [];
    case 'resolveIncident':
      return resolveStep(step, engine);
    case 'cancelInstance':
      return cancelStep(step, engine);
    case 'createInstance':
      await engine.createInstance(step.processId, step.variables ?? {});
      return [];
    case 'deploy':
      await engine.deploy(step.models.map((name) => ({ name, content: read(name) })));
      return [];
    case 'expect':
      return look(step, engine);
  }
}

async function cancelStep(
  { processId: wanted }: Extract<Step, { type: 'cancelInstance' }>,
  engine: CaseEngine,
): Promise<string[]> {
  const instance = (await engine.instances()).find(({ processId }) => processId === (wanted ?? processId));
  if (instance) await engine.cancelInstance(instance.key);
  return instance ? [] : ['no instance'];
}

async function resolveStep(
  { elementId: wanted, retries }: Extract<Step, { type: 'resolveIncident' }>,
  engine: CaseEngine,
): Promise<string[]> {
  const incidents = (await engine.instances()).flatMap((instance) => instance.incidents);
  const incident = incidents.find(({ elementId }) => elementId === (wanted ?? elementId));
  if (!incident) return ['no incident'];
  await engine.resolveIncident(incident.key, retries ?? null);
  return [];
}

async function taskStep(step: WorkStep, engine: CaseEngine): Promise<string[]> {
  const tasks = await engine.userTasks();
  const task = tasks.find(({ elementId, variables }) => elementId === step.elementId && holds(variables, step.where));
  if (!task) return [`no user task ${step.elementId ?? ''}`];
  if (!holds(task.variables, step.expectVariables)) return [`variables ${JSON.stringify(task.variables)}`];
  await engine.completeTask(task.key, step.variables ?? {});
  return [];
}

async function messageStep(step: Extract<Step, { type: 'publishMessage' }>, engine: CaseEngine): Promise<string[]> {
  const { name, correlationKey = '', ttl = 'PT1H', messageId = null, variables = {} } = step;
  const rejected = await engine.publishMessage({ name, correlationKey, ttl, messageId, variables }).then(
    () => false,
    () => true,
  );
  return rejected === (step.expectRejected ?? false) ? [] : [`rejected: ${rejected}`];
}

async function jobStep(step: WorkStep & { readonly type: string }, engine: CaseEngine): Promise<string[]> {
  const open = await engine.jobs();
  const job = open.find(
    ({ type, elementId, processId, variables }) =>
      type === step.jobType &&
      (step.elementId === undefined || elementId === step.elementId) &&
      (step.processId === undefined || processId === step.processId) &&
      holds(variables, step.where),
  );
  if (!job) return [`no job ${step.jobType ?? ''} among ${open.map(({ type }) => type).join(' ')}`];
  const errors: string[] = [];
  if (!holds(job.variables, step.expectVariables)) errors.push(`variables ${JSON.stringify(job.variables)}`);
  for (const name of step.expectAbsentVariables ?? [])
    if (name in job.variables) errors.push(`variable ${name} is visible`);
  if (!holds(job.headers, step.expectHeaders)) errors.push(`headers ${JSON.stringify(job.headers)}`);
  if (step.expectRetries !== undefined && job.retries !== step.expectRetries) errors.push(`retries ${job.retries}`);
  if (errors.length > 0) return errors;
  if (step.type === 'completeJob') await engine.completeJob(job.key, step.variables ?? {});
  else if (step.type === 'failJob') await engine.failJob(job.key, step.retries ?? 0, step.errorMessage ?? '');
  else await engine.throwError(job.key, step.errorCode ?? '', step.variables ?? {});
  return [];
}

async function look(step: Extract<Step, { type: 'expect' }>, engine: CaseEngine): Promise<string[]> {
  const errors: string[] = [];
  const instances = await engine.instances();
  const instance = instances.find(({ processId }) => step.processId === undefined || processId === step.processId);
  if (step.jobs) {
    const counts: Record<string, number> = {};
    for (const { type } of await engine.jobs()) counts[type] = (counts[type] ?? 0) + 1;
    if (!same(counts, step.jobs)) errors.push(`jobs ${JSON.stringify(counts)}`);
  }
  if (step.userTasks) {
    const ids = sorted((await engine.userTasks()).map(({ elementId }) => elementId));
    if (ids !== sorted(step.userTasks)) errors.push(`user tasks ${ids}`);
  }
  for (const [processId, count] of Object.entries(step.instances ?? {})) {
    const found = instances.filter((candidate) => candidate.processId === processId).length;
    if (found !== count) errors.push(`${found} instances of ${processId}`);
  }
  if (instance) errors.push(...compare(instance, step));
  return errors;
}

function compare(actual: CaseInstance, expected: Expected): string[] {
  const ignored = new Set(expected.ignoreElementIds ?? []);
  const counted = (ids: readonly string[]): string[] => ids.filter((id) => !ignored.has(id));
  const errors: string[] = [];
  const check = (what: string, is: readonly string[], should: readonly string[] | undefined): void => {
    if (should && sorted(counted(is)) !== sorted(counted(should))) errors.push(`${what}: ${is.join(' ')}`);
  };
  if (expected.processId !== undefined && actual.processId !== expected.processId) errors.push(actual.processId);
  const state = actual.state === 'active' && actual.incidents.length > 0 ? 'incident' : actual.state;
  if (expected.endState !== undefined && state !== expected.endState) errors.push(`state ${state}`);
  check('completed', actual.completed, expected.completedElementIds);
  check('terminated', actual.terminated, expected.terminatedElementIds);
  check('active', actual.active, expected.activeElementIds);
  const incidents = actual.incidents.map(({ elementId, errorType }) => `${elementId}:${errorType}`);
  const wanted = expected.incidents?.map(({ elementId, errorType }) => `${elementId}:${errorType}`);
  check('incidents', incidents, wanted);
  if (!holds(actual.variables, expected.variables)) errors.push(`variables ${JSON.stringify(actual.variables)}`);
  for (const name of expected.absentVariables ?? []) if (name in actual.variables) errors.push(`variable ${name}`);
  return [...errors, ...compareOrder(counted(actual.completed), counted(expected.completedElementIds ?? []), expected)];
}

function compareOrder(actual: readonly string[], wanted: readonly string[], expected: Expected): string[] {
  const errors: string[] = [];
  if (expected.strictOrder === true && actual.join(' ') !== wanted.join(' ')) errors.push(`order ${actual.join(' ')}`);
  for (const [before, after] of expected.happensBefore ?? []) {
    const [a, b] = [actual.indexOf(before), actual.indexOf(after)];
    if (a < 0 || b < 0 || a > b) errors.push(`${before} is not before ${after}`);
  }
  return errors;
}
