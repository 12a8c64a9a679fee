/** The steps of a test case, done on an engine that has come to rest. Each returns what was wrong, empty: as it should be. */
import { text } from '../texts.ts';
import { compareIds, compareInstance, compareVariables, holds, presentVariables, same } from './compare.ts';
import type { CaseEngine, CaseFile, CaseJob } from './engine.ts';
import type { CaseStep, StepOf } from './format.ts';

/** What a step works with. */
export interface Stage {
  readonly engine: CaseEngine;
  /** A model by its path as the case writes it. */
  readonly readModel: (path: string) => CaseFile;
}
type Steps = { readonly [T in CaseStep['type']]: (step: StepOf<T>, stage: Stage) => Promise<string[]> };
type JobStep = StepOf<'completeJob' | 'failJob' | 'throwError'>;

/** Of a message whose step does not say; the pack's README. */
const defaultTimeToLive = 'PT1H';

async function jobStep(step: JobStep, engine: CaseEngine, answer: (job: CaseJob) => Promise<void>): Promise<string[]> {
  const { jobType, elementId, processId, where } = step;
  const open = (await engine.jobs()).filter(({ type }) => type === jobType);
  const job = open.find(
    (candidate) =>
      candidate.elementId === (elementId ?? candidate.elementId) &&
      candidate.processId === (processId ?? candidate.processId) &&
      holds(candidate.variables, where),
  );
  if (!job) return [text('caseNoJob', { jobType, count: open.length })];
  const problems = [
    ...compareVariables(job.variables, step.expectVariables),
    ...presentVariables(job.variables, step.expectAbsentVariables),
    ...compareVariables(job.headers, step.expectHeaders),
    ...compareVariables(
      { retries: job.retries },
      step.expectRetries === undefined ? {} : { retries: step.expectRetries },
    ),
  ];
  if (problems.length === 0) await answer(job);
  return problems;
}

async function look(step: StepOf<'expect'>, { engine }: Stage): Promise<string[]> {
  const problems: (string | null)[] = [];
  const instances = await engine.instances();
  if (step.jobs) {
    const counts: Record<string, number> = {};
    for (const { type } of await engine.jobs()) counts[type] = (counts[type] ?? 0) + 1;
    const wanted = Object.fromEntries(Object.entries(step.jobs).filter(([, count]) => count > 0));
    if (!same(counts, wanted)) {
      const [is, should] = [JSON.stringify(counts), JSON.stringify(wanted)];
      problems.push(text('caseDiffers', { what: 'jobs', is, wanted: should }));
    }
  }
  if (step.userTasks) {
    const open = (await engine.userTasks()).map(({ elementId }) => elementId);
    problems.push(compareIds('userTasks', open, step.userTasks));
  }
  for (const [processId, wanted] of Object.entries(step.instances ?? {})) {
    const is = instances.filter((candidate) => candidate.processId === processId).length;
    if (is !== wanted) problems.push(text('caseDiffers', { what: `instances ${processId}`, is, wanted }));
  }
  const instance = instances.find(({ processId }) => processId === (step.processId ?? processId));
  if (instance) problems.push(...compareInstance(instance, step, new Set(step.ignoreElementIds)));
  else if (expectsInstance(step)) problems.push(text('caseNoInstance'));
  return problems.filter((problem) => problem !== null);
}

/** Whether the expectation says anything that needs an instance. */
export const expectsInstance = (expected: object): boolean =>
  'endState' in expected ||
  Object.entries(expected).some(([name, value]) => /ElementIds$|^variables$/.test(name) && !isEmpty(value));
const isEmpty = (value: unknown): boolean => Object.keys(Object(value)).length === 0;

const done = async (promise: Promise<void>): Promise<string[]> => {
  await promise;
  return [];
};

const steps: Steps = {
  completeJob: (step, { engine }) => jobStep(step, engine, ({ key }) => engine.completeJob(key, step.variables ?? {})),
  failJob: (step, { engine }) =>
    jobStep(step, engine, ({ key }) => engine.failJob(key, step.retries, step.errorMessage ?? '')),
  throwError: (step, { engine }) =>
    jobStep(step, engine, ({ key }) => engine.throwError(key, step.errorCode, step.variables ?? {})),
  completeTask: async ({ elementId, where, expectVariables, variables = {} }, { engine }) => {
    const open = await engine.userTasks();
    const task = open.find((candidate) => candidate.elementId === elementId && holds(candidate.variables, where));
    if (!task) return [text('caseNoTask', { elementId, open: open.map((other) => other.elementId).join(' ') || '-' })];
    const problems = compareVariables(task.variables, expectVariables);
    if (problems.length === 0) await engine.completeTask(task.key, variables);
    return problems;
  },
  publishMessage: async (step, { engine }) => {
    const { name, correlationKey = '', ttl = defaultTimeToLive, messageId = null, variables = {} } = step;
    const refusal = await engine.publishMessage({ name, correlationKey, ttl, messageId, variables }).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (step.expectRejected === true) return refusal === null ? [text('caseAccepted')] : [];
    return refusal === null ? [] : [refusal];
  },
  broadcastSignal: ({ name, variables = {} }, { engine }) => done(engine.broadcastSignal(name, variables)),
  advanceTime: ({ duration }, { engine }) => done(engine.advanceTime(duration)),
  setVariables: ({ elementId = null, variables, local = false }, { engine }) =>
    done(engine.setVariables(elementId, variables, local)),
  resolveIncident: async ({ elementId: wanted, retries = null }, { engine }) => {
    const incidents = (await engine.instances()).flatMap((instance) => instance.incidents);
    const incident = incidents.find(({ elementId }) => elementId === (wanted ?? elementId));
    return incident ? done(engine.resolveIncident(incident.key, retries)) : [text('caseNoIncident')];
  },
  cancelInstance: async ({ processId: wanted }, { engine }) => {
    const instance = (await engine.instances()).find(({ processId }) => processId === (wanted ?? processId));
    return instance ? done(engine.cancelInstance(instance.key)) : [text('caseNoInstance')];
  },
  createInstance: ({ processId, variables = {} }, { engine }) => done(engine.createInstance(processId, variables)),
  deploy: ({ models }, { engine, readModel }) => done(engine.deploy(models.map(readModel))),
  expect: look,
};

export const runStep = <T extends CaseStep['type']>(step: StepOf<T>, stage: Stage): Promise<string[]> =>
  steps[step.type](step, stage);
