/** One change of many cases: written down here with all it is done to, done by a workflow (workflows/batch.ts). */
import type { PoolClient } from 'pg';
import { batchLimits } from '#contract/batch-operation.ts';
import type { BatchOperation, batchOperationEndpoints } from '#contract/batch-operation.ts';
import type { processInstanceFilter } from '#contract/process-instance.ts';
import { appendAudit, auditedDetail } from '#db/audit.ts';
import { countTargets, createBatch, moveBatch, refuseItems, searchBatches, searchItems } from '#db/batch-operations.ts';
import type { BatchRow, BatchState, BatchTargets, BatchType } from '#db/batch-operations.ts';
import { findByDefinitionKey, nextKey } from '#db/queries/definitions.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import type { TimerMigration } from '#engine/command.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import type { z } from 'zod';
import { migrationRefusals } from '../batch-migration.ts';
import type { BatchMigration } from '../batch-migration.ts';
import type { HandlersOf } from '../handler.ts';
import { instanceFilterOf } from '../instance-filter.ts';
import { jsonView } from '../json-view.ts';
import { modificationOf } from '../modification.ts';
import { notFound, Refusal } from '../refusal.ts';
import { assertStorable, reasonOf } from '../repairs.ts';
import type { Asking, RepairCall } from '../repairs.ts';
import type { Locale } from '../texts.ts';

interface Settings extends Asking {
  readonly canary?: number | null | undefined;
  readonly expectedCount?: number | null | undefined;
}
interface Order {
  readonly targets: BatchTargets;
  readonly command: JsonObject;
  readonly filter: Json;
  /** Of a migration: the version to follow, and how. */
  readonly migration?: Omit<BatchMigration, 'batchKey'>;
}
type CreateCall = RepairCall & { readonly locale: Locale };

interface Made {
  /** null: it was only asked. */
  readonly key: string | null;
  readonly total: number;
  /** Of a migration: items that are not tried. */
  readonly refused?: number;
}
/** What the same request, whose answer was lost, has created. */
async function earlierBatch(client: PoolClient, commandKey: string): Promise<Made | null> {
  const key = (await auditedDetail(client, null, commandKey))?.['entityKey'];
  if (typeof key !== 'string') return null;
  const { rows } = await searchBatches(client, { batchOperationKey: key }, {});
  return rows[0] === undefined ? null : { key, total: rows[0].operationsTotalCount };
}

/** Writes the batch down with all it is done to. Cases that could not end after a migration are told now, none of them is tried. */
async function write(client: PoolClient, call: CreateCall, body: Settings, order: Order): Promise<Made> {
  const { name: createdBy, region } = call.caller.account;
  const { targets, command, filter, migration } = order;
  const key = await nextKey(client);
  const canary = body.canary ?? null;
  const reason = reasonOf(body);
  const total = await createBatch(client, { key, targets, command, filter, reason, region, canary, createdBy });
  if (migration === undefined) return { key, total };
  const refusals = await migrationRefusals(client, call, { batchKey: key, ...migration });
  return { key, total, refused: await refuseItems(client, key, refusals) };
}

/** The answer of a dry run: as if it had been written down, and nothing is. */
async function tried(client: PoolClient, call: CreateCall, body: Settings, order: Order): Promise<Made> {
  if (order.migration === undefined) return { key: null, total: await countTargets(client, order.targets) };
  await client.query('savepoint dry_run');
  const made = await write(client, call, body, order);
  await client.query('rollback to savepoint dry_run');
  return { ...made, key: null };
}

