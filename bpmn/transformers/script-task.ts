import type { ScriptTask } from '#engine/model.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { requiredFeel } from '../expression.ts';
import { chosen, headersOf, placeOf, resultVariableOf } from '../extensions.ts';
import { jobOf } from '../job.ts';
import { extension, text, type ModdleElement } from '../moddle.ts';
import { activityBase } from '../node.ts';

/** BPMN 2.0.2 §10.3.3: a FEEL expression (zeebe:script), or a job. */
export const scriptTask: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const script = scriptOf(element, context);
  return script === null ? null : { ...base, type: 'scriptTask', script };
};

function scriptOf(element: ModdleElement, context: TransformContext): ScriptTask['script'] | null {
  const choice = chosen(element, ['zeebe:Script', 'zeebe:TaskDefinition'], context);
  if (choice === null) return null;
  const definition = extension(element, choice);
  if (choice === 'zeebe:TaskDefinition' || definition === null) {
    const job = jobOf(element, context);
    return job === null ? null : { kind: 'job', job, headers: headersOf(element, context) };
  }
  const expression = requiredFeel(text(definition, 'expression'), placeOf(context, 'zeebe:script expression'));
  const resultVariable = resultVariableOf(definition, context);
  return expression === null || resultVariable === null ? null : { kind: 'feel', expression, resultVariable };
}
