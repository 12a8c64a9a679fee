import type { CallActivity, CallBinding } from '#engine/model.ts';
import { remedyFor } from '../admission.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { isFeel, literal, optional } from '../expression.ts';
import { placeOf, propertiesOf } from '../extensions.ts';
import { extension, filled, flag, type ModdleElement } from '../moddle.ts';
import { activityBase } from '../node.ts';

/** Property with the version number to call. */
const versionProperty = 'alur.calledVersion';
const bindings = ['latest', 'deployment', 'versionTag'] as const;

/** BPMN 2.0.2 §10.3.6: starts another process and waits for its end: zeebe:calledElement, else the attribute calledElement. */
export const callActivity: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const { log, node } = context;
  const called = extension(element, 'zeebe:CalledElement');
  const source = called === null ? plainName(element) : filled(called, 'processId');
  if (source === null) {
    log.add('CALLED_ELEMENT_MISSING', node.id);
    return null;
  }
  const businessId = called === null ? null : filled(called, 'businessId');
  if (businessId !== null) {
    log.add('ATTRIBUTE_UNSUPPORTED', node.id, {
      attribute: 'businessId',
      value: businessId,
      fix: remedyFor('businessId'),
    });
  }
  const processId = optional(source, placeOf(context, 'zeebe:calledElement processId'));
  const bound = bindingOf(called, element, context);
  if (processId === null || bound === null) return null;
  return {
    ...base,
    type: 'callActivity',
    processId,
    ...bound,
    propagateAllParentVariables: called === null || flag(called, 'propagateAllParentVariables', true),
    propagateAllChildVariables: called === null || flag(called, 'propagateAllChildVariables', true),
  };
};

/** The standard's own reference is a qualified name; the prefix stands for a namespace of files. */
const plainName = (element: ModdleElement): string | null => {
  const name = filled(element, 'calledElement')?.replace(/^.*:/, '') ?? '';
  return name === '' || isFeel(name) ? null : name;
};

type Bound = Pick<CallActivity, 'binding' | 'versionTag' | 'version'>;

function bindingOf(called: ModdleElement | null, element: ModdleElement, context: TransformContext): Bound | null {
  const { log, node } = context;
  const given = (called === null ? null : filled(called, 'bindingType')) ?? 'latest';
  const number = propertiesOf(element, context)[versionProperty] ?? null;
  if (number !== null) {
    const version = optional(number, placeOf(context, versionProperty));
    const value = literal(version);
    if (value !== null && !/^[1-9]\d*$/.test(value)) log.add('VERSION_INVALID', node.id, { value });
    if (given !== 'latest') log.add('VERSION_AMBIGUOUS', node.id, { binding: given });
    return { binding: 'version', versionTag: null, version };
  }
  const binding: CallBinding | null = bindings.find((name) => name === given) ?? null;
  if (binding === null) {
    const allowed = bindings.join(', ');
    log.add('BINDING_UNSUPPORTED', node.id, { binding: given, extension: 'zeebe:calledElement', allowed });
    return null;
  }
  const versionTag = binding === 'versionTag' && called !== null ? filled(called, 'versionTag') : null;
  if (binding === 'versionTag' && versionTag === null) log.add('VERSION_TAG_MISSING', node.id);
  return { binding, versionTag, version: null };
}
