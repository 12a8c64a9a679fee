/** The in-memory host as an engine under test. */
import { compileDeployment } from '#bpmn/deployment.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Command } from '#engine/command.ts';
import type { Variables } from '#engine/json.ts';
import { instanceOf, keyWithin, sequenceOf } from '#engine/keys.ts';
import { MemoryHost } from '#engine/memory.ts';
import { addDuration, parseDuration } from '#engine/time.ts';
import type { CaseEngine, CaseInstance, CaseJob, CaseMessage, CaseTask } from './open-case.ts';

const startMs = 1_767_225_600_000;

export class MemoryEngine implements CaseEngine {
  readonly host = new MemoryHost(startMs);
  readonly #decisions: Record<string, DecisionModel> = {};

  async deploy(files: readonly { readonly name: string; readonly content: string }[]): Promise<void> {
    const deployment = await compileDeployment(files, { decisions: this.#decisions });
    if (!deployment.ok) throw new Error(JSON.stringify(deployment.report));
    for (const { model } of deployment.decisions) this.#decisions[model.id] = model;
    this.host.deploy(deployment.processes.map(({ model }) => model));
  }
  async createInstance(processId: string, variables: Variables): Promise<void> {
    const created = this.host.createInstance({ processId, variables });
    if ('code' in created) throw new Error(created.message);
  }
  async idle(): Promise<void> {
    // every call has let everything happen before it came back
  }
  async jobs(): Promise<readonly CaseJob[]> {
    return this.host.jobs();
  }
  async userTasks(): Promise<readonly CaseTask[]> {
    return this.host.userTasks();
  }
  async completeJob(key: string, variables: Variables): Promise<void> {
    this.#accepted(this.host.completeJob(key, variables));
  }
  async failJob(key: string, retries: number, message: string): Promise<void> {
    this.#accepted(this.host.failJob(key, retries, message));
  }
  async throwError(key: string, code: string, variables: Variables): Promise<void> {
    this.#accepted(this.host.throwJobError(key, code, variables));
  }
  async completeTask(key: string, variables: Variables): Promise<void> {
    this.#accepted(this.host.completeUserTask(key, variables));
  }
  async publishMessage({ ttl, ...message }: CaseMessage): Promise<void> {
    const timeToLiveMs = parseDuration(ttl)?.ms ?? 0;
    if (!this.host.publish({ ...message, timeToLiveMs })) throw new Error('the message id is known already');
  }
  async advanceTime(text: string): Promise<void> {
    const duration = parseDuration(text);
    const until = duration && addDuration(this.host.nowMs, duration);
    if (until === null) throw new Error(`no duration: ${text}`);
    this.host.advanceTime(until);
  }
  async setVariables(elementId: string | null, variables: Variables, local: boolean): Promise<void> {
    for (const key of this.host.instanceKeys()) {
      const elements = Object.values(this.host.stateOf(key).elements);
      const found = elements.find((element) =>
        elementId === null ? element.seq === 0 : element.elementId === elementId,
      );
      if (!found) continue;
      this.#send(key, { type: 'setVariables', scope: found.seq, variables, local });
      return;
    }
    throw new Error(`${elementId ?? 'no instance'} is not active`);
  }
  async resolveIncident(key: string, retries: number | null): Promise<void> {
    this.#send(instanceOf(key), { type: 'resolveIncident', incident: sequenceOf(key), retries });
  }
  async cancelInstance(key: string): Promise<void> {
    this.#send(key, { type: 'cancelInstance', reason: 'test' });
  }
  async instances(): Promise<readonly CaseInstance[]> {
    return this.host.instanceKeys().map((key) => this.#instance(key));
  }

  #send(key: string, command: Command): void {
    this.#accepted(this.host.send(key, command));
  }
  #accepted(rejection: { readonly message: string } | null): void {
    if (rejection) throw new Error(rejection.message);
  }

  #instance(key: string): CaseInstance {
    const state = this.host.stateOf(key);
    const completed: string[] = [];
    const terminated: string[] = [];
    for (const { fact } of this.host.factsOf(key)) {
      if (fact.type !== 'elementCompleted' && fact.type !== 'elementTerminated') continue;
      if (fact.elementType === 'multiInstanceBody') continue;
      (fact.type === 'elementCompleted' ? completed : terminated).push(fact.elementId);
    }
    const active = Object.values(state.elements).filter(({ seq, type }) => seq !== 0 && type !== 'multiInstanceBody');
    return {
      key,
      processId: state.processId,
      state: state.status === 'active' || state.status === 'completed' ? state.status : 'terminated',
      completed,
      terminated,
      active: active.map(({ elementId }) => elementId),
      variables: state.elements[0]?.variables ?? {},
      incidents: Object.entries(state.incidents).map(([seq, { elementId, code }]) => ({
        key: keyWithin(key, Number(seq)),
        elementId,
        errorType: code,
      })),
    };
  }
}
