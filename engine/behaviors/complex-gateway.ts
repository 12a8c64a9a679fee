/** BPMN 2.0.2 §13.4.5: fires when its activation condition holds, then waits for its other flows and resets (joins.ts). */
import type { Active, Behavior, Result } from '../behavior.ts';
import { chooseAll, chooseConditional } from '../choose.ts';
import type { ComplexGateway, FlowId } from '../model.ts';
import type { Run } from '../run.ts';
import { ownValue } from '../variables.ts';
import { nothingToEnd, passThrough } from './common.ts';

/** When it resets, only flows with a condition can take a token, and none has to. */
function complete(run: Run, active: Active<ComplexGateway>): Result<readonly FlowId[]> {
  return ownValue(active.element.variables, 'waitingForStart') === false
    ? chooseConditional(run, active)
    : chooseAll(run, active);
}

export const complexGateway: Behavior<ComplexGateway> = {
  activate: passThrough,
  complete,
  terminate: nothingToEnd,
};
