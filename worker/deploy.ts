/**
 * `npm run deploy -- <command>`: which build of the engine gets the tasks (docs/upgrades.md). Commands: `status`, `current <build>`,
 * `ramp <build> <percent>`, `rollback`, `drain <build>`. Settings are a worker's (TEMPORAL_ADDRESS, ALUR_DEPLOYMENT …).
 */
import { setTimeout as sleep } from 'node:timers/promises';
// The package is CommonJS whose names Node cannot see: only the default import works outside a bundler.
import proto from '@temporalio/proto';
import { z } from 'zod';
import { readWorkerConfig } from './config.ts';
import { connect } from './connect.ts';
import type { Server } from './versioning.ts';
import { makeCurrent } from './versioning.ts';

type Info = proto.temporal.api.deployment.v1.IWorkerDeploymentInfo;
type Summary = proto.temporal.api.deployment.v1.WorkerDeploymentInfo.IWorkerDeploymentVersionSummary;
const { VersionDrainageStatus } = proto.temporal.api.enums.v1;

const usage = 'usage: npm run deploy -- status | current <build> | ramp <build> <percent> | rollback | drain <build>';
const askAgainMs = 5_000;
const build = z.string().regex(/^[\w.-]{1,200}$/);
const command = z.union([
  z.tuple([z.enum(['status', 'rollback'])]),
  z.tuple([z.enum(['current', 'drain']), build]),
  z.tuple([z.literal('ramp'), build, z.coerce.number().min(0).max(100)]),
]);

interface Target extends Server {
  readonly name: string;
}
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const buildOf = (summary: Summary): string => summary.deploymentVersion?.buildId ?? '';
const secondsOf = (time: { readonly seconds?: unknown } | null | undefined): number => Number(time?.seconds ?? 0);

async function described({ connection, namespace, name }: Target): Promise<Info> {
  const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({
    namespace,
    deploymentName: name,
  });
  return workerDeploymentInfo ?? {};
}

/** A build without tasks of its own: no run is pinned to it any more. */
const isDrained = (summary: Summary): boolean =>
  summary.drainageStatus === VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED;

function show({ name, routingConfig, versionSummaries }: Info): void {
  const current = routingConfig?.currentDeploymentVersion?.buildId;
  const ramping = routingConfig?.rampingDeploymentVersion?.buildId;
  say(`deployment ${name}`);
  for (const summary of versionSummaries ?? []) {
    const id = buildOf(summary);
    const share = id === ramping ? `ramping ${routingConfig?.rampingVersionPercentage ?? 0} %` : null;
    const state = id === current ? 'current' : (share ?? (isDrained(summary) ? 'drained' : 'not current'));
    say(`  ${id}  ${state}`);
  }
}

/** The build that was current last, before the one that is. */
function previous({ routingConfig, versionSummaries }: Info): string {
  const current = routingConfig?.currentDeploymentVersion?.buildId;
  const [last] = (versionSummaries ?? [])
    .filter((summary) => buildOf(summary) !== current && secondsOf(summary.lastCurrentTime) > 0)
    .toSorted((a, b) => secondsOf(b.lastCurrentTime) - secondsOf(a.lastCurrentTime));
  if (last === undefined) throw new Error('no build was current before');
  return buildOf(last);
}

async function ramp({ connection, namespace, name }: Target, buildId: string, percentage: number): Promise<void> {
  await connection.workflowService.setWorkerDeploymentRampingVersion({
    namespace,
    deploymentName: name,
    buildId,
    percentage,
    ignoreMissingTaskQueues: true,
    identity: 'alur',
  });
}

async function drained(target: Target, buildId: string): Promise<void> {
  for (;;) {
    const info = await described(target);
    const summary = (info.versionSummaries ?? []).find((one) => buildOf(one) === buildId);
    if (summary === undefined) throw new Error(`no build ${buildId}`);
    if (info.routingConfig?.currentDeploymentVersion?.buildId === buildId) throw new Error(`${buildId} is current`);
    if (isDrained(summary)) return;
    await sleep(askAgainMs);
  }
}

async function main(): Promise<void> {
  const parsed = command.safeParse(process.argv.slice(2));
  if (!parsed.success) throw new Error(usage);
  const config = readWorkerConfig({ DATABASE_URL: 'postgres://none', ALUR_MASTER_KEY: 'none', ...process.env });
  const connection = await connect(config);
  const target = { connection, namespace: config.namespace, name: config.deployment.name };
  const [verb, buildId = '', percentage = 0] = parsed.data;
  try {
    if (verb === 'current') await makeCurrent(target, { ...target, buildId });
    if (verb === 'rollback') await makeCurrent(target, { ...target, buildId: previous(await described(target)) });
    if (verb === 'ramp') await ramp(target, buildId, percentage);
    if (verb === 'drain') await drained(target, buildId);
    show(await described(target));
  } finally {
    await connection.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
