/** Timers. BPMN 2.0.2 §10.5.5, table 10.101. */
import type { TimerDefinition, TimerKind } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { literal, required } from '../expression.ts';
import { placeOf } from '../extensions.ts';
import { isCycle, isDateTime, isDuration } from '../iso8601.ts';
import { child, text, type ModdleElement } from '../moddle.ts';
import type { EventPosition } from './positions.ts';

const timerAttributes = { timeDate: 'date', timeDuration: 'duration', timeCycle: 'cycle' } as const;
type TimerAttribute = keyof typeof timerAttributes;
const attributeOf: Readonly<Record<TimerKind, TimerAttribute>> = {
  date: 'timeDate',
  duration: 'timeDuration',
  cycle: 'timeCycle',
};
const starting: readonly TimerKind[] = ['date', 'cycle'];
const waiting: readonly TimerKind[] = ['date', 'duration'];
const any: readonly TimerKind[] = ['date', 'duration', 'cycle'];

function kindsAt(position: EventPosition, starts: boolean): readonly TimerKind[] {
  if (starts) return starting;
  return position === 'intermediateCatch' ? waiting : any;
}

/** null: a problem was reported. `starts`: it starts an instance. */
export function timerOf(
  definition: ModdleElement,
  position: EventPosition,
  starts: boolean,
  context: TransformContext,
): TimerDefinition | null {
  const { log, node } = context;
  const given = (Object.keys(timerAttributes) as TimerAttribute[]).filter((name) => child(definition, name) !== null);
  const attribute = given[0];
  const body = attribute === undefined ? null : child(definition, attribute);
  const source = body === null ? null : text(body, 'body');
  if (given.length !== 1 || attribute === undefined || source === null || source.trim() === '') {
    log.add('TIMER_MISSING', node.id);
    return null;
  }
  const kind = timerAttributes[attribute];
  const allowed = kindsAt(position, starts);
  if (!allowed.includes(kind)) {
    const choices = allowed.map((name) => attributeOf[name]).join(', ');
    log.add('TIMER_KIND', node.id, { kind: attribute, type: node.type, allowed: choices });
  }
  // What is interrupted once cannot be interrupted again.
  const interrupts = position === 'boundary' || position === 'eventSubProcessStart';
  if (kind === 'cycle' && interrupts) log.add('TIMER_CYCLE_INTERRUPTING', node.id);
  const value = required(source, placeOf(context, attribute));
  return value === null ? null : { kind, value };
}

const literalChecks: Readonly<Record<TimerKind, (value: string) => boolean>> = {
  date: isDateTime,
  duration: isDuration,
  cycle: isCycle,
};
/** Whether a timer's literal value has the form of its kind; FEEL is known at run time only. */
export function isValidTimer({ kind, value }: TimerDefinition): boolean {
  const literalText = literal(value);
  return literalText === null || literalChecks[kind](literalText);
}
