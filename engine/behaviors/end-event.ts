/** BPMN 2.0.2 §13.5.6: none, message, error and terminate end events. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { ok } from '../behavior.ts';
import { throwError } from '../errors.ts';
import { evaluateKey } from '../expression.ts';
import type { EndEvent, ErrorDefinition } from '../model.ts';
import { schedule } from '../run.ts';
import type { Run } from '../run.ts';
import { terminateWithin } from '../terminate.ts';
import { endJobs, leaveByAll, passThrough, startSending } from './common.ts';

function activate(run: Run, active: Active<EndEvent>): Result<Commit> {
  const { result } = active.node;
  switch (result.type) {
    case 'none':
      return passThrough(run, active);
    case 'message':
      return startSending(run, active, result.send);
    case 'terminate':
      return ok(() => {
        const { seq, scope } = active.element;
        terminateWithin(run, scope, seq);
        schedule(run, seq, 'complete');
      });
    case 'error':
      return prepareError(run, active, result.error);
  }
}

function prepareError(run: Run, { element, lookup }: Active<EndEvent>, error: ErrorDefinition): Result<Commit> {
  const code = error.code === null ? ok('') : evaluateKey(error.code, { lookup, nowMs: run.nowMs });
  if (!code.ok) return code;
  return ok(() => {
    const variables = run.draft.state.elements[element.seq]?.variables ?? {};
    throwError(run, element.seq, { code: code.value, message: '', variables }, 'activate');
  });
}

export const endEvent: Behavior<EndEvent> = { activate, complete: leaveByAll, terminate: endJobs };
