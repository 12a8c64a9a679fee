import type { CallActivity } from '#engine/model.ts';
import { remedyFor } from '../admission.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { optional } from '../expression.ts';
import { placeOf } from '../extensions.ts';
import { extension, filled, flag, type ModdleElement } from '../moddle.ts';
import { activityBase } from '../multi-instance.ts';

/** BPMN 2.0.2 §10.3.6: starts another process and waits for its end (zeebe:calledElement). */
export const callActivity: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const { log, node } = context;
  const called = extension(element, 'zeebe:CalledElement');
  const source = called === null ? null : filled(called, 'processId');
  if (called === null || source === null) {
    log.add('CALLED_ELEMENT_MISSING', node.id);
    return null;
  }
  const businessId = filled(called, 'businessId');
  if (businessId !== null) {
    log.add('ATTRIBUTE_UNSUPPORTED', node.id, {
      attribute: 'businessId',
      value: businessId,
      fix: remedyFor('businessId'),
    });
  }
  const processId = optional(source, placeOf(context, 'zeebe:calledElement processId'));
  const binding = bindingOf(called, context);
  if (processId === null || binding === null) return null;
  return {
    ...base,
    type: 'callActivity',
    processId,
    binding,
    versionTag: binding === 'versionTag' ? filled(called, 'versionTag') : null,
    propagateAllParentVariables: flag(called, 'propagateAllParentVariables', true),
    propagateAllChildVariables: flag(called, 'propagateAllChildVariables', true),
  };
};

const bindings = ['latest', 'deployment', 'versionTag'] as const;

function bindingOf(called: ModdleElement, { log, node }: TransformContext): CallActivity['binding'] | null {
  const given = filled(called, 'bindingType') ?? 'latest';
  const binding = bindings.find((name) => name === given) ?? null;
  if (binding === null) {
    const allowed = bindings.join(', ');
    log.add('BINDING_UNSUPPORTED', node.id, { binding: given, extension: 'zeebe:calledElement', allowed });
  }
  if (binding === 'versionTag' && filled(called, 'versionTag') === null) log.add('VERSION_TAG_MISSING', node.id);
  return binding;
}
