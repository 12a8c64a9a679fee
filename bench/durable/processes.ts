/**
 * The processes that are measured, as BPMN; `hand/workflows.ts` is the same by hand. They are those of other engines' comparison: a service
 * task, a user task and a service task; and the shape of a proposal, eight completions with a day's limit on each user activity.
 */

/** Tasks of an element that are open at once, to be completed at once. */
interface Wait {
  readonly element: string;
  readonly tasks: number;
}
export interface BenchProcess {
  readonly id: 'task' | 'proposal' | 'loop';
  readonly title: string;
  readonly bpmn: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly waits: readonly Wait[];
}

const flow = (source: string, target: string, condition = ''): string =>
  `<bpmn:sequenceFlow id="${source}-${target}" sourceRef="${source}" targetRef="${target}">${condition}</bpmn:sequenceFlow>`;
const chain = (ids: readonly string[]): string =>
  ids
    .slice(1)
    .map((target, index) => flow(ids[index] ?? '', target))
    .join('\n');
const condition = (feel: string): string =>
  `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=${feel}</bpmn:conditionExpression>`;

const service = (id: string): string =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><zeebe:taskDefinition type="bench" retries="3"/></bpmn:extensionElements></bpmn:serviceTask>`;
const loopOverVoters = `<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="item"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>`;
const user = (id: string, group: string, loop = ''): string =>
  `<bpmn:userTask id="${id}"><bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="${group}"/></bpmn:extensionElements>${loop}</bpmn:userTask>`;
const limited = (id: string, group: string, loop = ''): string =>
  `${user(id, group, loop)}
<bpmn:boundaryEvent id="late-${id}" attachedToRef="${id}"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
${flow(`late-${id}`, 'expired')}`;

const processOf = (id: string, body: readonly string[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="https://alur.example/bench">
<bpmn:process id="${id}" isExecutable="true">
<bpmn:startEvent id="start"/>
${body.join('\n')}
<bpmn:endEvent id="end"/>
</bpmn:process>
</bpmn:definitions>
`;

export const task: BenchProcess = {
  id: 'task',
  title: 'service, user, service',
  bpmn: processOf('task', [
    service('check'),
    user('decide', 'field'),
    service('report'),
    chain(['start', 'check', 'decide', 'report', 'end']),
  ]),
  variables: { applicant: 'A-1', amount: 100 },
  waits: [{ element: 'decide', tasks: 1 }],
};

export const proposal: BenchProcess = {
  id: 'proposal',
  title: 'nine-step proposal',
  bpmn: processOf('proposal', [
    service('verify'),
    limited('fieldValidation', 'field'),
    limited('vote', 'council', loopOverVoters),
    limited('approval', 'board'),
    service('publish'),
    limited('delivery', 'ops'),
    '<bpmn:endEvent id="expired"/>',
    chain(['start', 'verify', 'fieldValidation', 'vote', 'approval', 'publish', 'delivery', 'end']),
  ]),
  variables: { applicant: 'A-1', amount: 100, items: [1, 2, 3, 4, 5] },
  waits: [
    { element: 'fieldValidation', tasks: 1 },
    { element: 'vote', tasks: 5 },
    { element: 'approval', tasks: 1 },
    { element: 'delivery', tasks: 1 },
  ],
};

/** Gets old: one user task after another until somebody says it is enough. */
export const loop: BenchProcess = {
  id: 'loop',
  title: 'one task again and again',
  bpmn: processOf('loop', [
    user('work', 'field'),
    '<bpmn:exclusiveGateway id="enough" default="enough-work"/>',
    chain(['start', 'work', 'enough']),
    flow('enough', 'end', condition('isEnough')),
    flow('enough', 'work'),
  ]),
  variables: { applicant: 'A-1' },
  waits: [],
};
