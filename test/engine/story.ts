/** Stories of one instance: commands in, a readable list of facts out. */
import { applyAll, initialState } from '#engine/apply.ts';
import type { Command } from '#engine/command.ts';
import type { ElementType, Fact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { Variables } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { step } from '#engine/step.ts';

export const startMs = 1_700_000_000_000;

/** What holds instances is marked: the body of a looping activity, and the handlers of one compensation. */
const marks: Partial<Record<ElementType, string>> = {
  multiInstanceBody: '*',
  standardLoopBody: '*',
  compensation: '~',
};

/** One word for a fact: `+a` activated, `-a` completed, `xa` terminated. */
function words(fact: Fact): string[] {
  switch (fact.type) {
    case 'elementActivated':
      return [`+${fact.elementId}${marks[fact.elementType] ?? ''}`];
    case 'elementCompleted':
      return [`-${fact.elementId}${marks[fact.elementType] ?? ''}`];
    case 'elementTerminated':
      return [`x${fact.elementId}${marks[fact.elementType] ?? ''}`];
    case 'incidentRaised':
      return [`!${fact.elementId} ${fact.code}`];
    case 'sequenceFlowTaken':
    case 'variablesSet':
      return [];
    default:
      return [fact.type];
  }
}

export class Story {
  state: InstanceState = initialState();
  nowMs = startMs;
  readonly facts: Fact[] = [];
  readonly process: ProcessModel;

  constructor(process: ProcessModel) {
    this.process = process;
  }

  /** Sends a command; answers what happened in words. A rejection is answered as its code. */
  send(command: Command, actor = 'orang', reason: string | null = null): string[] {
    const before = JSON.stringify(this.state);
    const result = step(this.process, this.state, command, { nowMs: this.nowMs, actor, reason });
    if (JSON.stringify(this.state) !== before) throw new Error('step changed the state it was given');
    if (!result.ok) return [`rejected ${result.rejection.code}`];
    const folded = applyAll(this.state, result.facts);
    if (JSON.stringify(folded) !== JSON.stringify(result.state)) throw new Error('state is not the fold of facts');
    this.state = result.state;
    for (const fact of result.facts) this.facts.push(fact);
    const happened = result.facts.flatMap(words);
    const goesOn = this.state.paused !== null && this.state.suspendedAtMs === null;
    return goesOn ? [...happened, ...this.send({ type: 'continue' }, actor)] : happened;
  }

  start(variables: Variables = {}, extra: object = {}): string[] {
    return this.send({
      type: 'startInstance',
      instanceKey: '1048576',
      definitionKey: '2097152',
      version: 1,
      startElement: null,
      variables,
      businessKey: null,
      region: null,
      parent: null,
      ...extra,
    });
  }
  completeJob(elementId: string, variables: Variables = {}): string[] {
    return this.send({ type: 'completeJob', job: this.jobOf(elementId), variables });
  }
  completeTask(elementId: string, variables: Variables = {}, actor = 'orang'): string[] {
    return this.send({ type: 'completeUserTask', task: this.elementOf(elementId), variables }, actor);
  }
  throwError(elementId: string, code: string, variables: Variables = {}): string[] {
    return this.send({ type: 'throwJobError', job: this.jobOf(elementId), code, message: '', variables });
  }
  message(elementId: string, variables: Variables = {}): string[] {
    const found = Object.entries(this.state.subscriptions).find(([, { elementId: id }]) => id === elementId);
    return this.send({ type: 'correlateMessage', subscription: Number(found?.[0] ?? 0), messageKey: '1', variables });
  }
  signal(elementId: string, variables: Variables = {}): string[] {
    const found = Object.entries(this.state.signalSubscriptions).find(([, { elementId: id }]) => id === elementId);
    return this.send({ type: 'receiveSignal', subscription: Number(found?.[0] ?? 0), signalKey: '1', variables });
  }
  escalate(elementId: string, code: string, variables: Variables = {}): string[] {
    return this.send({ type: 'throwEscalation', element: this.elementOf(elementId), code, variables });
  }
  set(variables: Variables, scope = 0, local = false): string[] {
    return this.send({ type: 'setVariables', scope, variables, local });
  }
  resolve(retries: number | null = null): string[] {
    const [incident = '0'] = Object.keys(this.state.incidents);
    return this.send({ type: 'resolveIncident', incident: Number(incident), retries });
  }
  later(ms: number): string[] {
    this.nowMs += ms;
    return this.send({ type: 'fireDue' }, 'system');
  }

  /** The n-th active instance of the element. */
  elementOf(elementId: string, index = 0): number {
    const found = Object.values(this.state.elements).filter((element) => element.elementId === elementId);
    return found[index]?.seq ?? -1;
  }
  jobOf(elementId: string): number {
    const found = Object.entries(this.state.jobs).find(
      ([, { element }]) => this.state.elements[element]?.elementId === elementId,
    );
    return Number(found?.[0] ?? -1);
  }
  get variables(): Variables {
    return this.state.elements[0]?.variables ?? {};
  }
  last<T extends Fact['type']>(type: T): Extract<Fact, { type: T }> | undefined {
    return this.facts.findLast((fact) => fact.type === type) as Extract<Fact, { type: T }> | undefined;
  }
}
