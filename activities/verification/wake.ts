/** Has the workflow tasks of cases that stand still handed out anew, where Temporal may have forgotten to ask for them. */
import type { StuckCause } from '#contract/stuck-case.ts';
import { findCases } from '#db/verification/cases.ts';
import { workflowIdOf } from '#workflows/messages.ts';
import type { HandOut } from '../hand-out.ts';
import { inParallel } from './several.ts';
import type { StuckDeps, StuckFinding } from './stuck.ts';

/** What such a case looks like. */
const asleep: ReadonlySet<StuckCause> = new Set(['CASE_UNKNOWN', 'JOB_LOST', 'NO_REASON_TO_WAIT', 'TIMER_OVERDUE']);
/** In one sweep; the others wait for the next. */
const casesMost = 300;
const atOnce = 8;

/** How many there were. */
export async function wake(
  { pool, seconds }: Pick<StuckDeps, 'pool' | 'seconds'>,
  handOut: HandOut,
  found: readonly StuckFinding[],
): Promise<number> {
  const suspects = found.filter(({ cause }) => asleep.has(cause)).slice(0, casesMost);
  const processes = new Map(suspects.map(({ instanceKey, processId }) => [instanceKey, processId]));
  const cases = await findCases(pool, [...processes.keys()]);
  const woken = await inParallel([...processes], atOnce, async ([instanceKey, known]) => {
    const processId = known ?? cases.get(instanceKey)?.processId ?? null;
    // one that could not be looked at is looked at by the next sweep
    return processId !== null && handOut.again(workflowIdOf(processId, instanceKey), seconds).catch(() => false);
  });
  return woken.filter(Boolean).length;
}
