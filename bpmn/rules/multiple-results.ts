import type { Rule } from '../context.ts';
import { isEnding, type ThrowResult } from '../events/throwing.ts';

/** A job, or an undoing that is waited for. */
const waits = (result: ThrowResult): boolean =>
  (result.type === 'message' && result.send.kind === 'job') ||
  (result.type === 'compensation' && result.waitForCompletion);

/** BPMN 2.0.2 §10.5.3, §10.5.4: several results of one event occur together, so at most one of them can be waited for. */
export const multipleResults: Rule = ({ nodes, log }) => {
  for (const node of Object.values(nodes)) {
    if (node.type !== 'intermediateThrowEvent' && node.type !== 'endEvent') continue;
    const results: readonly ThrowResult[] = node.results;
    if (results.filter(waits).length > 1) log.add('RESULTS_WAITING', node.id);
    if (results.filter(isEnding).length > 1) log.add('RESULTS_ENDING', node.id);
  }
};
