/** Whether an element instance has begun to wait: not while its inputs, its listeners or an incident hold up its start. */
import type { Seq } from '../command.ts';
import type { IncidentStage, Move } from '../fact.ts';
import type { ElementInstance, InstanceState } from '../instance.ts';

const beginnings: ReadonlySet<IncidentStage> = new Set(['activate', 'start', 'trigger', 'enter']);

export function isStarted(
  { incidents, jobs, held }: Pick<InstanceState, 'incidents' | 'jobs' | 'held'>,
  agenda: readonly Move[],
  { seq }: ElementInstance,
): boolean {
  if (seq === 0 && held !== null) return false;
  if (agenda.some(({ element, stage }) => element === seq && beginnings.has(stage))) return false;
  const isHeldUp = Object.values(incidents).some(({ element, stage }) => isOf(element, seq) && beginnings.has(stage));
  const isListening = Object.values(jobs).some(
    ({ element, purpose }) => element === seq && purpose.kind === 'executionListener' && purpose.event === 'start',
  );
  return !isHeldUp && !isListening;
}

const isOf = (element: Seq | null, seq: Seq): boolean => (element ?? 0) === seq;
