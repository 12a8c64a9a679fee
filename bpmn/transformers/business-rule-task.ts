import type { BusinessRuleTask } from '#engine/model.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { optional } from '../expression.ts';
import { chosen, headersOf, placeOf, resultVariableOf } from '../extensions.ts';
import { jobOf } from '../job.ts';
import { extension, filled, type ModdleElement } from '../moddle.ts';
import { activityBase } from '../node.ts';

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
  // Decisions are bound when the process is published, which is what both bindings mean here.
  if (binding !== 'latest' && binding !== 'deployment') {
    log.add('BINDING_UNSUPPORTED', node.id, {
      binding,
      extension: 'zeebe:calledDecision',
      allowed: 'latest, deployment',
    });
  }
  const decisionId = optional(source, placeOf(context, 'zeebe:calledDecision decisionId'));
  const resultVariable = resultVariableOf(definition, context);
  return decisionId === null || resultVariable === null ? null : { kind: 'decision', decisionId, resultVariable };
}
