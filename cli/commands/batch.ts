/** `alur batch`: one change of many cases; how many first, then done item by item, on hold and on again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { batchLimits, batchOperationEndpoints } from '#contract/batch-operation.ts';
import type { BatchOperation } from '#contract/batch-operation.ts';
import type { Client } from '#contract/client.ts';
import { wholeNumber } from '../options.ts';
import { jsonList, jsonObject, sessionOf, withReason, withServer } from '../repair/server.ts';
import type { RepairOptions, ServerOptions } from '../repair/server.ts';
import { text } from '../texts.ts';

const items = wholeNumber(1, batchLimits.items);
const pollMs = 1_000;
/** Items named at the end of a batch that could not be done. */
const failuresShown = 20;

interface BatchOptions extends RepairOptions {
  readonly filter: Record<string, never>;
  readonly canary?: number;
  readonly expected?: number;
  readonly wait: boolean;
}
interface Created {
  readonly batchOperationKey?: string | undefined;
  readonly operationsTotalCount: number;
}
type Body = ReturnType<typeof bodyOf>;

const bodyOf = ({ filter, reason, dryRun, canary, expected }: BatchOptions) => ({
  filter,
  reason,
  dryRun,
  ...(canary === undefined ? {} : { canary }),
  ...(expected === undefined ? {} : { expectedCount: expected }),
});

async function run(options: BatchOptions, create: (client: Client, body: Body) => Promise<Created>): Promise<void> {
  const client = sessionOf(options);
  const created = await create(client, bodyOf(options));
  const { batchOperationKey: key, operationsTotalCount: count } = created;
  if (options.json) console.log(JSON.stringify(created));
  else console.log(key === undefined ? text('batchWould', { count }) : text('batchCreated', { count, key }));
  if (key !== undefined && options.wait) await follow(client, key, options);
}

/** Until it has ended, or waits for a person. */
async function follow(client: Client, batchOperationKey: string, options: ServerOptions): Promise<void> {
  for (;;) {
    const batch = await client(batchOperationEndpoints.getBatchOperation, { params: { batchOperationKey } });
    const isOver = batch.endDate !== null || batch.state === 'SUSPENDED';
    if (isOver) {
      await show(client, batch, options);
      return;
    }
    await sleep(pollMs);
  }
}

async function show(client: Client, batch: BatchOperation, { json }: ServerOptions): Promise<void> {
  if (json) {
    console.log(JSON.stringify(batch));
    return;
  }
  const { batchOperationKey: key, batchOperationType: type, state } = batch;
  const counts = {
    total: batch.operationsTotalCount,
    completed: batch.operationsCompletedCount,
    failed: batch.operationsFailedCount,
    skipped: batch.operationsSkippedCount,
  };
  console.log(text('batchState', { key, type, state, ...counts }));
  if (batch.operationsFailedCount === 0) return;
  const filter = { batchOperationKey: key, state: 'FAILED' } as const;
  const body = { filter, page: { limit: failuresShown } };
  for (const item of (await client(batchOperationEndpoints.searchBatchOperationItems, { body })).items) {
    const name = item.businessKey ?? item.processInstanceKey;
    console.log(text('batchFailed', { item: name, code: item.errorCode ?? '', message: item.errorMessage ?? '' }));
  }
}

const creating = (name: string, about: string): Command =>
  withReason(new Command(name).description(about))
    .requiredOption('--filter <json>', text('batchFilter'), jsonObject)
    .option('--canary <n>', text('batchCanary'), items)
    .option('--expected <n>', text('batchExpected'), wholeNumber(0, batchLimits.items))
    .option('--wait', text('batchWait'), false);

