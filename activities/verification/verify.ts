/**
 * `alur verify`: compares what PostgreSQL, Temporal and the audit's anchors say, while cases go on, and writes down what differs. Every
 * suspicion is looked at again before it counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { Pool } from 'pg';
import type { DifferenceKind, Repair } from '#contract/verification.ts';
import { unseal } from '#db/case-keys.ts';
import { createPayloadCodec } from '#db/payload-codec.ts';
import { compareRows } from '#db/rebuild.ts';
import { factsOf } from '#db/stored-facts.ts';
import { readAnchors } from '#db/verification/anchors.ts';
import { checkAudit } from '#db/verification/audit-chain.ts';
import * as beside from '#db/verification/beside.ts';
import type { BesideRow } from '#db/verification/beside.ts';
import { casesOf, findCases, parkedJobsOf } from '#db/verification/cases.ts';
import type { CaseRow } from '#db/verification/cases.ts';
import {
  addDifferences,
  beginVerification,
  endVerification,
  findVerification,
  noteChecked,
} from '#db/verification/store.ts';
import type { VerificationOptions } from '#db/verification/store.ts';
import { openMessageSubscriptions, openSubscriptions, overdue, withoutReason } from '#db/verification/waits.ts';
import type { OpenMessageSubscription } from '#db/verification/waits.ts';
import { keyWithin, sequenceOf } from '#engine/keys.ts';
import { messageWorkflowId, signalWorkflowId, workflowIdOf } from '#workflows/messages.ts';
import { checkCase } from './case-check.ts';
import type { Difference } from './case-check.ts';
import { unreadable } from './histories.ts';
import { describeWorkflow, lookAt } from './look.ts';
import { inParallel, lasting } from './several.ts';
import { instanceKeyOf, isCase, runningEntities, runningWorkflows, subscriptionsOf } from './running.ts';

export interface VerifyDeps {
  /** Role alur_worker. */
  readonly pool: Pool;
  readonly client: Client;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** Folder with the audit's anchors (ALUR_HOME). */
  readonly home: string;
}
export type Verify = (order: { readonly key: string }) => Promise<void>;

const casesPerPage = 50;
const atOnce = 8;
const pausesMs = [700, 2_000] as const;
/** Something on its way may take so long. */
const settledSeconds = 60;
const attempts = 5;
const heartbeatMs = 4_000;

const simple = (kind: DifferenceKind, repair: Repair | null, rows: readonly BesideRow[]): Difference[] =>
  rows.map(({ instanceKey, detail }) => ({ kind, instanceKey, detail, repair }));

class Verification {
  readonly #deps: VerifyDeps;
  readonly #key: string;
  readonly #options: VerificationOptions;
  /** Its own: another's memory would hide what is gone. */
  readonly #codec: PayloadCodec;
  readonly #signal: AbortSignal;
  #checked = 0;

  constructor(deps: VerifyDeps, key: string, options: VerificationOptions, signal: AbortSignal) {
    this.#deps = deps;
    this.#key = key;
    this.#options = options;
    this.#codec = createPayloadCodec(deps);
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { pool } = this.#deps;
    await this.#note(await this.#audit());
    await this.#note(await this.#beside());
    await this.#note(await this.#waits());
    const strays = await this.#strays();
    await this.#note(strays.found);
    const done = new Set<string>();
    for await (const page of casesOf(pool, this.#key, this.#options, casesPerPage)) {
      await this.#page(page);
      for (const { instanceKey } of page) done.add(instanceKey);
    }
    const left = strays.closed.filter((row) => !done.has(row.instanceKey));
    for (let from = 0; from < left.length; from += casesPerPage)
      await this.#page(left.slice(from, from + casesPerPage));
    await this.#note(await lasting(() => this.#entities(), pausesMs));
  }

  async #note(found: readonly Difference[]): Promise<void> {
    this.#signal.throwIfAborted();
    await addDifferences(this.#deps.pool, this.#key, found);
  }

  async #audit(): Promise<readonly Difference[]> {
    const { pool, home, masterKey } = this.#deps;
    const { heads, damaged } = await readAnchors(home, masterKey);
    const lines = damaged.map((line): Difference => ({
      kind: 'anchorDamaged',
      instanceKey: null,
      detail: { line },
      repair: null,
    }));
    return [...lines, ...(await checkAudit(pool, heads))];
  }

