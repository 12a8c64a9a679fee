/** Every problem the compiler can report, each by a small model that has it; and several at once. */
import { afterAll, describe, expect, test } from '@jest/globals';
import catalog from '#bpmn/messages.json' with { type: 'json' };
import { compile } from '#bpmn/compile.ts';
import { compileDeployment, type DeploymentFile } from '#bpmn/deployment.ts';
import { limits } from '#bpmn/limits.ts';
import { bpmn, codes, problemLines } from './support.ts';

const seen = new Set<string>();
afterAll(() => {
  // Run as a whole, no message is left without an example.
  if (seen.size > 60) expect(Object.keys(catalog).filter((code) => !seen.has(code))).toEqual([]);
});

const flow = (from: string, to: string, rest = ''): string =>
  `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}" ${rest}/>`;
const conditional = (from: string, to: string, condition: string): string =>
  `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}"><bpmn:conditionExpression>${condition}</bpmn:conditionExpression></bpmn:sequenceFlow>`;
const ext = (content: string): string => `<bpmn:extensionElements>${content}</bpmn:extensionElements>`;
const property = (name: string, value: string): string =>
  ext(`<zeebe:properties><zeebe:property name="${name}" value="${value}" /></zeebe:properties>`);
/** start → x → end, where x is the element given. */
const around = (element: string, more = ''): string =>
  `<bpmn:startEvent id="s" />${element}<bpmn:endEvent id="e" />${flow('s', 'x')}${flow('x', 'e')}${more}`;
const task = (type: string, content: string, attributes = ''): string =>
  around(`<bpmn:${type} id="x" ${attributes}>${content}</bpmn:${type}>`);
const message = (name: string, key = ''): string =>
  `<bpmn:message id="m" name="${name}">${key === '' ? '' : ext(`<zeebe:subscription correlationKey="${key}" />`)}</bpmn:message>`;