/** Counts, and unless that was all that was asked writes the batch down and has it worked on. */
async function create(call: CreateCall, body: Settings, order: Order) {
  const { caller, commandKey, deps } = call;
  const { targets, filter } = order;
  const batchOperationType = targets.type;
  const reason = reasonOf(body);
  const { key, total, refused } = await call.db(async (client) => {
    const earlier = await earlierBatch(client, commandKey);
    if (earlier !== null) return earlier;
    const count = await countTargets(client, targets);
    if (count > batchLimits.items)
      throw new Refusal('tooLarge', 'tooManyItems', { values: { count, limit: batchLimits.items } });
    if (body.dryRun === true) return tried(client, call, body, order);
    if (count === 0) throw new Refusal('notFound', 'nothingMatches');
    const expected = body.expectedCount ?? count;
    if (expected !== count) throw new Refusal('wrongState', 'otherCount', { values: { count, expected } });
    const made = await write(client, call, body, order);
    const target = made.key ?? '';
    const { name: actor, region } = caller.account;
    const after = { type: batchOperationType, total: made.total, canary: body.canary ?? null, filter };
    const detail = { command: 'createBatch', reason, before: {}, after, commandKey, entityKey: target };
    await appendAudit(client, { actor, action: 'batch.create', target, region, detail });
    return made;
  });
  const answer = {
    batchOperationType,
    operationsTotalCount: total,
    ...(refused === undefined ? {} : { operationsRefusedCount: refused }),
  };
  if (key === null) return answer;
  await deps.temporal.runBatch(key);
  return { batchOperationKey: key, ...answer };
}

type FilterOfInstances = z.output<typeof processInstanceFilter>;
const ofInstances = (
  type: Exclude<BatchType, 'RETRY_JOB'>,
  filter: FilterOfInstances,
  command: InstanceCommand | Omit<InstanceCommand, 'incident'>,
  more: JsonObject = {},
): Order => ({
  targets: { of: 'instances', type, filter: instanceFilterOf(filter) },
  command: { ...(command as unknown as JsonObject), ...more },
  filter: filter as unknown as Json,
});

type MigrationBody = z.output<(typeof batchOperationEndpoints)['migrateProcessInstances']['body']>;
async function migrationOf(client: PoolClient, { filter, migrationPlan }: MigrationBody): Promise<Order> {
  const target = await findByDefinitionKey(client, migrationPlan.targetProcessDefinitionKey);
  if (target === null) throw notFound();
  const timers = Object.entries(migrationPlan.timers ?? {}).map(([id, what]): [string, TimerMigration] => [
    id,
    typeof what === 'string' ? what : { dueMs: Date.parse(what.dueDate) },
  ]);
  const command = {
    type: 'migrateInstance',
    definitionKey: target.key,
    version: target.version,
    mapping: migrationPlan.mappingInstructions.map((item) => ({
      source: item.sourceElementId,
      target: item.targetElementId,
    })),
    timers: Object.fromEntries(timers),
  } as const;
  const { mapping } = command;
  const order = ofInstances('MIGRATE_PROCESS_INSTANCE', filter, command, { modelSha256: target.modelSha256 });
  return { ...order, migration: { targetKey: target.key, mapping } };
}

const viewOf = (row: BatchRow): BatchOperation => ({
  ...row,
  filter: jsonView(row.filter),
  actorType: 'USER',
  errors: [],
});

/** Where a batch can go, and from where. */
const moves = {
  suspend: { from: ['CREATED', 'ACTIVE'], to: 'SUSPENDED' },
  resume: { from: ['SUSPENDED'], to: 'ACTIVE' },
  cancel: { from: ['CREATED', 'ACTIVE', 'SUSPENDED'], to: 'CANCELED' },
} as const satisfies Record<string, { from: readonly BatchState[]; to: BatchState }>;

async function move(call: RepairCall, key: string, body: { readonly reason: string }, how: keyof typeof moves) {
  const { caller, commandKey, deps } = call;
  const reason = reasonOf(body);
  const { from, to } = moves[how];
  await call.db(async (client) => {
    const { rows } = await searchBatches(client, { batchOperationKey: key }, {});
    const [batch] = rows;
    if (batch === undefined) throw notFound();
    if ((await auditedDetail(client, key, commandKey)) !== null) return;
    if (!(await moveBatch(client, key, from, to)))
      throw new Refusal('wrongState', 'batchState', { values: { state: batch.state } });
    const detail = { command: `${how}Batch`, reason, before: { state: batch.state }, after: { state: to }, commandKey };
    await appendAudit(client, {
      actor: caller.account.name,
      action: `batch.${how}`,
      target: key,
      region: batch.region,
      detail,
    });
  });
  await deps.temporal.runBatch(key);
  return undefined;
}

