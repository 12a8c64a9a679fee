/** Small processes as text. */
export const flow = (from: string, to: string, rest = ''): string =>
  `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}" ${rest}/>`;
export const conditional = (from: string, to: string, condition: string): string =>
  `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"><bpmn:conditionExpression>${condition}</bpmn:conditionExpression></bpmn:sequenceFlow>`;
export const ext = (content: string): string => `<bpmn:extensionElements>${content}</bpmn:extensionElements>`;
export const property = (name: string, value: string): string =>
  ext(`<zeebe:properties><zeebe:property name="${name}" value="${value}" /></zeebe:properties>`);
/** start → x → end, where x is the element given. */
export const around = (element: string, more = ''): string =>
  `<bpmn:startEvent id="s" />${element}<bpmn:endEvent id="e" />${flow('s', 'x')}${flow('x', 'e')}${more}`;
export const task = (type: string, content: string, attributes = ''): string =>
  around(`<bpmn:${type} id="x" ${attributes}>${content}</bpmn:${type}>`);
export const message = (name: string, key = ''): string =>
  `<bpmn:message id="m" name="${name}">${key === '' ? '' : ext(`<zeebe:subscription correlationKey="${key}" />`)}</bpmn:message>`;
export const timer = (content: string): string => `<bpmn:timerEventDefinition>${content}</bpmn:timerEventDefinition>`;
export const job = '<zeebe:taskDefinition type="t" />';
export const boundary = (id: string, definition: string, attributes = ''): string =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="x" ${attributes}>${definition}</bpmn:boundaryEvent>${flow(id, 'e')}`;
export const loop = (zeebe: string, content = ''): string =>
  `<bpmn:multiInstanceLoopCharacteristics>${ext(zeebe)}${content}</bpmn:multiInstanceLoopCharacteristics>`;
export const gatewayTo = (type: string, attributes: string, flows: string): string =>
  `<bpmn:startEvent id="s" /><bpmn:${type} id="x" ${attributes}/><bpmn:task id="a" /><bpmn:endEvent id="e" />${flow('s', 'x')}${flow('a', 'e')}${flows}`;
