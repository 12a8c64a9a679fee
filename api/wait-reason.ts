/** The one reason why a case waits (design.md §6): plain, with since when, for whom, until when. */
import type { PoolClient } from 'pg';
import type { WaitReason } from '#contract/case.ts';
import { findWaits } from '#db/queries/cases.ts';
import type { Wait } from '#db/queries/cases.ts';
import { findInstances } from '#db/queries/instances.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { ModelCache } from './models.ts';

/** Element types that stand still only to catch something: what they wait for is the reason. */
const catching = new Set(['receiveTask', 'intermediateCatchEvent', 'eventBasedGateway']);

/** Lower is nearer to the heart of the matter. Boundary events matter only when nothing else is waited for. */
function rankOf(wait: Wait): number {
  const isBoundary = wait.elementType === null || !catching.has(wait.elementType);
  switch (wait.kind) {
    case 'incident':
      return 1;
    case 'userTask':
      return 2;
    case 'message':
    case 'signal':
    case 'condition':
      return isBoundary ? 9 : 3;
    case 'adHoc':
      return 4;
    case 'job':
      return 5;
    case 'child':
      return 6;
    case 'timer':
      return isBoundary ? 8 : 7;
  }
}

const isReminder = (model: ProcessModel | null, elementId: string): boolean => {
  const node = model?.nodes[elementId];
  return node?.type === 'boundaryEvent' && !node.interrupting;
};
/** Until when: the wait's own time, or the earliest timer that ends it. */
function untilOf(
  wait: Wait,
  waits: readonly Wait[],
  model: ProcessModel | null,
): Pick<WaitReason, 'until' | 'overdue'> {
  if (wait.until !== null) return { until: wait.until, overdue: wait.overdue };
  const ending = waits.filter(
    ({ kind, elementKey, elementId, until }) =>
      kind === 'timer' && elementKey === wait.elementKey && until !== null && !isReminder(model, elementId),
  );
  const first = ending.toSorted((a, b) => (a.until ?? '').localeCompare(b.until ?? ''))[0];
  return { until: first?.until ?? null, overdue: first?.overdue ?? false };
}

function detailOf(wait: Wait): WaitReason['detail'] {
  switch (wait.kind) {
    case 'incident':
      return { incidentKey: wait.key, incidentCode: wait.what ?? '', errorMessage: wait.message ?? '' };
    case 'userTask':
      return { userTaskKey: wait.key };
    case 'message':
      return { messageName: wait.what ?? '' };
    case 'signal':
      return { signalName: wait.what ?? '' };
    case 'job':
      return {
        jobType: wait.what ?? '',
        retries: wait.retries ?? 0,
        ...(wait.message === null ? {} : { errorMessage: wait.message }),
      };
    case 'child':
      return { childCaseKey: wait.key, childProcessDefinitionId: wait.what ?? '' };
    case 'condition':
    case 'adHoc':
    case 'timer':
      return {};
  }
}

/** null: nothing is waited for. @param waits of one case, oldest first. */
export function mainReason(waits: readonly Wait[], model: ProcessModel | null): WaitReason | null {
  const relevant = waits.filter(({ kind, elementId }) => kind !== 'timer' || !isReminder(model, elementId));
  const wait = relevant.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
  if (wait === undefined) return null;
  return {
    kind: wait.kind,
    elementId: wait.elementId,
    name: model?.nodes[wait.elementId]?.name ?? wait.name,
    since: wait.since,
    ...untilOf(wait, waits, model),
    forWhom: wait.kind === 'userTask' ? { assignee: wait.assignee, groups: wait.groups ?? [] } : null,
    detail: detailOf(wait),
  };
}

/** Held by a person: that is the reason, whatever it stands at. */
const suspended = (since: string, main: WaitReason | null): WaitReason => ({
  kind: 'suspended',
  elementId: main?.elementId ?? '',
  name: main?.name ?? null,
  since,
  until: null,
  forWhom: null,
  overdue: false,
  detail: {},
});

export interface WaitingInstance {
  readonly processInstanceKey: string;
  readonly processDefinitionKey: string;
  readonly state: string;
  readonly suspendedAt: string | null;
}
/** Calls that are followed down to the case at which the waiting lies. */
const callsFollowed = 10;

/** Reasons of the open ones among the instances, by key. */
export async function waitReasonsOf(
  db: PoolClient,
  models: ModelCache,
  instances: readonly WaitingInstance[],
): Promise<ReadonlyMap<string, WaitReason>> {
  const reasons = await ownReasons(db, models, instances);
  await followCalls(db, models, reasons, callsFollowed);
  return reasons;
}

/** A case that waits for one it has called waits for what that one waits for, as far as the reader may see it. */
async function followCalls(
  db: PoolClient,
  models: ModelCache,
  reasons: Map<string, WaitReason>,
  calls: number,
): Promise<void> {
  const waiting = [...reasons].flatMap(([key, { kind, detail }]) =>
    kind === 'child' && detail.childCaseKey !== undefined ? [{ key, detail, child: detail.childCaseKey }] : [],
  );
  if (waiting.length === 0 || calls === 0) return;
  const called = await findInstances(
    db,
    waiting.map(({ child }) => child),
  );
  const inner = await ownReasons(db, models, called);
  await followCalls(db, models, inner, calls - 1);
  for (const { key, detail, child } of waiting) {
    const reason = inner.get(child);
    if (reason !== undefined) reasons.set(key, { ...reason, detail: { ...detail, ...reason.detail } });
  }
}

async function ownReasons(
  db: PoolClient,
  models: ModelCache,
  instances: readonly WaitingInstance[],
): Promise<Map<string, WaitReason>> {
  const open = instances.filter(({ state }) => state === 'ACTIVE');
  const waits = new Map<string, Wait[]>(open.map(({ processInstanceKey }) => [processInstanceKey, []]));
  for (const wait of await findWaits(db, [...waits.keys()])) waits.get(wait.instanceKey)?.push(wait);
  const reasons = new Map<string, WaitReason>();
  for (const { processInstanceKey, processDefinitionKey, suspendedAt } of open) {
    const main = mainReason(waits.get(processInstanceKey) ?? [], await models.get(db, processDefinitionKey));
    const reason = suspendedAt === null ? main : suspended(suspendedAt, main);
    if (reason !== null) reasons.set(processInstanceKey, reason);
  }
  return reasons;
}