export const batchOperationHandlers: HandlersOf<typeof batchOperationEndpoints> = {
  cancelProcessInstances: (call) => {
    const { body } = call;
    const compensate = body.compensate === true ? ({ compensate: true } as const) : {};
    const command = { type: 'cancelInstance', reason: reasonOf(body), ...compensate } as const;
    return create(call, body, ofInstances('CANCEL_PROCESS_INSTANCE', body.filter, command));
  },
  migrateProcessInstances: async (call) =>
    create(call, call.body, await call.db((client) => migrationOf(client, call.body))),
  modifyProcessInstances: (call) => {
    const { filter, moveInstructions, ...body } = call.body;
    const isByKey = moveInstructions.some(
      ({ sourceElementInstruction }) => sourceElementInstruction?.sourceType === 'byKey',
    );
    if (isByKey)
      throw new Refusal('invalidRequest', 'badFields', {
        faults: [{ field: 'moveInstructions.sourceElementInstruction', text: 'notSupported' }],
      });
    const command = modificationOf({ moveInstructions }, '0');
    return create(call, body, ofInstances('MODIFY_PROCESS_INSTANCE', filter, command));
  },
  resolveIncidents: (call) => {
    const { filter, retries = null, ...body } = call.body;
    return create(call, body, ofInstances('RESOLVE_INCIDENT', filter, { type: 'resolveIncident', retries } as never));
  },
  suspendProcessInstances: (call) =>
    create(call, call.body, ofInstances('SUSPEND_PROCESS_INSTANCE', call.body.filter, { type: 'suspendInstance' })),
  revertMigrations: (call) =>
    // the way back of each is found when its turn comes (activities/run-batch.ts)
    create(call, call.body, ofInstances('REVERT_MIGRATION', call.body.filter, { type: 'migrateInstance' })),
  resumeProcessInstances: (call) =>
    create(call, call.body, ofInstances('RESUME_PROCESS_INSTANCE', call.body.filter, { type: 'resumeInstance' })),
  setProcessInstancesVariables: (call) => {
    const { filter, variables, ...body } = call.body;
    assertStorable(variables);
    const command = { type: 'setVariables', scope: 0, variables, local: false } as const;
    return create(call, body, ofInstances('UPDATE_VARIABLE', filter, command));
  },
  retryJobs: (call) => {
    const { filter, retries, ...body } = call.body;
    const { tenantId: _, ...columns } = filter;
    const targets = { of: 'jobs', type: 'RETRY_JOB', filter: columns } as const;
    return create(call, body, { targets, command: { type: 'retryJob', retries }, filter: filter as unknown as Json });
  },
  searchBatchOperations: async ({ body, db }) => {
    const found = await db((client) => searchBatches(client, body.filter ?? {}, body));
    return { items: found.rows.map(viewOf), page: found.page };
  },
  getBatchOperation: async ({ params, db }) => {
    const { rows } = await db((client) => searchBatches(client, params, {}));
    if (rows[0] === undefined) throw notFound();
    return viewOf(rows[0]);
  },
  searchBatchOperationItems: async ({ body, db }) => {
    const found = await db((client) => searchItems(client, body.filter ?? {}, body));
    return { items: [...found.rows], page: found.page };
  },
  suspendBatchOperation: (call) => move(call, call.params.batchOperationKey, call.body, 'suspend'),
  resumeBatchOperation: (call) => move(call, call.params.batchOperationKey, call.body, 'resume'),
  cancelBatchOperation: (call) => move(call, call.params.batchOperationKey, call.body, 'cancel'),
};
