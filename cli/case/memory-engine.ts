/** The engine in memory, with virtual time. */
import { withDecisions } from '#bpmn/deployment.ts';
import type { ExistingResources } from '#bpmn/deployment.ts';
import type { Command } from '#engine/command.ts';
import type { Fact } from '#engine/fact.ts';
import type { Variables } from '#engine/json.ts';
import { instanceOf, keyWithin, sequenceOf } from '#engine/keys.ts';
import { MemoryHost } from '#engine/memory.ts';
import { addDuration, parseDuration } from '#engine/time.ts';
import { text } from '../texts.ts';
import { admissionProblems } from './admission.ts';
import type { Compile } from './compile-once.ts';
import { completions, isCounted } from './completions.ts';
import { caseStartMs } from './engine.ts';
import type { CaseEngine, CaseFile, CaseHistory, CaseInstance, CaseJob, CaseMessage, CaseTask } from './engine.ts';

export class MemoryEngine implements CaseEngine {
  readonly host = new MemoryHost(caseStartMs);
  readonly patienceMs = 0;
  readonly deployments: (readonly CaseFile[])[] = [];
  #existing: ExistingResources = { decisions: {} };
  readonly #compile: Compile;

  constructor(compile: Compile) {
    this.#compile = compile;
  }

  async deploy(files: readonly CaseFile[]): Promise<void> {
    const deployment = await this.#compile(files, this.#existing);
    if (!deployment.ok) throw new Error(text('notAdmitted', { problems: admissionProblems(deployment.report) }));
    const models = deployment.decisions.map(({ model }) => model);
    this.#existing = withDecisions(this.#existing, models);
    this.deployments.push(files);
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
    accepted(this.host.completeJob(key, variables));
  }
  async failJob(key: string, retries: number, message: string): Promise<void> {
    accepted(this.host.failJob(key, retries, message));
  }
  async throwError(key: string, code: string, variables: Variables): Promise<void> {
    accepted(this.host.throwJobError(key, code, variables));
  }
  /** Every task is done by a person of its own, so that four eyes are four. */
  async completeTask(key: string, variables: Variables): Promise<void> {
    const elementId = this.host.userTasks().find((task) => task.key === key)?.elementId ?? '';
    accepted(this.host.completeUserTask(key, variables, `person.${elementId}`));
  }
  async publishMessage({ ttl, ...message }: CaseMessage): Promise<void> {
    const timeToLiveMs = parseDuration(ttl)?.ms ?? 0;
    if (!this.host.publish({ ...message, timeToLiveMs })) throw new Error(text('messageKnown'));
  }
  async broadcastSignal(name: string, variables: Variables): Promise<void> {
    this.host.broadcastSignal(name, variables);
  }
  async advanceTime(written: string): Promise<void> {
    const duration = parseDuration(written);
    const until = duration && addDuration(this.host.nowMs, duration);
    if (until === null) throw new Error(text('noDuration', { duration: written }));
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
    throw new Error(text('notActive', { elementId: elementId ?? '-' }));
  }
  async resolveIncident(key: string, retries: number | null): Promise<void> {
    this.#send(instanceOf(key), { type: 'resolveIncident', incident: sequenceOf(key), retries });
  }
  async cancelInstance(key: string): Promise<void> {
    this.#send(key, { type: 'cancelInstance', reason: 'test case' });
  }
  async instances(): Promise<readonly CaseInstance[]> {
    return this.host.instanceKeys().map((key) => this.#instance(key));
  }
  async histories(): Promise<readonly CaseHistory[]> {
    return this.host.instanceKeys().map((key) => ({
      processId: this.host.stateOf(key).processId,
      facts: this.#factsOf(key),
    }));
  }
  async close(): Promise<void> {
    // nothing outlives the host
  }

  #send(key: string, command: Command): void {
    accepted(this.host.send(key, command));
  }

  #factsOf(key: string): Fact[] {
    return this.host.factsOf(key).map(({ fact }) => fact);
  }

  #instance(key: string): CaseInstance {
    const state = this.host.stateOf(key);
    return {
      key,
      processId: state.processId,
      state: state.status === 'active' || state.status === 'completed' ? state.status : 'terminated',
      ...completions(this.#factsOf(key)),
      active: Object.values(state.elements)
        .filter(({ type }) => isCounted(type))
        .map(({ elementId }) => elementId),
      variables: state.elements[0]?.variables ?? {},
      incidents: Object.entries(state.incidents).map(([seq, { elementId, code }]) => ({
        key: keyWithin(key, Number(seq)),
        elementId,
        errorType: code,
      })),
    };
  }
}

function accepted(rejection: { readonly message: string } | null): void {
  if (rejection) throw new Error(rejection.message);
}
