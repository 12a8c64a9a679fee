/** Which conversions an element goes through, in order. */
import { extension, instanceOf, type ModdleElement } from '../../moddle.ts';
import { rewriteBody, type Conversion } from '../context.ts';
import { businessRuleTask } from './business-rule-task.ts';
import { callActivity } from './call-activity.ts';
import { jobPriority, meaningless, properties, retryTimeCycle } from './common.ts';
import { correlationKey, event, root } from './events.ts';
import { forms } from './forms.ts';
import { convertImplementation } from './implementation.ts';
import { executionListeners, taskListeners } from './listeners.ts';
import { inputOutput } from './parameters.ts';
import { process, startEvent } from './process.ts';
import { scriptTask } from './script-task.ts';
import { userTask } from './user-task.ts';

const implementation: Conversion = (element, context) => {
  convertImplementation(element, element, context);
};
/** Bodies with conditions, by the element that holds them. */
const body =
  (name: string): Conversion =>
  (element, context) => {
    rewriteBody(element, name, context);
  };

/** By type or supertype; all that apply, in this order. */
const conversions: readonly (readonly [type: string, conversion: Conversion])[] = [
  ['bpmn:Process', process],
  ['bpmn:RootElement', root],
  ['bpmn:StartEvent', startEvent],
  ['bpmn:StartEvent', forms],
  ['bpmn:UserTask', forms],
  ['bpmn:UserTask', userTask],
  ['bpmn:UserTask', taskListeners],
  ['bpmn:ServiceTask', implementation],
  ['bpmn:SendTask', implementation],
  ['bpmn:BusinessRuleTask', businessRuleTask],
  ['bpmn:ScriptTask', scriptTask],
  ['bpmn:CallActivity', callActivity],
  ['bpmn:Event', event],
  ['bpmn:SequenceFlow', body('conditionExpression')],
  ['bpmn:AdHocSubProcess', body('completionCondition')],
  ['bpmn:ComplexGateway', body('activationCondition')],
];
/** After those of the type: what any element may have. */
const everywhere: readonly Conversion[] = [
  correlationKey,
  inputOutput,
  executionListeners,
  retryTimeCycle,
  jobPriority,
  properties,
  meaningless,
];

/** A user task that is Zeebe's already stays as it is. */
const isNative = (element: ModdleElement): boolean => extension(element, 'zeebe:UserTask') !== null;

export const convertElement: Conversion = (element, context) => {
  for (const [type, conversion] of conversions) {
    if (!instanceOf(element, type) || (conversion === userTask && isNative(element))) continue;
    conversion(element, context);
  }
  for (const conversion of everywhere) conversion(element, context);
};
