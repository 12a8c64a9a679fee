/** What the engines write differently: expressions, and how an activity says what it does. Everything else of a model is the same text. */
import type { EngineName } from './protocol.ts';

export interface Dialect {
  /** XML namespaces of the extension elements. */
  readonly namespaces: string;
  /** A task whose work is done outside, at once. */
  readonly serviceTask: (id: string) => string;
  /** Adds 1 to a variable. */
  readonly incrementTask: (id: string, variable: string) => string;
  /** Condition of a flow: the variable has at least this value. */
  readonly isAtLeast: (variable: string, value: number) => string;
  /** Pass-through task, once for every item of a list, in parallel. */
  readonly forEachTask: (id: string, list: string, item: string) => string;
  /** Writes the decision's result to the variable. */
  readonly decisionTask: (id: string, decision: string, result: string) => string;
}

const condition = (expression: string): string =>
  `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${expression}</bpmn:conditionExpression>`;

const extensions = (content: string): string => `<bpmn:extensionElements>${content}</bpmn:extensionElements>`;

/** Zeebe extension elements, FEEL. */
const alur: Dialect = {
  namespaces: 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"',
  serviceTask: (id) =>
    `<bpmn:serviceTask id="${id}">${extensions('<zeebe:taskDefinition type="work"/>')}</bpmn:serviceTask>`,
  incrementTask: (id, variable) =>
    `<bpmn:scriptTask id="${id}">${extensions(`<zeebe:script expression="=${variable} + 1" resultVariable="${variable}"/>`)}</bpmn:scriptTask>`,
  isAtLeast: (variable, value) => condition(`=${variable} &gt;= ${value}`),
  forEachTask: (id, list, item) =>
    `<bpmn:task id="${id}"><bpmn:multiInstanceLoopCharacteristics>${extensions(
      `<zeebe:loopCharacteristics inputCollection="=${list}" inputElement="${item}"/>`,
    )}</bpmn:multiInstanceLoopCharacteristics></bpmn:task>`,
  decisionTask: (id, decision, result) =>
    `<bpmn:businessRuleTask id="${id}">${extensions(
      `<zeebe:calledDecision decisionId="${decision}" resultVariable="${result}"/>`,
    )}</bpmn:businessRuleTask>`,
};

/** Its expressions resolve paths and call functions; services and conditions with an operator are functions of the host (engines/bpmn-engine.ts). */
// a script that calls back at once would make each round of a loop a level of the stack; it overflows before 1,000
const bpmnEngine: Dialect = {
  namespaces: 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
  serviceTask: (id) => `<bpmn:serviceTask id="${id}" implementation="\${environment.services.work}"/>`,
  incrementTask: (id, variable) =>
    `<bpmn:scriptTask id="${id}" scriptFormat="javascript"><bpmn:script>environment.variables.${variable} += 1; Promise.resolve().then(() =&gt; next());</bpmn:script></bpmn:scriptTask>`,
  isAtLeast: (variable, value) =>
    condition(`\${environment.services.isAtLeast(environment.variables.${variable},${value})}`),
  forEachTask: (id, list, item) =>
    `<bpmn:task id="${id}"><bpmn:multiInstanceLoopCharacteristics camunda:collection="\${environment.variables.${list}}" camunda:elementVariable="${item}"/></bpmn:task>`,
  decisionTask: (id) => `<bpmn:businessRuleTask id="${id}"/>`,
};

/** Python; services by its own extension element, multi-instance by the standard's. */
const spiffworkflow: Dialect = {
  namespaces: 'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"',
  serviceTask: (id) =>
    `<bpmn:serviceTask id="${id}">${extensions('<spiffworkflow:serviceTaskOperator id="work"/>')}</bpmn:serviceTask>`,
  incrementTask: (id, variable) =>
    `<bpmn:scriptTask id="${id}"><bpmn:script>${variable} = ${variable} + 1</bpmn:script></bpmn:scriptTask>`,
  isAtLeast: (variable, value) => condition(`${variable} &gt;= ${value}`),
  forEachTask: (id, list, item) =>
    `<bpmn:task id="${id}"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>${list}</bpmn:loopDataInputRef><bpmn:inputDataItem id="${item}" name="${item}"/></bpmn:multiInstanceLoopCharacteristics></bpmn:task>`,
  decisionTask: (id, decision) =>
    `<bpmn:businessRuleTask id="${id}">${extensions(
      `<spiffworkflow:calledDecisionId>${decision}</spiffworkflow:calledDecisionId>`,
    )}</bpmn:businessRuleTask>`,
};

export const dialects: Readonly<Record<EngineName, Dialect>> = {
  alur,
  'bpmn-engine': bpmnEngine,
  spiffworkflow,
};
