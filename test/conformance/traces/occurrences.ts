/**
 * What a trace of bpmn.io's token simulator and the facts of our engine both tell, in one vocabulary:
 *
 * - `flow F`: a token has passed sequence flow F.
 * - `begin N`: N has begun, by a token or because what it waits for has occurred (start and boundary events, event sub-processes).
 * - `end N`: N has completed. `over N`: N has ended, completed or not, where the two notations differ only in how they keep books: throw and
 *   end events that end their own scope, sub-processes, event-based gateways.
 * - `stop N`: N was terminated.
 *
 * Told on neither side: the arrival of a token at a joining gateway (its flow tells it), flows that leave an event-based
 * gateway (the event tells it), message flows, compensation boundary events, and a link but for its
 * throw event.
 */
import type { RecordedFact } from '#engine/fact.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';

export interface Occurrence {
  readonly kind: 'flow' | 'begin' | 'end' | 'over' | 'stop';
  readonly id: string;
}
export const written = ({ kind, id }: Occurrence): string => `${kind} ${id}`;

const scopes = ['subProcess', 'transaction', 'eventSubProcess', 'adHocSubProcess'];

/** Throw and end events count as ended either way: the simulator leaves those that interrupt their scope without an exit. */
const endsEitherWay = (node: FlowNode): boolean =>
  scopes.includes(node.type) ||
  node.type === 'eventBasedGateway' ||
  ((node.type === 'endEvent' || node.type === 'intermediateThrowEvent') && node.results.length > 0);

/** Several tokens become one. */
export const isJoin = (node: FlowNode): boolean =>
  node.incoming.length > 1 && ['parallelGateway', 'inclusiveGateway', 'complexGateway'].includes(node.type);
const isSilent = (node: FlowNode): boolean =>
  (node.type === 'boundaryEvent' && node.trigger.type === 'compensation') ||
  (node.type === 'intermediateCatchEvent' && node.trigger.type === 'link');

export class Vocabulary {
  readonly #nodes = new Map<string, FlowNode>();
  readonly #flows = new Map<string, { readonly source: string; readonly link?: true }>();
  readonly #processes = new Set<string>();
  /** Simulator: participants stand for their process. */
  readonly #standsFor: ReadonlyMap<string, string>;

  constructor(processes: readonly ProcessModel[], participants: ReadonlyMap<string, string>) {
    this.#standsFor = participants;
    for (const process of processes) {
      this.#processes.add(process.processId);
      for (const node of Object.values(process.nodes)) this.#nodes.set(node.id, node);
      for (const flow of Object.values(process.flows)) this.#flows.set(flow.id, flow);
    }
  }

  /** Where a flow comes from. */
  sourceOf(flow: string): FlowNode | undefined {
    return this.#nodes.get(this.#flows.get(flow)?.source ?? '');
  }
  isProcess(id: string): boolean {
    return this.#processes.has(id);
  }

  ofTrace(trace: readonly string[]): Occurrence[] {
    const left = new Set(trace.filter((line) => line.startsWith('exit:')).map((line) => line.slice('exit:'.length)));
    const active = new Map<string, number>();
    return trace.flatMap((line) => {
      const [event = '', element = '', scope = ''] = line.split(':');
      const id = this.#standsFor.get(element) ?? element;
      if (this.#flows.has(id)) return event === 'exit' ? this.#flow(id) : [];
      if (!this.#nodes.has(id) && !this.#processes.has(id)) return [];
      const count = active.get(id) ?? 0;
      if (event === 'enter' || (event === 'signal' && this.#beginsByTrigger(id))) {
        active.set(id, count + 1);
        return this.#begin(id);
      }
      if (event === 'exit') {
        active.set(id, count - 1);
        // a sub-process whose inside is undone later is left a second time, without having begun again
        return count > 0 ? this.#end(id, true) : [];
      }
      return event === 'destroyScope' && !left.has(`${element}:${scope}`) ? this.#end(id, false) : [];
    });
  }

  ofFacts(processId: string, facts: readonly RecordedFact[]): Occurrence[] {
    return facts.flatMap(({ fact }): Occurrence[] => {
      switch (fact.type) {
        case 'instanceStarted':
          return [{ kind: 'begin', id: processId }];
        case 'instanceCompleted':
        case 'instanceTerminated':
        case 'instanceErrored':
          return [{ kind: 'over', id: processId }];
        case 'sequenceFlowTaken':
          return this.#flow(fact.flowId);
        case 'elementActivated':
          return fact.elementType === 'compensation' ? [] : this.#begin(fact.elementId);
        case 'elementCompleted':
        case 'elementTerminated':
          if (fact.elementType === 'compensation') return [];
          return this.#end(fact.elementId, fact.type === 'elementCompleted');
        default:
          return [];
      }
    });
  }

  /** The simulator tells the trigger of what does not begin by a token; elsewhere `signal` is the hand that lets it go on. */
  #beginsByTrigger(id: string): boolean {
    const node = this.#nodes.get(id);
    return (
      node === undefined ||
      ['startEvent', 'boundaryEvent', 'eventSubProcess'].includes(node.type) ||
      node.incoming.some((flow) => this.sourceOf(flow)?.type === 'eventBasedGateway')
    );
  }
  #flow(id: string): Occurrence[] {
    const flow = this.#flows.get(id);
    const silent = !flow || flow.link === true || this.sourceOf(id)?.type === 'eventBasedGateway';
    return silent ? [] : [{ kind: 'flow', id }];
  }
  #begin(id: string): Occurrence[] {
    const node = this.#nodes.get(id);
    if (node ? isJoin(node) || isSilent(node) : !this.#processes.has(id)) return [];
    return [{ kind: 'begin', id }];
  }
  #end(id: string, completed: boolean): Occurrence[] {
    const node = this.#nodes.get(id);
    if (!node) return this.#processes.has(id) ? [{ kind: 'over', id }] : [];
    if (isSilent(node)) return [];
    if (endsEitherWay(node)) return [{ kind: 'over', id }];
    // a token that a join has swallowed leaves no trace of its own
    if (!completed) return isJoin(node) ? [] : [{ kind: 'stop', id }];
    return [{ kind: 'end', id }];
  }
}