const timer = (content: string): string => `<bpmn:timerEventDefinition>${content}</bpmn:timerEventDefinition>`;
const job = '<zeebe:taskDefinition type="t" />';
const boundary = (id: string, definition: string, attributes = ''): string =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="x" ${attributes}>${definition}</bpmn:boundaryEvent>${flow(id, 'e')}`;
const loop = (zeebe: string, content = ''): string =>
  `<bpmn:multiInstanceLoopCharacteristics>${ext(zeebe)}${content}</bpmn:multiInstanceLoopCharacteristics>`;
const gatewayTo = (type: string, attributes: string, flows: string): string =>
  `<bpmn:startEvent id="s" /><bpmn:${type} id="x" ${attributes}/><bpmn:task id="a" /><bpmn:endEvent id="e" />${flow('s', 'x')}${flow('a', 'e')}${flows}`;

/** Code, element, process content, content beside the process. */
const cases: readonly (readonly [code: string, elementId: string, process: string, beside?: string])[] = [
  ['CONTENT_UNKNOWN', 'x', task('task', '', 'colour="red"')],
  ['CONTENT_UNKNOWN', 'x', task('task', '<bpmn:wish />')],
  ['REFERENCE_UNRESOLVED', 's-gone', `<bpmn:startEvent id="s" />${flow('s', 'gone')}`],
  [
    'REFERENCE_DANGLING',
    'lane',
    `<bpmn:laneSet id="l"><bpmn:lane id="lane"><bpmn:flowNodeRef>gone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>${task('task', '')}`,
  ],
  ['DUPLICATE_ID', 'x', `${task('task', '')}<bpmn:task id="x" />`],
  ['MISSING_ID', 'p', `${task('task', '')}<bpmn:task name="?" />`],
  ['RESERVED_ID', 'constructor', `${task('task', '')}<bpmn:task id="constructor" />`],
  ['RESERVED_NAME', 'x', task('serviceTask', ext('<zeebe:taskDefinition type="alur.recordFacts" />'))],
  ['ELEMENT_UNSUPPORTED', 'x', task('adHocSubProcess', '')],
  ['EVENT_UNSUPPORTED', 'x', task('intermediateThrowEvent', '<bpmn:signalEventDefinition />')],
  [
    'EVENT_MULTIPLE',
    'x',
    task('intermediateCatchEvent', timer('<bpmn:timeDuration>PT1H</bpmn:timeDuration>').repeat(2)),
  ],
  ['ATTRIBUTE_UNSUPPORTED', 'x', task('task', '', 'isForCompensation="true"')],
  ['CONTENT_UNSUPPORTED', 'x', task('task', '<bpmn:standardLoopCharacteristics />')],
  ['EXTENSION_UNSUPPORTED', 'x', task('task', ext('<zeebe:executionListeners />'))],
  ['EXTENSION_DUPLICATE', 'x', task('serviceTask', ext(job + job))],
  ['EXTENSION_FOREIGN', 'x', task('task', ext('<acme:note xmlns:acme="https://example.org/acme" />'))],
  ['PLATFORM_FOREIGN', 'x', task('task', ext('<c:in xmlns:c="http://camunda.org/schema/1.0/bpmn" />'))],
  ['PLATFORM_FOREIGN', 'x', task('task', ext('<f:in xmlns:f="http://flowable.org/bpmn" />'))],
  ['PROPERTY_UNKNOWN', 'x', task('userTask', property('alur.notTheSameAs', 'y'))],
  ['PROPERTY_MISPLACED', 'x', task('userTask', property('alur.region', '=y'))],
  ['NAME_RESERVED', 'x', task('userTask', property('__proto__', 'y'))],
  ['NAME_MISSING', 'x', task('userTask', property('', 'y'))],
  ['FEEL_SYNTAX', 'x', task('scriptTask', ext('<zeebe:script expression="=1 +" resultVariable="r" />'))],
  ['FEEL_SYNTAX', 'x', task('scriptTask', ext('<zeebe:script expression="=a &gt; &gt; 3" resultVariable="r" />'))],
  ['EXPRESSION_MISSING', 'x', task('scriptTask', ext('<zeebe:script resultVariable="r" />'))],
  [
    'EXPRESSION_NOT_FEEL',
    'x-a',
    gatewayTo('exclusiveGateway', 'default="x-e"', conditional('x', 'a', 'y > 1') + flow('x', 'e')),
  ],
  [
    'EXPRESSION_LANGUAGE',
    'x-a',
    gatewayTo(
      'exclusiveGateway',
      'default="x-e"',
      `${conditional('x', 'a', '=y').replace('<bpmn:conditionExpression>', '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="groovy">')}${flow('x', 'e')}`,
    ),
  ],
  [
    'MAPPING_TARGET_INVALID',
    'x',
    task('task', ext('<zeebe:ioMapping><zeebe:input source="=a" target="b..c" /></zeebe:ioMapping>')),
  ],
  [
    'MAPPING_TARGET_INVALID',
    'x',
    task('task', ext('<zeebe:ioMapping><zeebe:input source="=a" target="__proto__.x" /></zeebe:ioMapping>')),
  ],
  ['VARIABLE_INVALID', 'x', task('scriptTask', ext('<zeebe:script expression="=1" resultVariable="9lives" />'))],
  ['JOB_TYPE_MISSING', 'x', task('serviceTask', ext('<zeebe:taskDefinition type="" />'))],
  ['IMPLEMENTATION_MISSING', 'x', task('serviceTask', '')],
  ['IMPLEMENTATION_MISSING', 'x', task('businessRuleTask', '')],
  ['IMPLEMENTATION_MISSING', 'x', task('sendTask', '')],
  [
    'IMPLEMENTATION_AMBIGUOUS',
    'x',
    task('scriptTask', ext(`${job}<zeebe:script expression="=1" resultVariable="r" />`)),
  ],
  ['RETRIES_INVALID', 'x', task('serviceTask', ext('<zeebe:taskDefinition type="t" retries="-1" />'))],
  [
    'BACKOFF_INVALID',
    'x',
    task(
      'serviceTask',
      ext(`${job}<zeebe:properties><zeebe:property name="alur.retryBackoff" value="5s" /></zeebe:properties>`),
    ),
  ],
  [
    'DURATION_INVALID',
    'x',
    task('sendTask', property('alur.timeToLive', 'long'), 'messageRef="m"'),
    message('n', '=k'),
  ],
  ['PRIORITY_INVALID', 'x', task('userTask', ext('<zeebe:priorityDefinition priority="200" />'))],
  ['DATE_INVALID', 'x', task('userTask', ext('<zeebe:taskSchedule dueDate="tomorrow" />'))],
  ['MESSAGE_MISSING', 'x', task('receiveTask', '')],
  ['MESSAGE_NAME_MISSING', 'x', task('receiveTask', '', 'messageRef="m"'), message('', '=k')],
  [
    'MESSAGE_NAME_DYNAMIC',
    's',
    `<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m" /></bpmn:startEvent>`,
    message('=a'),
  ],
  ['CORRELATION_KEY_MISSING', 'x', task('receiveTask', '', 'messageRef="m"'), message('n')],
  [
    'CORRELATION_KEY_MISSING',
    'x',
    task('intermediateCatchEvent', '<bpmn:messageEventDefinition messageRef="m" />'),
    message('n'),
  ],
  [
    'MESSAGE_START_DUPLICATE',
    't',
    ['s', 't']
      .map((id) => `<bpmn:startEvent id="${id}"><bpmn:messageEventDefinition messageRef="m" /></bpmn:startEvent>`)
      .join(''),
    message('n'),
  ],
  ['TIMER_MISSING', 'x', task('intermediateCatchEvent', timer(''))],
  ['TIMER_KIND', 'x', task('intermediateCatchEvent', timer('<bpmn:timeCycle>R/PT1H</bpmn:timeCycle>'))],
  [
    'TIMER_CYCLE_INTERRUPTING',
    'b',
    around('<bpmn:task id="x" />', boundary('b', timer('<bpmn:timeCycle>R/PT1H</bpmn:timeCycle>'))),
  ],
  ['TIMER_INVALID', 'x', task('intermediateCatchEvent', timer('<bpmn:timeDuration>1 hour</bpmn:timeDuration>'))],
  ['TIMER_INVALID', 'x', task('intermediateCatchEvent', timer('<bpmn:timeDate>2026-13-01T00:00:00Z</bpmn:timeDate>'))],
  [
    'ERROR_MISSING',
    'e',
    `<bpmn:startEvent id="s" /><bpmn:endEvent id="e"><bpmn:errorEventDefinition /></bpmn:endEvent>${flow('s', 'e')}`,
  ],
  [
    'ERROR_CODE_MISSING',
    'e',
    `<bpmn:startEvent id="s" /><bpmn:endEvent id="e"><bpmn:errorEventDefinition errorRef="err" /></bpmn:endEvent>${flow('s', 'e')}`,
    '<bpmn:error id="err" />',
  ],
  [
    'ERROR_CODE_DYNAMIC',
    'b',
    around('<bpmn:task id="x" />', boundary('b', '<bpmn:errorEventDefinition errorRef="err" />')),
    '<bpmn:error id="err" errorCode="=code" />',
  ],
  [
    'ERROR_NOT_INTERRUPTING',
    'b',
    around('<bpmn:task id="x" />', boundary('b', '<bpmn:errorEventDefinition />', 'cancelActivity="false"')),
  ],
  ['CALLED_ELEMENT_MISSING', 'x', task('callActivity', '', 'calledElement="other"')],
  [
    'VERSION_TAG_MISSING',
    'x',
    task('callActivity', ext('<zeebe:calledElement processId="q" bindingType="versionTag" />')),
  ],
  [
    'BINDING_UNSUPPORTED',
    'x',
    task('userTask', ext('<zeebe:formDefinition formId="f" bindingType="versionTag" versionTag="1" />')),
  ],
  ['DECISION_ID_MISSING', 'x', task('businessRuleTask', ext('<zeebe:calledDecision resultVariable="r" />'))],
  [
    'DECISION_NOT_FOUND',
    'x',
    task('businessRuleTask', ext('<zeebe:calledDecision decisionId="d" resultVariable="r" />')),
  ],
  [
    'DECISION_NOT_IN_DEPLOYMENT',
    'x',
    task(
      'businessRuleTask',
      ext('<zeebe:calledDecision decisionId="d" resultVariable="r" bindingType="deployment" />'),
    ),
  ],
  ['RESULT_VARIABLE_MISSING', 'x', task('businessRuleTask', ext('<zeebe:calledDecision decisionId="d" />'))],
  ['FORM_REFERENCE', 'x', task('userTask', ext('<zeebe:formDefinition />'))],
  ['FORM_OUTSIDE', 'x', task('userTask', ext('<zeebe:formDefinition formKey="elsewhere" />'))],
  ['FORM_EMBEDDED_MISSING', 'x', task('userTask', ext('<zeebe:formDefinition formKey="camunda-forms:bpmn:gone" />'))],
  ['MULTI_INSTANCE_COLLECTION_MISSING', 'x', task('task', '<bpmn:multiInstanceLoopCharacteristics />')],
  [
    'MULTI_INSTANCE_OUTPUT',
    'x',
    task('task', loop('<zeebe:loopCharacteristics inputCollection="=a" outputCollection="b" />')),
  ],
  ['START_MISSING', 'p', '<bpmn:endEvent id="e" />'],
  ['START_NONE_MULTIPLE', 'p', `<bpmn:startEvent id="t" />${task('task', '')}`],
  ['START_SUBPROCESS', 'x', task('subProcess', '')],
  ['START_INCOMING', 's', task('task', '') + flow('x', 's')],
  ['END_OUTGOING', 'e', task('task', '') + flow('e', 'x')],
  [
    'FLOW_CROSSES',
    's-inner',
    task('subProcess', '<bpmn:startEvent id="i" /><bpmn:task id="inner" />') + flow('s', 'inner'),
  ],
  ['FLOW_LOOSE', 'loose', `${task('task', '')}<bpmn:sequenceFlow id="loose" sourceRef="x" />`],
  ['NODE_UNREACHABLE', 'far', `${task('task', '')}<bpmn:task id="far" />`],
  ['DEAD_END', 'x', `<bpmn:startEvent id="s" /><bpmn:task id="x" />${flow('s', 'x')}`],
  ['CONDITION_MISSING', 'x-e', gatewayTo('exclusiveGateway', '', conditional('x', 'a', '=y') + flow('x', 'e'))],
  ['CONDITION_MISSING', 'x-e', gatewayTo('inclusiveGateway', '', conditional('x', 'a', '=y') + flow('x', 'e'))],
  [
    'CONDITION_ON_DEFAULT',
    'x-a',
    gatewayTo('exclusiveGateway', 'default="x-a"', conditional('x', 'a', '=y') + conditional('x', 'e', '=z')),
  ],
  ['CONDITION_NOT_ALLOWED', 'x-a', gatewayTo('parallelGateway', '', conditional('x', 'a', '=y') + flow('x', 'e'))],
  [
    'DEFAULT_MISSING',
    'x',
    gatewayTo('exclusiveGateway', '', conditional('x', 'a', '=y') + conditional('x', 'e', '=z')),
  ],
  [
    'DEFAULT_NOT_OUTGOING',
    'x',
    gatewayTo('exclusiveGateway', 'default="s-x"', conditional('x', 'a', '=y') + conditional('x', 'e', '=z')),
  ],
  ['GATEWAY_MIXED', 'x', `${gatewayTo('parallelGateway', '', flow('x', 'a') + flow('x', 'e'))}${flow('a', 'x')}`],
  ['EVENT_GATEWAY_FEW', 'x', gatewayTo('eventBasedGateway', '', flow('x', 'a'))],
  ['EVENT_GATEWAY_TARGET', 'x', gatewayTo('eventBasedGateway', '', flow('x', 'a') + flow('x', 'e'))],
  [
    'EVENT_GATEWAY_TARGET_INCOMING',
    'x',
    `${gatewayTo('eventBasedGateway', '', flow('x', 'c') + flow('a', 'c') + flow('x', 'e'))}<bpmn:intermediateCatchEvent id="c">${timer('<bpmn:timeDuration>PT1H</bpmn:timeDuration>')}</bpmn:intermediateCatchEvent>`,
  ],
  [
    'BOUNDARY_UNATTACHED',
    'b',
    `${task('task', '')}<bpmn:boundaryEvent id="b" attachedToRef="s"><bpmn:errorEventDefinition /></bpmn:boundaryEvent>`,
  ],
  [
    'BOUNDARY_INCOMING',
    'b',
    around('<bpmn:task id="x" />', boundary('b', '<bpmn:errorEventDefinition />') + flow('s', 'b')),
  ],
  [
    'TRIGGER_DUPLICATE',
    'c',
    around('<bpmn:task id="x" />', ['b', 'c'].map((id) => boundary(id, '<bpmn:errorEventDefinition />')).join('')),
  ],
  ['FOUR_EYES_UNKNOWN', 'x', task('userTask', property('alur.notSameAs', 's'))],
  ['FOUR_EYES_SELF', 'x', task('userTask', property('alur.notSameAs', 'x'))],
];

