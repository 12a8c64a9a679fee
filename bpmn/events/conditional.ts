/** Conditional events. BPMN 2.0.2 §10.5.5: triggered when the condition becomes true. */
import type { ConditionDefinition } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { listed } from '../expression.ts';
import { placeOf } from '../extensions.ts';
import { formalExpression } from '../formal-expression.ts';
import { freeVariables } from '../free-variables.ts';
import { child, extension, filled, type ModdleElement } from '../moddle.ts';

const changes = ['create', 'update'] as const;

/** null: a problem was reported. */
export function conditionalOf(definition: ModdleElement, context: TransformContext): ConditionDefinition | null {
  const body = child(definition, 'condition');
  if (body === null) context.log.add('CONDITION_EVENT_EMPTY', context.node.id);
  const condition = formalExpression(body, placeOf(context, 'condition'));
  if (condition === null) return null;
  const filter = extension(definition, 'zeebe:ConditionalFilter');
  const names = filter === null ? null : filled(filter, 'variableNames');
  return {
    condition,
    reads: freeVariables(condition.ast),
    variableNames: names === null ? null : listed(names),
    variableEvents: filter === null ? null : variableEventsOf(filter, context),
  };
}

function variableEventsOf(
  filter: ModdleElement,
  { log, node }: TransformContext,
): ConditionDefinition['variableEvents'] {
  const source = filled(filter, 'variableEvents');
  if (source === null) return null;
  const given = listed(source);
  const unknown = given.filter((name) => !changes.some((change) => change === name));
  for (const value of unknown) log.add('VARIABLE_EVENT_UNKNOWN', node.id, { value, allowed: changes.join(', ') });
  return changes.filter((change) => given.includes(change));
}
