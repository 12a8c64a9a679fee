/** Starts the workflow of a case again from its facts: state is their fold, and what was under way is begun anew. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { calledBy, modelOf, startLockOf } from '#db/verification/restart.ts';
import { storedFacts } from '#db/stored-facts.ts';
import type { Fact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';
import { sequenceOf } from '#engine/keys.ts';
import { detachSignal, startArguments, taskQueue, workflowIdOf } from '#workflows/messages.ts';
import type { CommandAnswer, InstanceFact, InstanceOutcome, ResumedInstance } from '#workflows/messages.ts';
import { sendCommand } from '../send-command.ts';
import { fold } from './case-check.ts';

/** Keys of commands that are remembered (workflows/limits.ts). */
const ledgerKeys = 500;

/** Facts whose effects lie outside and may be lost with the workflow: each of them recognises a repetition. */
function effectsOf(facts: readonly InstanceFact[], state: InstanceState, called: ReadonlySet<number>): readonly Fact[] {
  const latest = new Map<string, Fact>();
  for (const { fact } of facts) {
    if (fact.type === 'jobCreated' || fact.type === 'jobRetried') latest.set(`job ${fact.job}`, fact);
    else if (fact.type === 'messageSubscriptionOpened') latest.set(`subscription ${fact.subscription}`, fact);
    else if (fact.type === 'childCalled') latest.set(`call ${fact.element}`, fact);
  }
  return [...latest.values()].filter((fact) => {
    if (fact.type === 'jobCreated' || fact.type === 'jobRetried') {
      const job = state.jobs[fact.job];
      return job !== undefined && job.retries > 0 && job.retryAtMs === null;
    }
    if (fact.type === 'messageSubscriptionOpened') return fact.subscription in state.subscriptions;
    return fact.type === 'childCalled' && fact.element in state.children && !called.has(fact.element);
  });
}

function ledgerOf(facts: readonly InstanceFact[]): ResumedInstance['ledger'] {
  const last = new Map<string, CommandAnswer>();
  for (const { commandKey, number } of facts) {
    if (commandKey === null) continue;
    last.delete(commandKey);
    last.set(commandKey, { accepted: true, factNumber: number });
  }
  return [...last].slice(-ledgerKeys).map(([key, answer]) => ({ key, answer }));
}

/** Throws, saying why, when it cannot be. */
export async function restart(pool: Pool, client: Client, instanceKey: string): Promise<void> {
  const facts = await storedFacts(pool, instanceKey, 1);
  const state = fold(facts);
  if (state === null || state.status === 'new') throw new Error('its facts do not come to a case');
  if (state.status !== 'active') {
    await giveWay(client, state);
    return;
  }
  const modelSha256 = await modelOf(pool, state.definitionKey);
  if (modelSha256 === null) throw new Error(`definition ${state.definitionKey} is gone`);
  const called = (await calledBy(pool, instanceKey)).filter(
    ({ elementKey }) => sequenceOf(elementKey) in state.children,
  );
  const children = called.map(({ processId, instanceKey: child, elementKey }) => ({
    element: sequenceOf(elementKey),
    instanceKey: child,
    workflowId: workflowIdOf(processId, child),
  }));
  const resume: ResumedInstance = {
    state,
    ledger: ledgerOf(facts),
    effects: effectsOf(facts, state, new Set(children.map(({ element }) => element))),
    children,
    // A caller awaits the result of a run that is gone.
    detached: state.parent !== null,
  };
  const { processId, definitionKey, version, businessKey, region, parent } = state;
  const start = {
    instanceKey,
    definitionKey,
    version,
    startElement: null,
    variables: {},
    businessKey,
    region,
    parent,
    actor: 'system',
  };
  const startLock = await startLockOf(pool, instanceKey);
  const more = { resume, ...(startLock === null ? {} : { startLock }) };
  const workflowId = workflowIdOf(processId, instanceKey);
  await terminate(client, workflowId);
  await client.workflow.start(processId, {
    workflowId,
    taskQueue,
    args: startArguments(modelSha256, start, more),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  });
  for (const { element, workflowId: child, instanceKey: childKey } of children)
    await tellChild(client, { instanceKey, processId }, { element, workflowId: child, childKey });
}

/** One that runs but knows less, after a restore, gives way. */
async function terminate(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).terminate('the facts of its case are further');
  } catch (error) {
    if (!(error instanceof Error && error.name === 'WorkflowNotFoundError')) throw error;
  }
}
/** By its facts the case has ended: its caller hears how before the workflow goes. */
async function giveWay(
  client: Client,
  { processId, instanceKey, parent, status, elements }: InstanceState,
): Promise<void> {
  if (parent !== null) {
    const outcome =
      status === 'completed'
        ? ({ type: 'completed', variables: elements[0]?.variables ?? {} } as const)
        : ({ type: 'terminated' } as const);
    const { instanceKey: caller, processId: callerId, element } = parent;
    const command = { type: 'endChild', element, outcome } as const;
    await sendCommand(client, { instanceKey: caller, processId: callerId, key: `child/${instanceKey}`, command });
  }
  await terminate(client, workflowIdOf(processId, instanceKey));
}

interface Child {
  readonly element: number;
  readonly workflowId: string;
  readonly childKey: string;
}
/** A child that runs reports its end as a command from now on; one that has ended is reported here. */
async function tellChild(
  client: Client,
  parent: { readonly instanceKey: string; readonly processId: string },
  { element, workflowId, childKey }: Child,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    await handle.signal(detachSignal);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'WorkflowNotFoundError')) throw error;
    const outcome = await (handle.result() as Promise<InstanceOutcome>).catch(() => ({ type: 'terminated' }) as const);
    await sendCommand(client, { ...parent, key: `child/${childKey}`, command: { type: 'endChild', element, outcome } });
  }
}