describe('one problem each', () => {
  // Rows of equal length: jest would pass a missing last argument as its `done` callback.
  test.each(cases.map((row) => ({ row })))('$row.0 on $row.1', async ({ row: [code, elementId, process, beside] }) => {
    const { report } = await compile(bpmn(process, beside));
    expect(codes(report)).toContain(`${code} ${elementId}`);
    seen.add(code);
    for (const problem of report.entries.flatMap((entry) => entry.problems)) {
      for (const text of [problem.message, problem.remedy]) {
        expect(text.id).not.toMatch(/\{\w+\}/);
        expect(text.en).not.toMatch(/\{\w+\}/);
      }
      expect(problem.line).not.toBeNull();
    }
  });
});

/** Code and the raw text of a file. */
const files: readonly (readonly [code: string, source: string])[] = [
  ['XML_TOO_LARGE', bpmn(`<!-- ${'x'.repeat(limits.sourceBytes)} -->`)],
  ['XML_DOCTYPE', `<!DOCTYPE a [<!ENTITY b "c">]>${bpmn(task('task', ''))}`],
  ['XML_ENTITY', bpmn(task('task', '<bpmn:documentation>&nbsp;</bpmn:documentation>'))],
  ['XML_LIMIT', bpmn('<bpmn:subProcess id="a">'.repeat(limits.depth + 1))],
  ['XML_MALFORMED', bpmn('<bpmn:task id="x">')],
  ['XML_NOT_BPMN', '<html><body /></html>'],
  ['XML_ENCODING', bpmn(task('task', '')).replace('UTF-8', 'ISO-8859-1')],
  [
    'DIAGRAM_CONTENT_UNKNOWN',
    bpmn(task('task', '')).replace(
      '</bpmn:definitions>',
      '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"><bpmndi:Fancy /></bpmndi:BPMNDiagram></bpmn:definitions>',
    ),
  ],
  [
    'PROBLEMS_OMITTED',
    bpmn(Array.from({ length: limits.problems }, (_, i) => `<bpmn:scriptTask id="t${i}" />`).join('')),
  ],
  ['NO_EXECUTABLE_PROCESS', bpmn(task('task', '')).replace('isExecutable="true"', '')],
];

