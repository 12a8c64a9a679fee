/** The beginning of an instance. */
import type { StartInstance } from './command.ts';
import { evaluateKey } from './expression.ts';
import { activateNode } from './flow.ts';
import type { ElementId, Expression, ProcessModel, StartEvent } from './model.ts';
import { deliver, emit, raise, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { ownValue } from './variables.ts';

/** The start event: the named one, or the none start event. null: there is none such. */
export function startElementOf(process: ProcessModel, id: ElementId | null): StartEvent | null {
  for (const candidate of process.startEvents) {
    const node = process.nodes[candidate];
    if (node?.type === 'startEvent' && (id === null ? node.trigger === null : node.id === id)) return node;
  }
  return null;
}

/** BPMN 2.0.2 §13.2: one start event is triggered; the number and the region people know the case by are settled for good. */
export function startInstance(run: Run, command: StartInstance): void {
  const { process } = run;
  const start = startElementOf(process, command.startElement);
  if (!start) return;
  const businessKey =
    command.businessKey === null ? keyOf(run, process.businessKey, command) : valued(command.businessKey);
  const region = command.region === null ? keyOf(run, process.region, command) : valued(command.region);
  const { instanceKey, definitionKey, version, parent, variables } = command;
  const { processId } = process;
  const keys = { businessKey: businessKey.value, region: region.value };
  emit(run, { type: 'instanceStarted', instanceKey, processId, definitionKey, version, ...keys, parent });
  for (const { problem } of [businessKey, region]) {
    if (problem !== null) raise(run, 0, 'acknowledge', { code: 'EXTRACT_VALUE_ERROR', message: problem });
  }
  if (start.trigger === null) setLocal(run, 0, variables);
  const seq = activateNode(run, start, 0);
  if (start.trigger !== null) deliver(run, seq, start, variables);
  schedule(run, seq, 'activate');
}

interface Key {
  readonly value: string | null;
  readonly problem: string | null;
}
const valued = (value: string | null): Key => ({ value, problem: null });

function keyOf(run: Run, expression: Expression | null, { variables }: StartInstance): Key {
  if (expression === null) return valued(null);
  const result = evaluateKey(expression, { lookup: (name) => ownValue(variables, name), nowMs: run.nowMs });
  return result.ok ? valued(result.value) : { value: null, problem: result.failure.message };
}
