/** Puts right what a verification has found and what needs no decision (contract/verification.ts). Each repair can be repeated. */
import { Context } from '@temporalio/activity';
import type { Pool } from 'pg';
import type { Client } from '@temporalio/client';
import { dropFactsAfter, replaceFacts } from '#db/record-facts.ts';
import { rebuild } from '#db/rebuild.ts';
import { storedFacts } from '#db/stored-facts.ts';
import { findCases } from '#db/verification/cases.ts';
import { release } from '#db/verification/restart.ts';
import { openSubscriptions } from '#db/verification/waits.ts';
import { listDifferences, noteOutcome, setVerificationState } from '#db/verification/store.ts';
import type { NumberedDifference } from '#db/verification/store.ts';
import { instanceOf, keyWithin, sequenceOf } from '#engine/keys.ts';
import {
  messageWorkflowType,
  releaseJobSignal,
  signalWorkflowId,
  signalWorkflowType,
  subscribeSignal,
  messageWorkflowId,
  taskQueue,
  unsubscribeSignal,
  workflowIdOf,
} from '#workflows/messages.ts';
import type { RepairOrder } from '#workflows/messages.ts';
import { lookAt } from './look.ts';
import type { WorkflowLook } from './look.ts';
import { restart } from './restart.ts';

export type Repair = (order: RepairOrder) => Promise<void>;
export interface RepairDeps {
  readonly pool: Pool;
  readonly client: Client;
}

const perPage = 500;
const heartbeatMs = 4_000;

class Repairs {
  readonly #pool: Pool;
  readonly #client: Client;
  /** Cases whose rows and facts are in order again: one repair does for all differences of a kind. */
  readonly #done = new Set<string>();

  constructor({ pool, client }: RepairDeps) {
    this.#pool = pool;
    this.#client = client;
  }

