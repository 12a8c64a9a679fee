/** What several elements have in common. */
import type { Active, Commit, Result } from '../behavior.ts';
import { ok } from '../behavior.ts';
import { chooseAll } from '../choose.ts';
import type { Seq } from '../command.ts';
import { evaluateInstant, evaluateKey, evaluateString } from '../expression.ts';
import { cancelJobs, jobOf, prepareJob } from '../job.ts';
import type { FlowId, FlowNode, SendDefinition } from '../model.ts';
import { emit, nextSeq, schedule } from '../run.ts';
import type { Run } from '../run.ts';

type Publish = Extract<SendDefinition, { readonly kind: 'publish' }>;

/** How long a message that nobody waits for is kept when the model does not say: one hour, as the Camunda clients do. */
const defaultTimeToLiveMs = 3_600_000;

/** Nothing to do: on to completion. */
export function passThrough(run: Run, { element }: Active<FlowNode>): Result<Commit> {
  return ok(() => schedule(run, element.seq, 'complete'));
}

/** The token leaves by every outgoing flow whose condition holds. */
export const leaveByAll = chooseAll;

/** The element began nothing outside the engine. */
export const nothingToEnd = (): void => undefined;

export const endJobs = (run: Run, { element }: Active<FlowNode>): void => cancelJobs(run, element.seq);

/** The token leaves by every outgoing flow, whatever its condition. */
export const leaveByEach = (_run: Run, { node }: Active<FlowNode>): Result<readonly FlowId[]> => ok(node.outgoing);

/** Asks for a job and waits for it. */
export function startJob(run: Run, active: Active<FlowNode>): Result<Commit> {
  const job = jobOf(active.node);
  if (!job) throw new Error(`Element ${active.node.id} has no job.`);
  return prepareJob(run, active, job);
}

/** Asks for a job, or publishes a message and goes on. */
export function startSending(run: Run, active: Active<FlowNode>, send: SendDefinition): Result<Commit> {
  return send.kind === 'job' ? prepareJob(run, active, send) : preparePublication(run, active, send);
}

function preparePublication(run: Run, { element, lookup }: Active<FlowNode>, send: Publish): Result<Commit> {
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
    publish(run, element.seq, {
      messageName: name.value,
      correlationKey: key.value,
      messageId: messageId.value,
      timeToLiveMs,
    });
    schedule(run, element.seq, 'complete');
  });
}

interface Publication {
  readonly messageName: string;
  readonly correlationKey: string;
  readonly messageId: string | null;
  readonly timeToLiveMs: number;
}

/** A message carries the variables local to its element: what its input mappings say, nothing by accident. */
function publish(run: Run, element: Seq, publication: Publication): void {
  const variables = run.draft.state.elements[element]?.variables ?? {};
  emit(run, { type: 'messagePublished', message: nextSeq(run), element, ...publication, variables });
}