describe('the file as a whole', () => {
  test.each(files)('%s', async (code, source) => {
    const { report } = await compile(source);
    const found = report.entries.flatMap((entry) => entry.problems.map((problem) => problem.code));
    expect(found).toContain(code);
    seen.add(code);
  });
});

const process = (content: string, id = 'p'): string => bpmn(content).replace('process id="p"', `process id="${id}"`);
const file = (name: string, content: string): DeploymentFile => ({ name, content });
const form = (components: unknown, id = 'f'): string => JSON.stringify({ type: 'default', id, components });
const field = { type: 'textfield', key: 'a' };

const deployments: readonly (readonly [code: string, files: readonly DeploymentFile[]])[] = [
  ['DEPLOYMENT_EMPTY', []],
  ['DEPLOYMENT_TOO_LARGE', Array.from({ length: limits.deploymentFiles + 1 }, (_, i) => file(`${i}.form`, form([])))],
  ['FILE_DUPLICATE', [file('a.bpmn', ''), file('a.bpmn', '')]],
  ['FILE_UNKNOWN', [file('a.exe', '')]],
  ['PROCESS_ID_DUPLICATE', [file('a.bpmn', process(task('task', ''))), file('b.bpmn', process(task('task', '')))]],
  [
    'CALLED_PROCESS_NOT_IN_DEPLOYMENT',
    [
      file(
        'a.bpmn',
        process(task('callActivity', ext('<zeebe:calledElement processId="q" bindingType="deployment" />'))),
      ),
    ],
  ],
  ['FORM_NOT_FOUND', [file('a.bpmn', process(task('userTask', ext('<zeebe:formDefinition formId="gone" />'))))]],
  ['FORM_INVALID', [file('a.form', '{')]],
  ['FORM_INVALID', [file('a.form', '{"type":"default","id":"f"}')]],
  ['FORM_FIELD_DUPLICATE', [file('a.form', form([field, { type: 'group', components: [field] }]))]],
  ['FORM_FIELD_UNKNOWN', [file('a.form', form([{ type: 'hologram' }]))]],
  ['FORM_DUPLICATE', [file('a.form', form([])), file('b.form', form([]))]],
  ['DECISION_DUPLICATE', ['a.dmn', 'b.dmn'].map((name) => file(name, dmn('d')))],
];

