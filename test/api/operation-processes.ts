/** Processes that the tests of repairs and batches change by hand, in a short form: the inner XML of the elements, and flows as `a>b`. */
function diagram(id: string, elements: string, flows: readonly string[]): string {
  const lines = flows.map((flow) => {
    const [source, target] = flow.split('>');
    return `<bpmn:sequenceFlow id="${source}_${target}" sourceRef="${source}" targetRef="${target}" />`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d-${id}" targetNamespace="urn:uji">
  <bpmn:process id="${id}" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties><zeebe:property name="alur.region" value="=wilayah" /></zeebe:properties></bpmn:extensionElements>
    ${elements}${lines.join('')}</bpmn:process></bpmn:definitions>`;
}
const userTask = (id: string): string =>
  `<bpmn:userTask id="${id}" name="Tugas ${id}"><bpmn:extensionElements><zeebe:userTask />
    <zeebe:assignmentDefinition candidateGroups="operator-desa" /></bpmn:extensionElements></bpmn:userTask>`;
const deadline = (id: string, host: string, duration: string): string =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}"><bpmn:timerEventDefinition>
    <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;

/** A task with a deadline, an outside job, another task. */
export const repaired = diagram(
  'perbaiki',
  `<bpmn:startEvent id="a" />${userTask('periksa')}${deadline('batas', 'periksa', 'P30D')}
   <bpmn:serviceTask id="kirim" name="Kirim"><bpmn:extensionElements><zeebe:taskDefinition type="luar.kirim" retries="2" /></bpmn:extensionElements></bpmn:serviceTask>
   ${userTask('sahkan')}<bpmn:endEvent id="z" /><bpmn:endEvent id="lewat" />`,
  ['a>periksa', 'periksa>kirim', 'kirim>sahkan', 'sahkan>z', 'batas>lewat'],
);
export const called = diagram('anak', `<bpmn:startEvent id="a" />${userTask('isi')}<bpmn:endEvent id="z" />`, [
  'a>isi',
  'isi>z',
]);
export const caller = diagram(
  'induk',
  `<bpmn:startEvent id="a" /><bpmn:callActivity id="panggil"><bpmn:extensionElements>
    <zeebe:calledElement processId="anak" propagateAllChildVariables="false" /></bpmn:extensionElements></bpmn:callActivity><bpmn:endEvent id="z" />`,
  ['a>panggil', 'panggil>z'],
);

/** Tasks one after another: versions of one process. */
export const line = (tasks: readonly string[]): string =>
  diagram(
    'urut',
    `<bpmn:startEvent id="a" />${tasks.map(userTask).join('')}<bpmn:endEvent id="z" />`,
    ['a', ...tasks].map((id, index) => `${id}>${tasks[index] ?? 'z'}`),
  );
