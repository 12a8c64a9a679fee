/** Plays a trace of the token simulator on the in-memory host: whatever the simulator's user did by hand becomes a command. */
import { child, children, idOf, instanceOf, moddle } from '#bpmn/moddle.ts';
import type { ModdleElement } from '#bpmn/moddle.ts';
import { compileDeployment } from '#bpmn/deployment.ts';
import { MemoryHost } from '#engine/memory.ts';
import type { ProcessModel } from '#engine/model.ts';
import { correlationKey, enrich } from './enrich.ts';
import { Vocabulary, written } from './occurrences.ts';
import type { Occurrence } from './occurrences.ts';

export interface Played {
  readonly expected: readonly Occurrence[];
  readonly actual: readonly Occurrence[];
  readonly processes: readonly ProcessModel[];
}

const startMs = 1_767_225_600_000;
const commandsMost = 100;

/** Throws with the compiler's reasons when the enriched model is not admitted. */
export async function play(xml: string, trace: readonly string[]): Promise<Played> {
  const enriched = await enrich(xml, trace);
  const participants = await participantsOf(xml);
  if (!/<(\w+:)?process\b/.test(xml)) return { expected: [], actual: [], processes: [] };
  const deployment = await compileDeployment([{ name: 'trace.bpmn', content: enriched }], { decisions: {} });
  if (!deployment.ok) {
    const problems = deployment.report.resources.flatMap(({ entries }) => entries.flatMap((entry) => entry.problems));
    const errors = problems.filter(({ severity }) => severity === 'error');
    throw new Error(
      errors.map(({ code, elementId, message }) => `${code} ${elementId ?? ''} ${message.en}`).join('; '),
    );
  }
  const processes = deployment.processes.map(({ model }) => model);
  const vocabulary = new Vocabulary(processes, participants);
  const host = new MemoryHost(startMs);
  host.deploy(processes);
  const player = new Player(host, vocabulary, processes, trace);
  player.play();
  return { expected: player.expected, actual: player.actual(), processes };
}

async function participantsOf(xml: string): Promise<ReadonlyMap<string, string>> {
  const { rootElement } = await moddle.fromXML(xml, { lax: true });
  const pairs = children(rootElement as ModdleElement, 'rootElements')
    .filter((root) => instanceOf(root, 'bpmn:Collaboration'))
    .flatMap((root) => children(root, 'participants'))
    .map(
      (participant) => [idOf(participant) ?? '', idOf(child(participant, 'processRef') ?? participant) ?? ''] as const,
    );
  return new Map(pairs);
}

class Player {
  readonly expected: readonly Occurrence[];
  readonly #host: MemoryHost;
  readonly #vocabulary: Vocabulary;
  readonly #processes: readonly ProcessModel[];
  #taken: readonly string[] = [];

  constructor(host: MemoryHost, vocabulary: Vocabulary, processes: readonly ProcessModel[], trace: readonly string[]) {
    this.#host = host;
    this.#vocabulary = vocabulary;
    this.#processes = processes;
    this.expected = vocabulary.ofTrace(trace);
  }

  play(): void {
    for (let commands = 0; commands < commandsMost; commands++) if (!this.#next()) return;
    throw new Error('the trace does not come to its end');
  }

  /** Instances one after the other, as the simulator's traces have them. */
  actual(): Occurrence[] {
    return this.#host
      .instanceKeys()
      .flatMap((key) => this.#vocabulary.ofFacts(this.#host.stateOf(key).processId, this.#host.factsOf(key)));
  }

  /** Flows that gateways shall choose from now on: an inclusive one those of the trace, an exclusive one that which is told next. */
  #choices(happened: ReadonlyMap<string, number>): readonly string[] {
    const left = new Map(happened);
    const next = new Map<string, string>();
    const all = new Set<string>();
    for (const { kind, id } of this.expected) {
      if (kind !== 'flow') continue;
      const name = written({ kind, id });
      const done = left.get(name) ?? 0;
      left.set(name, done - 1);
      const source = this.#vocabulary.sourceOf(id);
      if (source?.type !== 'exclusiveGateway') all.add(id);
      else if (done <= 0 && !next.has(source.id)) next.set(source.id, id);
    }
    return [...all, ...next.values()];
  }

  #choose(happened: ReadonlyMap<string, number>): void {
    const taken = this.#choices(happened);
    if (taken.join(' ') === this.#taken.join(' ')) return;
    this.#taken = taken;
    for (const key of this.#host.instanceKeys()) {
      const set = { type: 'setVariables', scope: 0, variables: { taken: [...taken] }, local: false } as const;
      if (this.#host.stateOf(key).status === 'active') this.#host.send(key, set);
    }
  }

  /** Does the first thing of the trace that has not happened and can be asked for; false: there is none such. */
  #next(): boolean {
    const happened = counted(this.actual());
    this.#choose(happened);
    for (const [index, occurrence] of this.expected.entries()) {
      const name = written(occurrence);
      const left = happened.get(name) ?? 0;
      happened.set(name, left - 1);
      if (left <= 0 && this.#ask(occurrence, index)) return true;
    }
    return false;
  }

  #ask({ kind, id }: Occurrence, index: number): boolean {
    if (kind === 'begin' && this.#vocabulary.isProcess(id)) return this.#start(id, index);
    const waits = kind === 'begin' || kind === 'end';
    return waits && (this.#completeJob(kind, id) || this.#trigger(id));
  }

  /** By the start event that the trace tells next. */
  #start(processId: string, index: number): boolean {
    const process = this.#processes.find((candidate) => candidate.processId === processId);
    const next = this.expected.slice(index + 1).find(({ kind, id }) => kind === 'begin' && process?.nodes[id]);
    const node = next && process?.nodes[next.id];
    const isTriggered = node?.type === 'startEvent' && node.trigger !== null;
    const startElement = isTriggered ? node.id : null;
    const created = this.#host.createInstance({ processId, startElement, variables: { taken: [...this.#taken] } });
    return 'instanceKey' in created;
  }

  #completeJob(kind: Occurrence['kind'], id: string): boolean {
    const job = kind === 'end' ? this.#host.jobs().find(({ type }) => type === id) : undefined;
    return job !== undefined && this.#host.completeJob(job.key, {}) === null;
  }

  /** Publishes the message, or broadcasts the signal, that somebody waits for under this element's name. */
  #trigger(id: string): boolean {
    for (const key of this.#host.instanceKeys()) {
      const { status, subscriptions, signalSubscriptions } = this.#host.stateOf(key);
      if (status !== 'active') continue;
      if (Object.values(subscriptions).some(({ elementId }) => elementId === id)) {
        const message = { name: id, correlationKey, timeToLiveMs: 0, messageId: null, variables: {} };
        return this.#host.publish(message);
      }
      const signal = Object.values(signalSubscriptions).find(({ elementId }) => elementId === id);
      if (signal) {
        this.#host.broadcastSignal(signal.signalName, {});
        return true;
      }
    }
    return false;
  }
}

export function counted(occurrences: readonly Occurrence[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const occurrence of occurrences) {
    const name = written(occurrence);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
