/** Calling another process: BPMN 2.0.2 §13.3.4 (call activity). The shell runs the called instance. */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, nothingToDo, ok } from './behavior.ts';
import { evaluateInteger, evaluateString } from './expression.ts';
import type { FlowNode } from './model.ts';
import { elementIn, emit, nextSeq } from './run.ts';
import type { Run } from './run.ts';
import { visibleVariables } from './variables.ts';

/** Nothing for any other element: only a call activity has this stage. */
export function prepareCall(run: Run, { node, element, lookup }: Active<FlowNode>): Result<Commit> {
  if (node.type !== 'callActivity') return nothingToDo;
  const processId = evaluateString(node.processId, { lookup, nowMs: run.nowMs });
  if (!processId.ok) return processId;
  if (processId.value === '') return fail('CALLED_ELEMENT_ERROR', 'The id of the process to call is empty.');
  const version = node.version === null ? ok(null) : evaluateInteger(node.version, { lookup, nowMs: run.nowMs });
  if (!version.ok) return version;
  const { propagateAllParentVariables, binding, versionTag } = node;
  return ok(() => {
    // read now, not above: the input mappings were set just before
    const { seq, variables } = elementIn(run, element.seq);
    emit(run, {
      type: 'childCalled',
      element: seq,
      call: nextSeq(run),
      elementId: node.id,
      processId: processId.value,
      binding,
      versionTag,
      version: version.value,
      variables: propagateAllParentVariables ? visibleVariables(run.draft.state, seq) : variables,
    });
  });
}
