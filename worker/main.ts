/**
 * A worker process: any number of them, all alike. Ends with code 0 after SIGTERM or SIGINT (what it has begun is finished first), with
 * code 1 when it cannot work: the supervisor starts it again.
 */
import { Client } from '@temporalio/client';
import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { createConnectors } from '#activities/connectors/index.ts';
import { itemFileDeps } from '#activities/connectors/item-file-deps.ts';
import { createItemFileJobs } from '#activities/connectors/item-files.ts';
import { createContinuedHelpJobs } from '#activities/connectors/continued-help.ts';
import { itemDeps } from '#activities/connectors/item-deps.ts';
import { createItemJobs } from '#activities/connectors/item-jobs.ts';
import { paperDeps } from '#activities/connectors/paper-deps.ts';
import { createPaperJobs } from '#activities/connectors/paper-jobs.ts';
import { honouringRestrictions } from '#activities/connectors/subject-rights.ts';
import { connectorDeps } from '#activities/connectors/worker-deps.ts';
import type { JobHandler } from '#activities/job-handler.ts';
import { RecordTroubles } from '#activities/record-trouble.ts';
import { readMasterKey } from '#db/case-keys.ts';
import { createRowSeal } from '#db/exchange/row-seal.ts';
import { createFileRegister } from '#db/files.ts';
import { createPool } from '#db/pool.ts';
import { createPublicTokens } from '#db/public-token.ts';
import { createVault, deriveKey } from '#db/vault.ts';
import type { Vault } from '#db/vault.ts';
import { createPrinter } from '#documents/printer.ts';
import { openStore } from '#files/open-store.ts';
import type { Press } from '#issuing/issue.ts';
import { workflowBundle } from './bundle.ts';
import { connect } from './connect.ts';
import { readWorkerConfig } from './config.ts';
import type { WorkerConfig } from './config.ts';
import { createDataConverter, createWorker } from './create-worker.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLogger, noTrouble, temporalLogger } from './logging.ts';
import { startListMerger } from './list-merger.ts';
import { watchLostFacts } from './lost-facts.ts';
import { startSweeper } from './sweeper.ts';
import { makeCurrent, supportsVersioning } from './versioning.ts';

/** As configured, unless the server is too old to have worker deployments. */
async function deploymentOf(
  { deployment, namespace }: WorkerConfig,
  connection: NativeConnection,
  logger: Logger,
): Promise<WorkerConfig['deployment']> {
  if (deployment.versioning === 'off' || (await supportsVersioning({ connection, namespace }))) return deployment;
  logger.warn('this Temporal server has no worker deployments: versioning is off, every worker takes every task');
  return { ...deployment, versioning: 'off' };
}

/** Facts of so long before this start are compared with their workflows. */
const lookBackMs = 10 * 60_000;

interface HandlerParts {
  readonly pool: Pool;
  readonly vault: Vault;
  readonly client: Client;
  readonly press: Press;
}
function handlersOf({ pool, vault, client, press }: HandlerParts): Record<string, JobHandler> {
  const connecting = connectorDeps(pool, vault, process.env);
  const { files: store, fileRegister: register } = press;
  return {
    ...createConnectors(connecting),
    ...createItemJobs(itemDeps(pool, client)),
    ...createContinuedHelpJobs({ ...itemDeps(pool, client), deliveries: connecting.deliveries }),
    ...createItemFileJobs(itemFileDeps({ pool, vault, store, register, today: connecting.today })),
    ...honouringRestrictions(connecting.subjectRights, createPaperJobs(paperDeps(pool, press))),
  };
}

const openPress = async (config: WorkerConfig, masterKey: Buffer, vault: Vault): Promise<Press> => ({
  vault,
  files: await openStore(config.files, deriveKey(masterKey, 'files v1')),
  fileRegister: createFileRegister(masterKey),
  publicTokens: createPublicTokens(masterKey),
  publicUrl: config.publicUrl,
  print: createPrinter(),
});

/** Makes this build the current one; a worker that cannot ends. */
function announce(
  where: Parameters<typeof makeCurrent>[0],
  build: Parameters<typeof makeCurrent>[1],
  logger: Logger,
): void {
  makeCurrent(where, build).then(
    () => logger.info({ buildId: build.buildId }, 'this build is current'),
    (error: unknown) => {
      logger.fatal({ error: error instanceof Error ? error.message : String(error) }, 'this build is not current');
      process.exit(1);
    },
  );
}

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = createLogger(config.logLevel);
  const trouble = noTrouble();
  // The core's own warnings as well: without this they go past the logger, with payloads in them.
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  Runtime.install({
    logger: temporalLogger(logger, trouble),
    telemetryOptions: { logging: { filter, forward: {} } },
  });
  const masterKey = readMasterKey(config.masterKey);
  const pool = createPool({
    connectionString: config.databaseUrl,
    role: 'alur_worker',
    max: config.poolSize,
    onIdleError: (error) => logger.warn({ error: error.message }, 'a database connection broke'),
  });
  const bundle = await workflowBundle({
    cacheDir: config.cacheDir,
    logger: temporalLogger(logger.child({}, { level: 'warn' })),
  });
  const connection = await connect(config);
  const deployment = await deploymentOf(config, connection, logger);
  const { namespace, identity, hasTestClock, maxCachedWorkflows, workflowSlots, activitySlots } = config;
  const troubles = new RecordTroubles();
  const client = new Client({ connection, namespace, dataConverter: createDataConverter(pool, masterKey) });
  const vault = createVault(masterKey);
  const press = await openPress(config, masterKey, vault);
  const handlers = config.isBare ? {} : handlersOf({ pool, vault, client, press });
  const worker = await createWorker({
    connection,
    namespace,
    pool,
    masterKey,
    bundle,
    logger,
    handlers,
    home: config.home,
    troubles,
    afterRestore: config.afterRestore,
    hasTestClock,
    identity,
    deployment,
    maxCachedWorkflows,
    workflowSlots,
    activitySlots,
    onStuck: () => {
      logger.fatal('the workflow sandbox has not come to its turn for a minute');
      process.exit(1);
    },
  });
  const stopHeartbeat = startHeartbeat({
    connection,
    namespace,
    pool,
    identity,
    buildId: bundle.buildId,
    logger,
    trouble,
    onDead: () => {
      logger.fatal('no poll has succeeded for too long');
      process.exit(1);
    },
  });
  const since = new Date(Date.now() - lookBackMs);
  const { home, afterRestore, isBare } = config;
  // What a case of a test waits for is the test's affair.
  const stopSweeper = isBare ? () => undefined : startSweeper({ pool, client, masterKey, home, logger, troubles });
  const stopListMerger = startListMerger({ pool, vault, rowSeal: createRowSeal(masterKey), logger });
  // What PostgreSQL knows more after a restore is to be kept (docs/operations.md).
  const stopWatch = afterRestore ? () => undefined : watchLostFacts({ pool, client, logger, trouble, since });
  logger.info({ identity, buildId: bundle.buildId, ...deployment }, 'worker runs');
  if (config.makesCurrent && deployment.versioning !== 'off')
    announce({ connection, namespace }, { ...deployment, buildId: bundle.buildId }, logger);
  // Returns when a signal has ended it; throws when it cannot go on.
  await worker.run();
  stopWatch();
  stopSweeper();
  stopListMerger();
  stopHeartbeat();
  await connection.close();
  await pool.end();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
