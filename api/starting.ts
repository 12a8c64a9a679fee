/** Starting an instance: once per request however often it is repeated, and visible to its caller before he is answered. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Account } from '#db/accounts.ts';
import { freeBusinessKey, takeBusinessKey } from '#db/business-keys.ts';
import { findModel } from '#db/queries/definitions.ts';
import { lastFactOf } from '#db/queries/instances.ts';
import type { PublishedProcess } from '#db/queries/definitions.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { evaluateKey } from '#engine/expression.ts';
import type { JsonObject } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { startElementsOf } from '#engine/start.ts';
import { assertCovers } from './accounts-view.ts';
import { Refusal } from './refusal.ts';
import { assertFit } from './sizes.ts';
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
  /** Elements to begin at instead of a start event. */
  readonly startAt?: readonly string[];
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
  assertFit(variables);
}

/** @throws Refusal when the version is on hold. */
export function assertNotOnHold({ suspendedReason }: Pick<PublishedProcess, 'suspendedReason'>): void {
  if (suspendedReason !== null)
    throw new Refusal('wrongState', 'definitionSuspended', { values: { reason: suspendedReason } });
}

/** Takes the business key of an instance to come, where its process wants them unique. @throws Refusal when an active instance has it. */
async function takeKey(
  deps: StartingDeps,
  { process, instanceKey, variables, businessKey }: InstanceStart,
): Promise<void> {
  if (!process.uniqueBusinessKey) return;
  const { processId } = process;
  const everywhere = <T>(work: (db: PoolClient) => Promise<T>): Promise<T> => inRegion(deps.pool, wholeCountry, work);
  const key = businessKey ?? (await everywhere((db) => businessKeyOf(db, process.key, variables)));
  // What cannot be evaluated is an incident of the new case.
  if (key === null) return;
  const lock = { processId, businessKey: key, instanceKey };
  let taking = await everywhere((db) => takeBusinessKey(db, lock));
  if (!taking.isTaken && taking.isDoubtful && (await deps.temporal.fence(processId, taking.holder))) {
    const { holder } = taking;
    await everywhere((db) => freeBusinessKey(db, { ...lock, instanceKey: holder }));
    taking = await everywhere((db) => takeBusinessKey(db, lock));
  }
  if (!taking.isTaken) throw new Refusal('alreadyExists', 'businessKeyTaken', { values: { businessKey: key } });
}
async function businessKeyOf(db: PoolClient, definitionKey: string, variables: JsonObject): Promise<string | null> {
  const expression = (await findModel(db, definitionKey))?.businessKey ?? null;
  const result =
    expression === null ? null : evaluateKey(expression, { lookup: valueIn(variables), nowMs: Date.now() });
  return result?.ok === true ? result.value : null;
}

/** @throws Refusal when its business key is to be unique and belongs to another active instance. */
export async function startWorkflow(deps: StartingDeps, start: InstanceStart): Promise<void> {
  const {
    process,
    instanceKey,
    variables,
    businessKey,
    region,
    actor,
    startElement = null,
    startPart,
    startAt,
  } = start;
  await takeKey(deps, start);
  await deps.temporal.start({
    processId: process.processId,
    modelSha256: process.modelSha256,
    start: {
      instanceKey,
      definitionKey: process.key,
      version: process.version,
      startElement,
      ...(startPart === undefined ? {} : { startPart }),
      ...(startAt === undefined ? {} : { startAt }),
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
