/** Suspension and resumption of an instance with everything it has called. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DryRunAnswer, DryRunLine } from '#contract/operation.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import { activeTree, callsUnderWay } from '#db/queries/repairs.ts';
import type { TreeInstance } from '#db/queries/repairs.ts';
import { assertRunning, visibleInstance } from './commands.ts';
import { noContent } from './handler.ts';
import { Refusal } from './refusal.ts';
import { linesOf, repair } from './repairs.ts';
import type { Asking, RepairCall } from './repairs.ts';

/** A call that was under way when its caller was held is waited for: so often, so long. */
const patience = { rounds: 20, pauseMs: 100 } as const;

type Direction = 'suspendInstance' | 'resumeInstance';
interface Look {
  readonly root: InstanceRow;
  /** Those that still are as they were, in the order of work: callers are held first, and go on last. */
  readonly left: readonly TreeInstance[];
  readonly isUnderWay: boolean;
}

const look = (call: RepairCall, instanceKey: string, type: Direction): Promise<Look> =>
  call.db(async (db) => {
    const root = await visibleInstance(db, instanceKey);
    assertRunning(root);
    const tree = await activeTree(db, instanceKey);
    const wanted = type === 'suspendInstance';
    const left = tree.filter(({ isSuspended }) => isSuspended !== wanted);
    const isUnderWay =
      wanted &&
      (await callsUnderWay(
        db,
        tree.map((instance) => instance.instanceKey),
      ));
    return { root, left: wanted ? left : left.toReversed(), isUnderWay };
  });

const orderOf = ({ instanceKey, processId }: TreeInstance, type: Direction, body: Asking) => ({
  instance: { processInstanceKey: instanceKey, processDefinitionId: processId },
  command: { type },
  body,
});

/** @throws Refusal when nothing is left to do and this request has not done it */
export async function overTree(
  call: RepairCall,
  instanceKey: string,
  type: Direction,
  body: Asking,
  wasDone: boolean,
): Promise<DryRunAnswer | typeof noContent> {
  let { left, isUnderWay } = await look(call, instanceKey, type);
  if (left.length === 0 && !wasDone)
    throw new Refusal('wrongState', type === 'suspendInstance' ? 'suspended' : 'notSuspended');
  if (body.dryRun === true) {
    const lines: DryRunLine[] = [];
    for (const instance of left) lines.push(...(await linesOf(call, orderOf(instance, type, body))));
    return { dryRun: true, lines };
  }
  for (let round = 0; ; round += 1) {
    for (const instance of left) await one(call, instance, type, body);
    if (!isUnderWay || round >= patience.rounds) return noContent;
    await delay(patience.pauseMs);
    ({ left, isUnderWay } = await look(call, instanceKey, type));
  }
}

/** One that ended meanwhile, or that somebody else was quicker with, is as it should be. */
async function one(call: RepairCall, instance: TreeInstance, type: Direction, body: Asking): Promise<void> {
  try {
    await repair(call, orderOf(instance, type, body));
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'wrongState' && instance.depth > 0)) throw error;
  }
}