function dmn(id: string): string {
  return `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="dmn" name="dmn" namespace="https://example.org/dmn">
  <decision id="${id}" name="${id}"><variable name="${id}" /><literalExpression><text>1 + 1</text></literalExpression></decision>
</definitions>`;
}

describe('a deployment', () => {
  test.each(deployments)('%s', async (code, given) => {
    const { report } = await compileDeployment(given, { decisions: {}, formIds: [] });
    expect(problemLines(report).join('\n')).toContain(` ${code}: `);
    seen.add(code);
  });
});

test('all problems of a file are reported at once, each at its element and line', async () => {
  const { ok, report } = await compile(
    bpmn(`<bpmn:startEvent id="s" />
<bpmn:serviceTask id="a" />
<bpmn:receiveTask id="b" />
<bpmn:scriptTask id="c">${ext('<zeebe:script expression="=1 +" resultVariable="r" />')}</bpmn:scriptTask>
<bpmn:complexGateway id="d" />
<bpmn:task id="a" />
${flow('s', 'a')}${flow('a', 'b')}${flow('b', 'c')}${flow('c', 'd')}${flow('d', 'nowhere')}`),
  );
  expect(ok).toBe(false);
  expect(problemLines(report, 'error').map((line) => line.replace(/: .*$/, ''))).toEqual([
    ':11 error a DUPLICATE_ID',
    ':7 error a IMPLEMENTATION_MISSING',
    ':8 error b MESSAGE_MISSING',
    ':9 error c FEEL_SYNTAX',
    ':10 error d ELEMENT_UNSUPPORTED',
    ':12 error d-nowhere REFERENCE_UNRESOLVED',
  ]);
});
