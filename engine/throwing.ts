/** What throw and end events do (BPMN 2.0.2 §13.5.4, §13.5.7); a multiple event does several things, in order. */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { cancelTransaction, compensate } from './compensation.ts';
import { throwError, throwEscalation } from './errors.ts';
import { evaluateInstant, evaluateKey, evaluateString } from './expression.ts';
import { prepareJob } from './job.ts';
import type { Variables } from './json.ts';
import type {
  CompensationThrow,
  EndingResult,
  ErrorDefinition,
  EscalationDefinition,
  FlowNode,
  SendDefinition,
  SignalDefinition,
  SingleResult,
} from './model.ts';
import { elementIn, emit, nextSeq, schedule } from './run.ts';
import type { Run } from './run.ts';
import { broadcastSignal } from './signals.ts';
import { terminateWithin } from './terminate.ts';

type Publish = Extract<SendDefinition, { readonly kind: 'publish' }>;
/** Whether the token has to wait for what was begun. */
type Throw = () => 'done' | 'waits';

/** How long a message that nobody waits for is kept when the model does not say: one hour, as the Camunda clients do. */
const defaultTimeToLiveMs = 3_600_000;

/** Everything the event does; its token goes on at once unless something has to be waited for or has ended it. */
export function prepareThrow(
  run: Run,
  active: Active<FlowNode>,
  results: readonly (SingleResult | EndingResult)[],
): Result<Commit> {
  const { seq } = active.element;
  const throws: Throw[] = [];
  for (const result of results) {
    const prepared = prepareOne(run, active, result);
    if (!prepared.ok) return prepared;
    throws.push(prepared.value);
  }
  return ok(() => {
    let waits = false;
    for (const doThrow of throws) {
      // an interrupting event may have caught what came before
      if (!run.draft.state.elements[seq]) return;
      if (doThrow() === 'waits') waits = true;
    }
    if (!waits && run.draft.state.elements[seq]) schedule(run, seq, 'complete');
  });
}

function prepareOne(run: Run, active: Active<FlowNode>, result: SingleResult | EndingResult): Result<Throw> {
  const { seq, scope } = active.element;
  switch (result.type) {
    case 'link':
      return ok(() => 'done');
    case 'message':
      return prepareSend(run, active, result.send);
    case 'signal':
      return prepareSignal(run, active, result.signal);
    case 'escalation':
      return prepareEscalation(run, active, result.escalation);
    case 'compensation':
      return ok(() => throwCompensation(run, active, result));
    case 'error':
      return prepareError(run, active, result.error);
    case 'terminate':
      return ok(() => {
        terminateWithin(run, scope, seq);
        return 'done';
      });
    case 'cancel':
      return ok(() => {
        cancelTransaction(run, seq);
        return 'waits';
      });
  }
}

/** A job that is waited for, or a message published within the engine. */
export function prepareSend(run: Run, active: Active<FlowNode>, send: SendDefinition): Result<Throw> {
  if (send.kind === 'publish') return preparePublication(run, active, send);
  const job = prepareJob(run, active, send);
  if (!job.ok) return job;
  return ok(() => {
    job.value();
    return 'waits';
  });
}

function preparePublication(run: Run, { element, lookup }: Active<FlowNode>, send: Publish): Result<Throw> {
  const scope = { lookup, nowMs: run.nowMs };
  const name = evaluateString(send.message.name, scope);
  if (!name.ok) return name;
  const key = send.message.correlationKey === null ? ok('') : evaluateKey(send.message.correlationKey, scope);
  if (!key.ok) return key;
  const messageId = send.messageId === null ? ok(null) : evaluateKey(send.messageId, scope);
  if (!messageId.ok) return messageId;
  const until = evaluateInstant(send.timeToLive, scope);
  if (!until.ok) return until;
  const timeToLiveMs = until.value === null ? defaultTimeToLiveMs : Math.max(until.value - run.nowMs, 0);
  return ok(() => {
    emit(run, {
      type: 'messagePublished',
      message: nextSeq(run),
      element: element.seq,
      messageName: name.value,
      correlationKey: key.value,
      messageId: messageId.value,
      timeToLiveMs,
      variables: ownVariables(run, element.seq),
    });
    return 'done';
  });
}

/** What is thrown carries the variables local to its element: what its input mappings say, nothing by accident. */
const ownVariables = (run: Run, element: Seq): Variables => elementIn(run, element).variables;

function prepareSignal(run: Run, { element, lookup }: Active<FlowNode>, signal: SignalDefinition): Result<Throw> {
  const name = evaluateString(signal.name, { lookup, nowMs: run.nowMs });
  if (!name.ok) return name;
  if (name.value === '') return fail('EXTRACT_VALUE_ERROR', 'The name of the signal is empty.');
  return ok(() => {
    broadcastSignal(run, element.seq, name.value, ownVariables(run, element.seq));
    return 'done';
  });
}

function prepareEscalation(run: Run, active: Active<FlowNode>, { code: given }: EscalationDefinition): Result<Throw> {
  const { element, lookup } = active;
  const code = given === null ? ok('') : evaluateKey(given, { lookup, nowMs: run.nowMs });
  if (!code.ok) return code;
  return ok(() => {
    throwEscalation(run, element.seq, { code: code.value, variables: ownVariables(run, element.seq) });
    return 'done';
  });
}

function prepareError(
  run: Run,
  { element, lookup }: Active<FlowNode>,
  { code: given }: ErrorDefinition,
): Result<Throw> {
  const code = given === null ? ok('') : evaluateKey(given, { lookup, nowMs: run.nowMs });
  if (!code.ok) return code;
  return ok(() => {
    const variables = ownVariables(run, element.seq);
    throwError(run, element.seq, { code: code.value, message: '', variables }, 'activate');
    return 'waits';
  });
}

function throwCompensation(run: Run, { element }: Active<FlowNode>, result: CompensationThrow): 'done' | 'waits' {
  const { activity, waitForCompletion } = result;
  const { seq, scope, elementId } = element;
  const thrower = waitForCompletion ? seq : null;
  return compensate(run, { scope, elementId, thrower, cancels: null, activity }) && waitForCompletion
    ? 'waits'
    : 'done';
}
