import type { Transformer } from '../context.ts';
import { isEventSubProcess } from '../graph.ts';
import { activityBase } from '../node.ts';
import { eventSubProcessesOf, startElementsIn } from '../scopes.ts';
import { eventSubProcess } from './event-sub-process.ts';

/** BPMN 2.0.2 §10.3.5: an embedded sub-process. */
export const subProcess: Transformer = (element, context) =>
  isEventSubProcess(element) ? eventSubProcess(element, context) : embedded('subProcess')(element, context);

/** BPMN 2.0.2 §10.3.5, §13.5.5: undone as a whole when it is cancelled. */
export const transaction: Transformer = (element, context) => embedded('transaction')(element, context);

const embedded =
  (type: 'subProcess' | 'transaction'): Transformer =>
  (element, context) => ({
    ...activityBase(element, context),
    type,
    startElements: startElementsIn(context.node.inside),
    eventSubProcesses: eventSubProcessesOf(context.node.inside),
  });