const creators = (): Command[] => [
  creating('suspend', text('batchSuspend')).action((options: BatchOptions) =>
    run(options, (client, body) => client(batchOperationEndpoints.suspendProcessInstances, { body })),
  ),
  creating('resume', text('batchResume')).action((options: BatchOptions) =>
    run(options, (client, body) => client(batchOperationEndpoints.resumeProcessInstances, { body })),
  ),
  creating('cancel', text('batchCancel'))
    .option('--compensate', text('instanceCompensate'), false)
    .action((options: BatchOptions & { compensate: boolean }) =>
      run(options, (client, body) =>
        client(batchOperationEndpoints.cancelProcessInstances, { body: { ...body, compensate: options.compensate } }),
      ),
    ),
  creating('modify', text('batchModify'))
    .requiredOption('--move <json>', text('instanceMove'), jsonList)
    .action((options: BatchOptions & { move: never[] }) =>
      run(options, (client, body) =>
        client(batchOperationEndpoints.modifyProcessInstances, { body: { ...body, moveInstructions: options.move } }),
      ),
    ),
  creating('migrate', text('batchMigrate'))
    .requiredOption('--plan <json>', text('batchPlan'), jsonObject)
    .action((options: BatchOptions & { plan: never }) =>
      run(options, (client, body) =>
        client(batchOperationEndpoints.migrateProcessInstances, { body: { ...body, migrationPlan: options.plan } }),
      ),
    ),
  creating('revert', text('batchRevert')).action((options: BatchOptions) =>
    run(options, (client, body) => client(batchOperationEndpoints.revertMigrations, { body })),
  ),
  creating('resolve-incidents', text('batchResolve'))
    .option('--retries <n>', text('instanceRetries'), items)
    .action((options: BatchOptions & { retries?: number }) =>
      run(options, (client, body) =>
        client(batchOperationEndpoints.resolveIncidents, { body: { ...body, retries: options.retries ?? null } }),
      ),
    ),
  creating('set-variables', text('batchVariables'))
    .requiredOption('--set <json>', text('instanceSet'), jsonObject)
    .action((options: BatchOptions & { set: Record<string, never> }) =>
      run(options, (client, body) =>
        client(batchOperationEndpoints.setProcessInstancesVariables, { body: { ...body, variables: options.set } }),
      ),
    ),
  creating('retry-jobs', text('batchRetryJobs'))
    .option('--retries <n>', text('instanceRetries'), items, 1)
    .action((options: BatchOptions & { retries: number }) =>
      run(options, (client, body) =>
        client(batchOperationEndpoints.retryJobs, { body: { ...body, retries: options.retries } }),
      ),
    ),
];

const moves = {
  pause: ['suspendBatchOperation', text('batchPause')],
  continue: ['resumeBatchOperation', text('batchContinue')],
  abort: ['cancelBatchOperation', text('batchAbort')],
} as const;
const movers = (): Command[] =>
  Object.entries(moves).map(([name, [operation, about]]) =>
    withServer(new Command(name).description(about).argument('<key>', text('batchKey')))
      .requiredOption('--reason <text>', text('repairReason'))
      .action(async (batchOperationKey: string, options: ServerOptions & { reason: string }) => {
        const client = sessionOf(options);
        const params = { batchOperationKey };
        await client(batchOperationEndpoints[operation], { params, body: { reason: options.reason } });
        await show(client, await client(batchOperationEndpoints.getBatchOperation, { params }), options);
      }),
  );

const list = (): Command =>
  withServer(new Command('list').description(text('batchList'))).action(async (options: ServerOptions) => {
    const client = sessionOf(options);
    const { items: found } = await client(batchOperationEndpoints.searchBatchOperations, { body: {} });
    for (const batch of found) await show(client, { ...batch, operationsFailedCount: 0 }, options);
  });
const showCommand = (): Command =>
  withServer(new Command('show').description(text('batchShow')).argument('<key>', text('batchKey'))).action(
    async (batchOperationKey: string, options: ServerOptions) => {
      const client = sessionOf(options);
      await show(
        client,
        await client(batchOperationEndpoints.getBatchOperation, { params: { batchOperationKey } }),
        options,
      );
    },
  );

export function batchCommand(): Command {
  const command = new Command('batch').description(text('batch'));
  for (const made of [...creators(), ...movers(), list(), showCommand()]) command.addCommand(made);
  return command;
}
