/** Modifications and sending back as Camunda's clients write them, for the engine. */
import type { Modification, MoveInstruction } from '#contract/repair.ts';
import type { InstructionVariables, ModifyInstance, ModifyInstruction, SendBack } from '#engine/command.ts';
import { instanceOf, isKey, sequenceOf } from '#engine/keys.ts';
import { Refusal } from './refusal.ts';
import { assertStorable } from './repairs.ts';

type Given = Modification['activateInstructions'];
type VariableInstructions = NonNullable<Given>[number]['variableInstructions'];

/** The element instance that a key names, of this instance. @throws Refusal when it is of another. */
function elementOf(key: string, instanceKey: string): number {
  if (instanceOf(key) !== instanceKey) throw new Refusal('notFound', 'notFound');
  return sequenceOf(key);
}
const ancestorOf = (key: string | null | undefined, instanceKey: string): number | null =>
  key === null || key === undefined || !isKey(key) ? null : elementOf(key, instanceKey);

function variablesOf(given: VariableInstructions): InstructionVariables[] {
  return (given ?? []).map(({ variables, scopeId }) => {
    assertStorable(variables);
    return { scopeId: scopeId === undefined || scopeId === '' ? null : scopeId, variables };
  });
}

function moveOf(move: MoveInstruction, instanceKey: string): ModifyInstruction {
  const { sourceElementId, sourceElementInstruction, targetElementId, ancestorScopeInstruction: scope } = move;
  const byId =
    sourceElementInstruction?.sourceType === 'byId' ? sourceElementInstruction.sourceElementId : sourceElementId;
  const ancestor =
    scope?.ancestorScopeType === 'direct' ? elementOf(scope.ancestorElementInstanceKey, instanceKey) : null;
  const rest = { targetElementId, ancestor, variables: variablesOf(move.variableInstructions) };
  if (sourceElementInstruction?.sourceType === 'byKey') {
    const element = elementOf(sourceElementInstruction.sourceElementInstanceKey, instanceKey);
    return { type: 'move', source: { element }, ...rest };
  }
  if (byId !== undefined) return { type: 'move', source: { elementId: byId }, ...rest };
  throw new Refusal('invalidRequest', 'badFields', {
    faults: [{ field: 'moveInstructions.sourceElementId', text: 'required' }],
  });
}

/** @throws Refusal when there is nothing to do, or an instruction is about another instance */
export function modificationOf(asked: Modification, instanceKey: string): ModifyInstance {
  const instructions: ModifyInstruction[] = [
    ...(asked.activateInstructions ?? []).map(
      ({ elementId, ancestorElementInstanceKey, variableInstructions }): ModifyInstruction => ({
        type: 'activate',
        elementId,
        ancestor: ancestorOf(ancestorElementInstanceKey, instanceKey),
        variables: variablesOf(variableInstructions),
      }),
    ),
    ...(asked.moveInstructions ?? []).map((move) => moveOf(move, instanceKey)),
    ...(asked.terminateInstructions ?? []).map((terminate): ModifyInstruction =>
      'elementId' in terminate
        ? { type: 'terminateAll', elementId: terminate.elementId }
        : { type: 'terminate', element: elementOf(terminate.elementInstanceKey, instanceKey) },
    ),
  ];
  if (instructions.length > 0) return { type: 'modifyInstance', instructions };
  throw new Refusal('invalidRequest', 'badFields', { faults: [{ field: 'activateInstructions', text: 'required' }] });
}

export const sendBackOf = (to: string, from: string | undefined, instanceKey: string): SendBack => ({
  type: 'sendBack',
  to,
  from: from === undefined ? null : elementOf(from, instanceKey),
});
