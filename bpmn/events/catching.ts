/** What catch events wait for. BPMN 2.0.2 §10.5.4, §10.5.5. */
import type { CatchTrigger, SingleTrigger } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { triggersOf, type ModdleElement } from '../moddle.ts';
import { instantiationOf } from '../scopes.ts';
import { conditionalOf } from './conditional.ts';
import { caughtErrorOf } from './error.ts';
import { caughtEscalationOf } from './escalation.ts';
import { messageOf, type MessageUse } from './message.ts';
import { named } from './named.ts';
import { definitionKind, legalKind, positionOf, type EventKind, type EventPosition } from './positions.ts';
import { signalOf } from './signal.ts';
import { timerOf } from './timer.ts';

/** The trigger of a start, boundary or intermediate catch event; `none` for a none start event; null: refused and reported. */
export function triggerOf(element: ModdleElement, context: TransformContext): CatchTrigger | 'none' | null {
  const kind = legalKind(element, context);
  const position = positionOf(context.node, context.graph);
  if (kind === null || position === null) return null;
  if (kind === 'none') return 'none';
  const triggers: SingleTrigger[] = [];
  const definitions = triggersOf(element);
  const use = messageUseOf(position, kind, context);
  for (const definition of definitions) {
    const trigger = singleTrigger(definition, { position, use, context });
    if (trigger !== null) triggers.push(trigger);
  }
  const [first] = triggers;
  if (first === undefined || triggers.length < definitions.length) return null;
  return kind === 'multiple' || kind === 'parallelMultiple' ? { type: kind, triggers } : first;
}

/** How an event uses its message. Where all of several parts are needed, the instance that the first one starts waits for the others. */
function messageUseOf(position: EventPosition, kind: EventKind, { node }: TransformContext): MessageUse {
  if (position === 'processStart') return { starts: true, correlates: kind === 'parallelMultiple' };
  const instantiation = instantiationOf(node);
  return { starts: instantiation !== null, correlates: instantiation !== 'exclusive' };
}

interface TriggerPlace {
  readonly position: EventPosition;
  readonly use: MessageUse;
  readonly context: TransformContext;
}
type Reader<Type> = (
  definition: ModdleElement,
  place: TriggerPlace,
) => Omit<Extract<SingleTrigger, { type: Type }>, 'type'> | null;

const plain = () => ({});

/** What each kind of definition says. */
const readers: { readonly [Type in SingleTrigger['type']]: Reader<Type> } = {
  message: (definition, { use, context }) => named('message', messageOf(definition, context, use)),
  timer: (definition, { position, use, context }) => named('timer', timerOf(definition, position, use.starts, context)),
  signal: (definition, { use, context }) => named('signal', signalOf(definition, context, use.starts)),
  conditional: (definition, { context }) => named('conditional', conditionalOf(definition, context)),
  error: (definition, { context }) => named('error', caughtErrorOf(definition, context)),
  escalation: (definition, { context }) => named('escalation', caughtEscalationOf(definition, context)),
  compensation: plain,
  cancel: plain,
  link: plain,
};

function singleTrigger(definition: ModdleElement, place: TriggerPlace): SingleTrigger | null {
  const type = definitionKind(definition);
  if (type === null || !Object.hasOwn(readers, type)) return null;
  const read: Reader<SingleTrigger['type']> = readers[type as SingleTrigger['type']];
  const rest = read(definition, place);
  return rest === null ? null : ({ type, ...rest } as SingleTrigger);
}
