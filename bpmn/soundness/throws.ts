/** What is thrown and never caught, as far as names and codes stand literally in the models that are published together. */
import type { CatchTrigger, Expression, FlowNode, ProcessModel } from '#engine/model.ts';
import { literal } from '../expression.ts';
import { anyCode, broadcastBy, codeOf, thrownErrors, thrownEscalations } from './activity.ts';
import type { Ways } from './analysis.ts';
import type { Fault } from './finding.ts';

/** Names that are waited for; `anyCode` among them: one is known only at run time, and so might be any. */
interface Subscriptions {
  readonly messages: ReadonlySet<string>;
  readonly signals: ReadonlySet<string>;
}

export function subscriptionsOf(models: readonly ProcessModel[]): Subscriptions {
  const triggers = models.flatMap(({ nodes }) => Object.values(nodes).flatMap(triggersOf));
  const receivers = models.flatMap(({ nodes }) => Object.values(nodes).filter((node) => node.type === 'receiveTask'));
  const messages = triggers.flatMap((trigger) => (trigger.type === 'message' ? [trigger.message.name] : []));
  const signals = triggers.flatMap((trigger) => (trigger.type === 'signal' ? [trigger.signal.name] : []));
  return {
    messages: new Set([...messages, ...receivers.map(({ message }) => message.name)].map(codeOf)),
    signals: new Set(signals.map(codeOf)),
  };
}

function triggersOf(node: FlowNode) {
  const trigger: CatchTrigger | null = 'trigger' in node ? node.trigger : null;
  if (trigger === null) return [];
  return 'triggers' in trigger ? trigger.triggers : [trigger];
}

export interface Caught {
  readonly subscriptions: Subscriptions;
  /** Codes that leave the process, and whether a process of the deployment calls it. */
  readonly errors: ReadonlySet<string>;
  readonly escalations: ReadonlySet<string>;
  readonly isCalled: boolean;
}

export function uncaughtThrows(
  model: ProcessModel,
  { subscriptions, errors, escalations, isCalled }: Caught,
  { isVisited, pathTo }: Ways,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const node of Object.values(model.nodes)) {
    if (!isVisited(node.id)) continue;
    const report = (code: Fault['code'], name: string): void =>
      void faults.push({ code, elements: [node.id], path: pathTo(node.id) ?? [], values: { name } });
    for (const name of publishedBy(node)) {
      if (!isTaken(name, subscriptions.messages)) report('MESSAGE_WITHOUT_SUBSCRIBER', name);
    }
    for (const name of broadcastBy(node)) {
      if (!isTaken(name, subscriptions.signals)) report('SIGNAL_WITHOUT_SUBSCRIBER', name);
    }
    if (isCalled) continue;
    for (const code of thrownErrors(node)) if (isLost(code, errors)) report('ERROR_UNCAUGHT', code);
    for (const code of thrownEscalations(node)) if (isLost(code, escalations)) report('ESCALATION_UNCAUGHT', code);
  }
  return faults;
}

const isTaken = (name: string, names: ReadonlySet<string>): boolean =>
  name === anyCode || names.has(name) || names.has(anyCode);
const isLost = (code: string, left: ReadonlySet<string>): boolean => code !== anyCode && left.has(code);

const literalNames = (names: readonly Expression[]): readonly string[] => names.flatMap((name) => literal(name) ?? []);

/** Literal names of the messages that the element publishes itself; what a job sends is not known here. */
function publishedBy(node: FlowNode): readonly string[] {
  if (node.type === 'sendTask') return node.send.kind === 'publish' ? literalNames([node.send.message.name]) : [];
  if (!('results' in node)) return [];
  return node.results.flatMap((result) =>
    result.type === 'message' && result.send.kind === 'publish' ? literalNames([result.send.message.name]) : [],
  );
}