  async #beside(): Promise<readonly Difference[]> {
    const { pool, client } = this.#deps;
    const broadcasts: BesideRow[] = [];
    for (const row of await beside.waitingBroadcasts(pool)) {
      const description = await describeWorkflow(client, signalWorkflowId(String(row.detail['signal'])));
      if (description?.status.name !== 'RUNNING') broadcasts.push(row);
    }
    return [
      ...simple('parkedJobOrphan', 'release', await beside.orphanParkedJobs(pool)),
      ...simple('startLockStale', 'release', await beside.staleStartLocks(pool)),
      ...simple('broadcastLost', 'rearm', broadcasts),
      ...simple('childLost', null, await beside.lostChildren(pool)),
      ...simple('caseKeyMissing', null, await beside.missingCaseKeys(pool)),
      ...simple('caseKeyDamaged', null, await this.#damagedKeys()),
      ...simple('modelMissing', null, await beside.missingModels(pool)),
      ...(this.#options.scope === 'all' ? simple('payloadDamaged', null, await beside.damagedPayloads(pool)) : []),
    ];
  }
  async #damagedKeys(): Promise<readonly BesideRow[]> {
    const { pool, masterKey } = this.#deps;
    const damaged: BesideRow[] = [];
    for (let after = '0'; ;) {
      const keys = await beside.caseKeysOfOpen(pool, after, 1_000);
      for (const { instanceKey, workflowId, wrappedKey } of keys) {
        try {
          unseal(masterKey, workflowId, wrappedKey);
        } catch {
          damaged.push({ instanceKey, detail: { workflow: workflowId } });
        }
      }
      const last = keys.at(-1);
      if (last === undefined) return damaged;
      after = last.instanceKey;
    }
  }

