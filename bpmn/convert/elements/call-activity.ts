/** Call activities. Camunda 7 manual, "Call Activity": nothing is passed on unless camunda:in and camunda:out say so. */
import { extension, text, type ModdleElement } from '../../moddle.ts';
import { rewritten, take, type Conversion, type ConvertContext } from '../context.ts';
import { addInput, addOutput, set, setExtension } from '../edit.ts';
import { convertBinding } from './binding.ts';
import { attributeOf, takeElements } from '../vendor.ts';
import { nameText } from '../juel/piece.ts';

const called = 'zeebe:CalledElement';

export const callActivity: Conversion = (element, context) => {
  const calledElement = text(element, 'calledElement')?.trim() ?? '';
  const inherit = take(element, 'inheritVariables');
  if (calledElement === '' || extension(element, called) !== null) return;
  const finding = { element, construct: 'calledElement', original: calledElement };
  setExtension(element, called, { processId: rewritten(context, finding) });
  set(element, 'calledElement', undefined);
  convertBinding(element, 'calledElement', called, context);
  const all = convertInputs(element, context) || inherit?.original === 'true';
  setExtension(element, called, {
    propagateAllParentVariables: all,
    propagateAllChildVariables: convertOutputs(element, context),
  });
};

/** `source` or `sourceExpression` of camunda:in and camunda:out as an attribute's text; reported. */
function sourceOf(part: ModdleElement, element: ModdleElement, context: ConvertContext): string {
  const source = attributeOf(part, 'source');
  const target = attributeOf(part, 'target') ?? '';
  const construct = `${part.$type} ${target}`;
  if (source === null) {
    const original = attributeOf(part, 'sourceExpression') ?? '';
    return rewritten(context, { element, construct, original });
  }
  context.log.mapped({ element, construct, original: source }, target);
  return `=${nameText(source)}`;
}

/** True: all variables are passed. */
function convertInputs(element: ModdleElement, context: ConvertContext): boolean {
  let all = false;
  for (const part of takeElements(element, 'in')) {
    const businessKey = attributeOf(part, 'businessKey');
    const finding = { element, construct: part.$type, original: businessKey ?? attributeOf(part, 'variables') ?? '' };
    if (businessKey !== null) context.log.needsPerson(finding, 'BUSINESS_KEY');
    else if (attributeOf(part, 'variables') === 'all') {
      all = true;
      if (attributeOf(part, 'local') === 'true') context.log.needsPerson(finding, 'LOCAL_VARIABLES');
      else context.log.mapped(finding, 'propagateAllParentVariables="true"');
    } else addInput(element, sourceOf(part, element, context), attributeOf(part, 'target') ?? '');
  }
  return all;
}

/** True: all variables come back. */
function convertOutputs(element: ModdleElement, context: ConvertContext): boolean {
  const parts = takeElements(element, 'out');
  const everything = parts.find((part) => attributeOf(part, 'variables') === 'all');
  const some = parts.filter((part) => part !== everything);
  for (const part of some) addOutput(element, sourceOf(part, element, context), attributeOf(part, 'target') ?? '');
  if (everything === undefined) return false;
  const finding = { element, construct: everything.$type, original: 'all' };
  if (some.length > 0) context.log.needsPerson(finding, 'ALL_AND_SOME');
  else context.log.mapped(finding, 'propagateAllChildVariables="true"');
  return true;
}

/** camunda:in of a thrown signal: its variables are the event's inputs. */
export function signalInputs(definition: ModdleElement, event: ModdleElement, context: ConvertContext): void {
  for (const part of takeElements(definition, 'in')) {
    const finding = { element: event, construct: part.$type, original: attributeOf(part, 'variables') ?? '' };
    if (attributeOf(part, 'businessKey') !== null) context.log.needsPerson(finding, 'BUSINESS_KEY');
    else if (finding.original === 'all') context.log.needsPerson(finding, 'SIGNAL_ALL');
    else addInput(event, sourceOf(part, event, context), attributeOf(part, 'target') ?? '');
  }
}
