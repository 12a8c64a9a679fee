import type { BusinessRuleTask } from '#engine/model.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { optional } from '../expression.ts';
import { chosen, headersOf, placeOf, propertiesOf, resultVariableOf } from '../extensions.ts';
import { jobOf } from '../job.ts';
import { extension, filled, type ModdleElement } from '../moddle.ts';
import { activityBase } from '../node.ts';

const bindings: readonly string[] = ['latest', 'deployment', 'versionTag'];
/** Property with the day that says which version of the decision is in force. */
const dateProperty = 'alur.decisionDate';

/** BPMN 2.0.2 §10.3.3: a DMN decision (zeebe:calledDecision), or a job. */
export const businessRuleTask: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const rule = ruleOf(element, context);
  return rule === null ? null : { ...base, type: 'businessRuleTask', rule };
};

function ruleOf(element: ModdleElement, context: TransformContext): BusinessRuleTask['rule'] | null {
  const { log, node } = context;
  const choice = chosen(element, ['zeebe:CalledDecision', 'zeebe:TaskDefinition'], context);
  if (choice === null) return null;
  const definition = extension(element, choice);
  if (choice === 'zeebe:TaskDefinition' || definition === null) {
    const job = jobOf(element, context);
    return job === null ? null : { kind: 'job', job, headers: headersOf(element, context) };
  }
  const source = filled(definition, 'decisionId');
  if (source === null) log.add('DECISION_ID_MISSING', node.id);
  const binding = filled(definition, 'bindingType') ?? 'latest';
  // Decisions are bound when the process is published, which is what the first two bindings mean here.
  if (!bindings.includes(binding)) {
    const allowed = bindings.join(', ');
    log.add('BINDING_UNSUPPORTED', node.id, { binding, extension: 'zeebe:calledDecision', allowed });
  }
  const versionTag = binding === 'versionTag' ? filled(definition, 'versionTag') : null;
  if (binding === 'versionTag' && versionTag === null) log.add('VERSION_TAG_MISSING', node.id);
  const decisionDate = optional(propertiesOf(element, context)[dateProperty] ?? null, placeOf(context, dateProperty));
  const decisionId = optional(source, placeOf(context, 'zeebe:calledDecision decisionId'));
  const resultVariable = resultVariableOf(definition, context);
  if (decisionId === null || resultVariable === null) return null;
  return {
    kind: 'decision',
    decisionId,
    ...(versionTag === null ? {} : { versionTag }),
    ...(decisionDate === null ? {} : { decisionDate }),
    resultVariable,
  };
}
