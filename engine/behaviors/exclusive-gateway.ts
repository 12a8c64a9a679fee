/** BPMN 2.0.2 §13.4.2: the first flow in document order whose condition holds, else the default. Never joins. */
import type { Behavior } from '../behavior.ts';
import { chooseOne } from '../choose.ts';
import type { Gateway } from '../model.ts';
import { nothingToEnd, passThrough } from './common.ts';

export const exclusiveGateway: Behavior<Gateway> = {
  activate: passThrough,
  complete: chooseOne,
  terminate: nothingToEnd,
};
