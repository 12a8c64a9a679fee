/** The processes of the load as BPMN 2.0 XML: small, each with another thing that could be lost or happen twice. */

/** Job type of outside workers: the harness does it and writes it into the sink. */
export const effectJobType = 'chaos.effect';
/** Candidate group of every user task. */
const group = 'chaos';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const extended = (...within: readonly string[]): string =>
  `<bpmn:extensionElements>${within.join('')}</bpmn:extensionElements>`;

type Part = (incoming: readonly string[], outgoing: readonly string[]) => string;
const flows = (incoming: readonly string[], outgoing: readonly string[]): string =>
  incoming.map((id) => `<bpmn:incoming>${id}</bpmn:incoming>`).join('') +
  outgoing.map((id) => `<bpmn:outgoing>${id}</bpmn:outgoing>`).join('');

const node =
  (type: string, id: string, options: { before?: string; after?: string; attributes?: string } = {}): Part =>
  (incoming, outgoing) =>
    `<bpmn:${type} id="${id}"${options.attributes ?? ''}>${options.before ?? ''}${flows(incoming, outgoing)}${options.after ?? ''}</bpmn:${type}>`;

export const start = (id = 'start'): Part => node('startEvent', id);
export const end = (id = 'end'): Part => node('endEvent', id);
/** An effect of an outside worker. */
export const effect = (id: string, loop = ''): Part =>
  node('serviceTask', id, {
    before: extended(`<zeebe:taskDefinition type="${effectJobType}" retries="5" />`),
    after: loop,
  });
/** An effect of a connector in our own worker; it names the element to the sink. */
export const notify = (id: string): Part =>
  node('serviceTask', id, {
    before: extended(
      '<zeebe:taskDefinition type="notifikasi.kirim" retries="20" />',
      `<zeebe:taskHeaders><zeebe:header key="kepada" value="${id}" /></zeebe:taskHeaders>`,
      '<zeebe:properties><zeebe:property name="alur.retryBackoff" value="PT1S" /></zeebe:properties>',
    ),
  });
export const userTask = (id: string, more: { output?: readonly [string, string]; loop?: string } = {}): Part =>
  node('userTask', id, {
    before: extended(
      '<zeebe:userTask />',
      `<zeebe:assignmentDefinition candidateGroups="${group}" />`,
      more.output === undefined
        ? ''
        : `<zeebe:ioMapping><zeebe:output source="=${escaped(more.output[1])}" target="${more.output[0]}" /></zeebe:ioMapping>`,
    ),
    after: more.loop ?? '',
  });
export const messageCatch = (id: string): Part =>
  node('intermediateCatchEvent', id, { after: `<bpmn:messageEventDefinition messageRef="${id}-message" />` });
export const timer = (id: string, duration: string): Part =>
  node('intermediateCatchEvent', id, {
    after: `<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${escaped(duration)}</bpmn:timeDuration></bpmn:timerEventDefinition>`,
  });
export const call = (id: string, processId: string): Part =>
  node('callActivity', id, {
    before: extended(`<zeebe:calledElement processId="${processId}" propagateAllChildVariables="false" />`),
  });
export const script = (id: string, expression: string, target: string): Part =>
  node('scriptTask', id, {
    before: extended(`<zeebe:script expression="=${escaped(expression)}" resultVariable="${target}" />`),
  });
export const choice = (id: string, otherwise: string): Part =>
  node('exclusiveGateway', id, { attributes: ` default="${otherwise}"` });
export const merge = (id: string): Part => node('exclusiveGateway', id);

/** One instance per item; `parallel` is the default of the standard. */
export const each = (
  items: string,
  more: { sequential?: boolean; output?: readonly [string, string] } = {},
): string => {
  const collected =
    more.output === undefined
      ? ''
      : ` outputCollection="${more.output[0]}" outputElement="=${escaped(more.output[1])}"`;
  return `<bpmn:multiInstanceLoopCharacteristics isSequential="${String(more.sequential ?? false)}">${extended(`<zeebe:loopCharacteristics inputCollection="=${escaped(items)}" inputElement="item"${collected} />`)}</bpmn:multiInstanceLoopCharacteristics>`;
};

export interface Flow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** FEEL. */
  readonly when?: string;
}

/** What stands between two tags: nodes by id and their flows, written `a>b` or as an object with a condition. */
export function body(parts: Readonly<Record<string, Part>>, arrows: readonly (string | Flow)[]): string {
  const all = arrows.map((arrow): Flow => {
    if (typeof arrow !== 'string') return arrow;
    const [from = '', to = ''] = arrow.split('>');
    return { id: `${from}-${to}`, from, to };
  });
  const drawn = Object.entries(parts).map(([id, part]) =>
    part(
      all.filter(({ to }) => to === id).map((flow) => flow.id),
      all.filter(({ from }) => from === id).map((flow) => flow.id),
    ),
  );
  const lines = all.map(({ id, from, to, when }) => {
    const condition =
      when === undefined
        ? ''
        : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=${escaped(when)}</bpmn:conditionExpression>`;
    return `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${condition}</bpmn:sequenceFlow>`;
  });
  return [...drawn, ...lines].join('');
}

export const subProcess = (id: string, within: string, loop = ''): Part =>
  node('subProcess', id, { after: loop + within });

export interface Message {
  /** Of the catch event that waits for it. */
  readonly element: string;
  readonly name: string;
  /** FEEL. */
  readonly correlationKey: string;
}

export function processXml(processId: string, within: string, messages: readonly Message[] = []): string {
  const roots = messages.map(
    ({ element, name, correlationKey }) =>
      `<bpmn:message id="${element}-message" name="${name}">${extended(`<zeebe:subscription correlationKey="=${escaped(correlationKey)}" />`)}</bpmn:message>`,
  );
  const known = extended(
    '<zeebe:properties><zeebe:property name="alur.businessKey" value="=ref" /><zeebe:property name="alur.region" value="32.15" /></zeebe:properties>',
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="http://example.org">${roots.join('')}<bpmn:process id="${processId}" isExecutable="true">${known}${within}</bpmn:process></bpmn:definitions>`;
}