  async #waits(): Promise<readonly Difference[]> {
    const { pool } = this.#deps;
    const described = (kind: DifferenceKind, rows: Awaited<ReturnType<typeof overdue>>): Difference[] =>
      rows.map(({ instanceKey, elementId, since }) => ({
        kind,
        instanceKey,
        detail: { element: elementId, since: since.toISOString() },
        repair: null,
      }));
    return [
      ...described('noReasonToWait', await withoutReason(pool, settledSeconds)),
      ...described('timerOverdue', await overdue(pool, settledSeconds)),
    ];
  }

  /** Workflows that run without an open case: those of no case at all, and the rows of those whose case has ended. */
  async #strays(): Promise<{ readonly found: readonly Difference[]; readonly closed: readonly CaseRow[] }> {
    const { pool, client } = this.#deps;
    const closed: CaseRow[] = [];
    const found: Difference[] = [];
    const look = async (some: ReadonlyMap<string, { readonly workflowId: string; readonly queue: string }>) => {
      const rows = await findCases(pool, [...some.keys()]);
      for (const [instanceKey, { workflowId, queue }] of some) {
        const row = rows.get(instanceKey);
        if (row === undefined)
          found.push({
            kind: 'caseMissing',
            instanceKey,
            detail: { workflow: workflowId, queue },
            repair: 'takeFacts',
          });
        else if (row.state !== 'ACTIVE') closed.push(row);
      }
    };
    const oldMs = Date.now() - settledSeconds * 1_000;
    let some = new Map<string, { readonly workflowId: string; readonly queue: string }>();
    for await (const workflow of runningWorkflows(client)) {
      const instanceKey = instanceKeyOf(workflow);
      if (!isCase(workflow) || instanceKey === null || workflow.startedMs > oldMs) continue;
      some.set(instanceKey, workflow);
      if (some.size < 1_000) continue;
      await look(some);
      some = new Map();
    }
    await look(some);
    const missing = new Set(found.map(({ instanceKey }) => instanceKey));
    const proposals = await beside.lostProposals(pool);
    const lost = proposals.filter(({ instanceKey }) => !missing.has(instanceKey));
    return { found: [...found, ...simple('proposalLost', 'release', lost)], closed };
  }

  async #page(page: readonly CaseRow[]): Promise<void> {
    const { pool } = this.#deps;
    const first = await this.#cases(page);
    const suspects = new Set(first.map(({ instanceKey }) => instanceKey));
    if (suspects.size > 0) {
      // A case that has nothing wrong the second time had a step on its way.
      const again = async (): Promise<readonly Difference[]> => {
        const keys = page.filter(({ instanceKey }) => suspects.has(instanceKey));
        const rows = await findCases(
          pool,
          keys.map(({ instanceKey }) => instanceKey),
        );
        return this.#cases(keys.map((row) => rows.get(row.instanceKey) ?? row));
      };
      await sleep(pausesMs[0]);
      await this.#note(await lasting(again, [pausesMs[1]]));
    }
    this.#checked += page.length;
    await noteChecked(pool, this.#key, this.#checked);
  }

  async #cases(page: readonly CaseRow[]): Promise<readonly Difference[]> {
    const { pool, client } = this.#deps;
    const keys = page.map(({ instanceKey }) => instanceKey);
    // Workflows first: what they say is in the read model by the time that is read.
    const looks = await inParallel(page, atOnce, async (row) => {
      this.#signal.throwIfAborted();
      const isDeep = row.state === 'ACTIVE' || row.state === null || this.#options.scope === 'all';
      return lookAt(client, row.processId ?? '', row.instanceKey, isDeep);
    });
    const [stored, rows, parked] = [
      await factsOf(pool, keys),
      await compareRows(pool, keys),
      await parkedJobsOf(pool, keys),
    ];
    const { restored } = this.#options;
    const found: Difference[] = [];
    for (const [index, row] of page.entries()) {
      const look = looks[index];
      if (look === undefined) continue;
      const own = rows.filter(({ instanceKey }) => instanceKey === row.instanceKey);
      found.push(...checkCase({ row, stored: stored.get(row.instanceKey) ?? [], rows: own, look, parked, restored }));
    }
    const open = page.filter((_, index) => looks[index]?.status === 'RUNNING');
    const unread = await inParallel(open, atOnce, ({ processId, instanceKey }) =>
      this.#unreadable(processId ?? '', instanceKey),
    );
    return [...found, ...unread.flat()];
  }
  async #unreadable(processId: string, instanceKey: string): Promise<readonly Difference[]> {
    const message = await unreadable(this.#deps.client, this.#codec, workflowIdOf(processId, instanceKey));
    // A key that is gone or damaged has its own line.
    if (message === null || /^the key of|unable to authenticate/.test(message)) return [];
    return [{ kind: 'payloadMissing', instanceKey, detail: { message }, repair: null }];
  }

  /** Open subscriptions against what their entities know. */
  async #entities(): Promise<readonly Difference[]> {
    const { pool, client } = this.#deps;
    const open = new Map<string, OpenMessageSubscription>();
    for (let after = '0'; ;) {
      const some = await openMessageSubscriptions(pool, after, 5_000, 5);
      for (const subscription of some) open.set(subscription.subscriptionKey, subscription);
      const last = some.at(-1);
      if (last === undefined) break;
      after = last.subscriptionKey;
    }
    const running = await runningEntities(client);
    const ids = new Set([
      ...running,
      ...[...open.values()].map(({ messageName, correlationKey }) => messageWorkflowId(messageName, correlationKey)),
    ]);
    const known = new Map<string, Set<string>>();
    const orphans: Difference[] = [];
    await inParallel([...ids], atOnce, async (workflowId) => {
      // One that is over still answers; one that has just begun may not be listed yet.
      const isRunning =
        running.has(workflowId) || (await describeWorkflow(client, workflowId))?.status.name === 'RUNNING';
      const waiting = isRunning ? await subscriptionsOf(client, workflowId) : [];
      known.set(workflowId, new Set(waiting.map(({ instanceKey, subscription }) => `${instanceKey}/${subscription}`)));
      for (const { instanceKey, subscription } of waiting)
        if (!open.has(keyWithin(instanceKey, subscription)))
          orphans.push({
            kind: 'subscriptionOrphan',
            instanceKey,
            detail: { entity: workflowId, subscription },
            repair: 'release',
          });
    });
    const lost = [...open.values()].filter(({ messageName, correlationKey, instanceKey, subscriptionKey }) => {
      const waiting = known.get(messageWorkflowId(messageName, correlationKey));
      return waiting?.has(`${instanceKey}/${sequenceOf(subscriptionKey)}`) !== true;
    });
    // Those opened only now are none.
    const keyOf = ({ instanceKey, detail }: Difference): string =>
      keyWithin(instanceKey ?? '0', Number(detail['subscription']));
    const young = await openSubscriptions(pool, orphans.map(keyOf));
    return [
      ...orphans.filter((orphan) => !young.has(keyOf(orphan))),
      ...lost.map(({ instanceKey, messageName, elementId, subscriptionKey }): Difference => ({
        kind: 'subscriptionLost',
        instanceKey,
        detail: { message: messageName, element: elementId, subscription: sequenceOf(subscriptionKey) },
        repair: 'rearm',
      })),
    ];
  }
}

export const createVerify =
  (deps: VerifyDeps): Verify =>
  async ({ key }) => {
    const context = Context.current();
    const found = await findVerification(deps.pool, key);
    if (found === null) return;
    const beat = setInterval(() => context.heartbeat(), heartbeatMs);
    try {
      await beginVerification(deps.pool, key);
      await new Verification(deps, key, found.options, context.cancellationSignal).run();
      await endVerification(deps.pool, key, null);
    } catch (error) {
      const isLast = context.info.attempt >= attempts;
      if (isLast) await endVerification(deps.pool, key, error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      clearInterval(beat);
    }
  };