  /** Throws, saying why, when it cannot be put right. */
  async repair(difference: NumberedDifference): Promise<void> {
    const { repair, instanceKey, detail } = difference;
    const name = `${repair} ${instanceKey} ${repair === 'rearm' || repair === 'release' ? JSON.stringify(detail) : ''}`;
    if (this.#done.has(name)) return;
    await this.#perform(difference, instanceKey ?? '0');
    this.#done.add(name);
  }

  #perform(difference: NumberedDifference, instanceKey: string): Promise<void> {
    switch (difference.repair) {
      case 'reproject':
        return rebuild(this.#pool, instanceKey);
      case 'takeFacts':
        return this.#takeFacts(instanceKey, difference);
      case 'dropFacts':
        return this.#dropFacts(instanceKey);
      case 'restart':
        return restart(this.#pool, this.#client, instanceKey);
      case 'rearm':
        return this.#rearm(difference, instanceKey);
      case 'release':
        return this.#release(difference, instanceKey);
      default:
        throw new Error('a person has to decide');
    }
  }

  async #processOf(instanceKey: string, { detail }: NumberedDifference): Promise<string> {
    const row = (await findCases(this.#pool, [instanceKey])).get(instanceKey);
    const fact = (await storedFacts(this.#pool, instanceKey, 1))[0]?.fact;
    if (row?.processId) return row.processId;
    if (fact?.type === 'instanceStarted') return fact.processId;
    return String(detail['workflow'] ?? '').replace(/\/[^/]*$/, '');
  }
  async #look(instanceKey: string, difference: NumberedDifference): Promise<WorkflowLook> {
    const look = await lookAt(this.#client, await this.#processOf(instanceKey, difference), instanceKey, true);
    if (look.silent !== null) throw new Error(`its workflow does not answer: ${look.silent}`);
    return look;
  }

  async #takeFacts(instanceKey: string, difference: NumberedDifference): Promise<void> {
    const { facts } = await this.#look(instanceKey, difference);
    const first = facts[0];
    if (first === undefined) throw new Error('its workflow has no facts any more');
    if (first.number > 1) {
      const before = await storedFacts(this.#pool, instanceKey, 1);
      if (before.findIndex(({ number }, index) => number !== index + 1) !== -1 || before.length < first.number - 1)
        throw new Error(`facts before ${first.number} are nowhere any more`);
    }
    await replaceFacts(this.#pool, instanceKey, facts);
  }
  async #dropFacts(instanceKey: string): Promise<void> {
    const look = await this.#look(instanceKey, { detail: {} } as NumberedDifference);
    const last = (await storedFacts(this.#pool, instanceKey, 1)).at(-1)?.number ?? 0;
    if (look.state === null) throw new Error('its workflow does not answer');
    if (last > look.state.factNumber) await dropFactsAfter(this.#pool, instanceKey, look.state.factNumber, last);
  }

  async #rearm(difference: NumberedDifference, instanceKey: string): Promise<void> {
    const { kind, detail } = difference;
    if (kind === 'broadcastLost') return this.#broadcast(String(detail['signal']), String(detail['name']));
    const processId = await this.#processOf(instanceKey, difference);
    if (kind === 'jobLost') {
      const handle = this.#client.workflow.getHandle(workflowIdOf(processId, instanceKey));
      return handle.signal(releaseJobSignal, sequenceOf(String(detail['job'])));
    }
    const subscription = Number(detail['subscription']);
    const opened = (await storedFacts(this.#pool, instanceKey, 1))
      .map(({ fact }) => fact)
      .find((fact) => fact.type === 'messageSubscriptionOpened' && fact.subscription === subscription);
    if (opened?.type !== 'messageSubscriptionOpened') throw new Error('no fact tells of this subscription');
    const { messageName, correlationKey, closesOnCorrelation } = opened;
    await this.#client.workflow.signalWithStart(messageWorkflowType, {
      taskQueue,
      workflowId: messageWorkflowId(messageName, correlationKey),
      args: [],
      signal: subscribeSignal,
      signalArgs: [{ instanceKey, processId, subscription, closesOnCorrelation }],
    });
  }
  async #broadcast(signalKey: string, name: string): Promise<void> {
    const facts = await storedFacts(this.#pool, instanceOf(signalKey), 1);
    const thrown = facts
      .map(({ fact }) => fact)
      .find((fact) => fact.type === 'signalBroadcast' && keyWithin(instanceOf(signalKey), fact.signal) === signalKey);
    if (thrown?.type !== 'signalBroadcast')
      throw new Error('it came from outside, and what it carried is gone: send it again');
    await this.#client.workflow.start(signalWorkflowType, {
      taskQueue,
      workflowId: signalWorkflowId(signalKey),
      args: [{ signalKey, name, variables: thrown.variables }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }

  async #release({ kind, detail }: NumberedDifference, instanceKey: string): Promise<void> {
    if (kind !== 'subscriptionOrphan') {
      await release(this.#pool, kind, detail);
      return;
    }
    const subscription = Number(detail['subscription']);
    // Its row may have been put right meanwhile.
    if ((await openSubscriptions(this.#pool, [keyWithin(instanceKey, subscription)])).size > 0) return;
    await this.#client.workflow
      .getHandle(String(detail['entity']))
      .signal(unsubscribeSignal, { instanceKey, subscription });
  }
}

export const createRepair =
  (deps: RepairDeps): Repair =>
  async ({ key, numbers }) => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), heartbeatMs);
    const wanted = numbers === null ? null : new Set(numbers);
    const repairs = new Repairs(deps);
    try {
      for (let after = 0; ;) {
        const page = await listDifferences(deps.pool, key, after, perPage);
        for (const difference of page) {
          context.cancellationSignal.throwIfAborted();
          const { number, repair, outcome } = difference;
          if (repair === null || outcome === 'REPAIRED' || wanted?.has(number) === false) continue;
          const failure = await repairs.repair(difference).then(
            () => null,
            (error: unknown) => (error instanceof Error ? error.message : String(error)),
          );
          await noteOutcome(deps.pool, key, number, failure);
        }
        const last = page.at(-1);
        if (last === undefined) break;
        after = last.number;
      }
      await setVerificationState(deps.pool, key, 'COMPLETED');
    } finally {
      clearInterval(beat);
    }
  };
