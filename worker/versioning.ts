/**
 * Worker Versioning: Temporal gives a task only to workers of the build that the deployment says is current (docs/upgrades.md). A run may
 * go on with another build (auto-upgrade), or stays with the build it began on until it continues as new (pinned).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NativeConnection, WorkerDeploymentOptions } from '@temporalio/worker';

export type Versioning = 'auto-upgrade' | 'pinned' | 'off';
export interface Deployment {
  readonly name: string;
  readonly buildId: string;
  readonly versioning: Versioning;
}

const callMs = 5_000;
/** A build is known to Temporal a moment after its first poll. */
const knownWithinMs = 60_000;
const askAgainMs = 250;
const unimplemented = 12;

/** With versioning off the build is still named: Temporal keeps it with each task, and the gates read it there (workflows/gates.ts). */
export function deploymentOptions({ name, buildId, versioning }: Deployment): WorkerDeploymentOptions {
  const version = { deploymentName: name, buildId };
  return versioning === 'off'
    ? { version, useWorkerVersioning: false }
    : {
        version,
        useWorkerVersioning: true,
        defaultVersioningBehavior: versioning === 'pinned' ? 'PINNED' : 'AUTO_UPGRADE',
      };
}

export interface Server {
  readonly connection: NativeConnection;
  readonly namespace: string;
}
const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : null;

/** false: the server is too old for it. */
export async function supportsVersioning({ connection, namespace }: Server): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + callMs, () =>
      connection.workflowService.listWorkerDeployments({ namespace, pageSize: 1 }),
    );
    return true;
  } catch (error) {
    if (codeOf(error) === unimplemented) return false;
    throw error;
  }
}

/** Makes the build the one that gets tasks, as soon as a worker of it polls. Throws when it does not in time. */
export async function makeCurrent(
  { connection, namespace }: Server,
  { name, buildId }: Omit<Deployment, 'versioning'>,
): Promise<void> {
  for (const deadline = Date.now() + knownWithinMs; ;) {
    try {
      await connection.withDeadline(Date.now() + callMs, () =>
        connection.workflowService.setWorkerDeploymentCurrentVersion({
          namespace,
          deploymentName: name,
          buildId,
          ignoreMissingTaskQueues: true,
          identity: 'alur',
        }),
      );
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(askAgainMs);
    }
  }
}
