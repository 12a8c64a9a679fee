/** Signals. BPMN 2.0.2 §10.5.5: thrown to everybody who waits for the name, and caught by name alone. */
import type { SignalDefinition } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { constantText, isFeel, optional, staticOf } from '../expression.ts';
import { placeOf } from '../extensions.ts';
import { child, filled, idOf, type ModdleElement } from '../moddle.ts';

/** null: a problem was reported. `isStatic`: nothing runs yet that could compute the name. */
export function signalOf(
  definition: ModdleElement,
  context: TransformContext,
  isStatic: boolean,
): SignalDefinition | null {
  const { log, node } = context;
  const signal = child(definition, 'signalRef');
  if (signal === null) {
    log.add('SIGNAL_MISSING', node.id, { type: node.type });
    return null;
  }
  const source = filled(signal, 'name');
  if (source === null) {
    log.add('SIGNAL_NAME_MISSING', node.id, { signal: idOf(signal) ?? '' });
    return null;
  }
  const constant = constantText(source);
  if (constant !== null) return { name: staticOf(constant) };
  if (isStatic && isFeel(source)) {
    log.add('SIGNAL_NAME_DYNAMIC', node.id);
    return null;
  }
  const name = optional(source, placeOf(context, 'signal name'));
  return name === null ? null : { name };
}
