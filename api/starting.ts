/** Starting an instance: once per request however often it is repeated, and visible to its caller before he is answered. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Account } from '#db/accounts.ts';
import { lastFactOf } from '#db/queries/instances.ts';
import type { PublishedProcess } from '#db/queries/definitions.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { evaluateKey } from '#engine/expression.ts';
import type { JsonObject } from '#engine/json.ts';
import { limits } from '#engine/limits.ts';
import type { ProcessModel } from '#engine/model.ts';
import { startElementsOf } from '#engine/start.ts';
import { assertCovers } from './accounts-view.ts';
import { Refusal } from './refusal.ts';
import type { Temporal } from './temporal.ts';

/** Longest wait for the first facts; then 503, and the same request finds the instance by its key. */
const visibleTimeoutMs = 12_000;
const pollMs = { first: 15, longest: 200 } as const;
/** From then on the workflow is asked whether it failed. */
const suspiciousAfterMs = 3_000;

export interface StartingDeps {
  readonly pool: Pool;
  readonly temporal: Temporal;
}
export interface InstanceStart {
  readonly process: PublishedProcess;
  readonly instanceKey: string;
  readonly variables: JsonObject;
  readonly businessKey: string | null;
  readonly region: string;
  readonly actor: string;
  /** null: it starts by itself, not because something occurred. */
  readonly startElement?: string | null;
  readonly startPart?: number;
}

const valueIn = (variables: JsonObject) => (name: string) =>
  Object.hasOwn(variables, name) ? variables[name] : undefined;

/** The region a new instance belongs to: what its model says, else the caller's. @throws Refusal when it is not the caller's to use. */
export function regionOf(model: ProcessModel, variables: JsonObject, account: Account): string {
  if (model.region === null) return account.region;
  const result = evaluateKey(model.region, { lookup: valueIn(variables), nowMs: Date.now() });
  if (!result.ok) throw new Refusal('invalidVariables', 'startFailed', { values: { message: result.failure.message } });
  assertCovers(account, result.value);
  return result.value;
}

/** @throws Refusal when the process cannot begin with these variables. */
export function assertStartable(model: ProcessModel, variables: JsonObject): void {
  if (startElementsOf(model, null).length === 0)
    throw new Refusal('noStartEvent', 'noNoneStart', { values: { process: model.processId } });
  const largest = Math.max(0, ...Object.values(variables).map((value) => JSON.stringify(value).length));
  if (largest > limits.variableBytes || JSON.stringify(variables).length > limits.stateBytes) {
    throw new Refusal('tooLarge', 'variablesTooLarge', { values: { limit: limits.variableBytes } });
  }
}

export async function startWorkflow(deps: StartingDeps, start: InstanceStart): Promise<void> {
  const { process, instanceKey, variables, businessKey, region, actor, startElement = null, startPart } = start;
  await deps.temporal.start({
    processId: process.processId,
    modelSha256: process.modelSha256,
    start: {
      instanceKey,
      definitionKey: process.key,
      version: process.version,
      startElement,
      ...(startPart === undefined ? {} : { startPart }),
      variables,
      businessKey,
      region,
      parent: null,
      actor,
    },
  });
}

const isVisible = (pool: Pool, instanceKey: string): Promise<boolean> =>
  inRegion(pool, wholeCountry, async (db: PoolClient) => (await lastFactOf(db, instanceKey)) !== null);

/** Resolves when the instance is in the read model. @throws Refusal when that takes too long or the start failed. */
export async function untilVisible(deps: StartingDeps, processId: string, instanceKey: string): Promise<void> {
  const begin = Date.now();
  let asked = false;
  for (let waitMs: number = pollMs.first; ; waitMs = Math.min(waitMs * 2, pollMs.longest)) {
    if (await isVisible(deps.pool, instanceKey)) return;
    const elapsedMs = Date.now() - begin;
    if (elapsedMs > visibleTimeoutMs) throw new Refusal('unavailable', 'tryLater', { retryAfterSeconds: 2 });
    if (elapsedMs > suspiciousAfterMs && !asked) {
      asked = true;
      const failure = await deps.temporal.startFailure(processId, instanceKey);
      if (failure !== null) throw new Refusal('invalidVariables', 'startFailed', { values: { message: failure } });
    }
    await delay(waitMs);
  }
}
