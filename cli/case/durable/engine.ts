/** The real stack as an engine under test: everything goes through the HTTP API, as a user's program would do it. */
import { ProblemError } from '#contract/client.ts';
import type { Client } from '#contract/client.ts';
import { deploymentEndpoints } from '#contract/deployment.ts';
import { incidentEndpoints } from '#contract/incident.ts';
import { jobEndpoints } from '#contract/job.ts';
import { messageEndpoints } from '#contract/message.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import type { ProcessInstance } from '#contract/process-instance.ts';
import { signalEndpoints } from '#contract/signal.ts';
import { userTaskEndpoints } from '#contract/user-task.ts';
import type { UserTask } from '#contract/user-task.ts';
import { variableEndpoints } from '#contract/variable.ts';
import type { Variables } from '#engine/json.ts';
import { parseDuration } from '#engine/time.ts';
import { isPassing } from '../../client.ts';
import { text } from '../../texts.ts';
import { compareIds } from '../compare.ts';
import { completions } from '../completions.ts';
import type { CaseEngine, CaseFile, CaseHistory, CaseInstance, CaseJob, CaseMessage, CaseTask } from '../engine.ts';
import { EngineLost } from '../suite.ts';
import type { StackClock } from './clock.ts';
import { FactReader } from './facts.ts';
import { durableLimits } from './limits.ts';
import { elementsOf, instancesOf, openIncidentsOf, openJobsOf, openTasksOf } from './reads.ts';
import { processVariablesOf, taskVariablesOf } from './reads.ts';
import type { FoundElement } from './reads.ts';
import { awaitsWorkers, restOf, untilAtRest } from './rest.ts';
import type { Staff } from './staff.ts';
import { filesBody, wire } from './wire.ts';

/** What every case of a run shares. */
export interface Installation {
  readonly client: Client;
  readonly staff: Staff;
  readonly clock: StackClock;
}

/** A job is held for so long after its variables were read: nobody else works on this stack. */
const jobHeldMs = 1;
const jobsPerActivation = 100;
/** Why the steps of a case change an instance by hand. */
const reason = 'alur case run';
/** Cancelling instances can start others; so often that is looked for. */
const cancelRounds = 5;
/** Types of element instances that are not counted, as the API names them. */
const bookkeeping = ['PROCESS', 'MULTI_INSTANCE_BODY', 'STANDARD_LOOP_BODY', 'COMPENSATION'];

export class DurableEngine implements CaseEngine {
  readonly patienceMs = durableLimits.patienceMs;
  readonly deployments: (readonly CaseFile[])[] = [];
  readonly #installation: Installation;
  readonly #client: Client;
  readonly #facts: FactReader;
  readonly #definitionKeys = new Set<string>();
  /** Instances from before this case have smaller keys. */
  #firstKey: bigint | null = null;

  private constructor(installation: Installation) {
    this.#installation = installation;
    this.#client = installation.client;
    this.#facts = new FactReader(installation.client);
  }

  /** Throws EngineLost when the stack does not answer any more. */
  static async open(installation: Installation): Promise<DurableEngine> {
    try {
      await installation.clock.restart();
    } catch (error) {
      throw isPassing(error) ? new EngineLost(text('stackLost'), { cause: error }) : error;
    }
    return new DurableEngine(installation);
  }

  async deploy(files: readonly CaseFile[]): Promise<void> {
    const deployed = await this.#client(deploymentEndpoints.createDeployment, {}, { rawBody: filesBody(files) });
    this.#firstKey ??= BigInt(deployed.deploymentKey);
    for (const { processDefinition } of deployed.deployments) {
      if (processDefinition !== null) this.#definitionKeys.add(processDefinition.processDefinitionKey);
    }
    this.deployments.push(files);
  }

  async createInstance(processDefinitionId: string, variables: Variables): Promise<void> {
    await this.#client(processInstanceEndpoints.createProcessInstance, {
      body: { processDefinitionId, variables: wire(variables) },
    });
  }

  async idle(): Promise<void> {
    await untilAtRest(async () => {
      const keys = (await this.#instances()).map(({ processInstanceKey }) => processInstanceKey);
      const histories = await Promise.all(keys.map((key) => this.#facts.read(key)));
      const states = histories.map(({ state }) => state);
      const waiting = states.filter(awaitsWorkers).map(({ instanceKey }) => instanceKey);
      const offered = new Set((await this.#jobsOf(waiting)).map(({ key }) => key));
      return restOf(states, { nowMs: this.#installation.clock.nowMs(), offered });
    });
  }

  async jobs(): Promise<readonly CaseJob[]> {
    return this.#jobsOf(await this.#activeKeys());
  }
  async #jobsOf(instanceKeys: readonly string[]): Promise<readonly CaseJob[]> {
    if (instanceKeys.length === 0) return [];
    const open = await openJobsOf(this.#client, instanceKeys);
    const offered = new Map<string, Variables>();
    for (const type of new Set(open.map((job) => job.type))) {
      const body = { type, timeout: jobHeldMs, maxJobsToActivate: jobsPerActivation, requestTimeout: -1 };
      const { jobs } = await this.#client(jobEndpoints.activateJobs, { body });
      for (const job of jobs) offered.set(job.jobKey, job.variables);
    }
    return open.flatMap(({ jobKey: key, type, elementId, processDefinitionId, customHeaders, retries }) => {
      const variables = offered.get(key);
      if (variables === undefined || retries < 1) return [];
      return [
        {
          key,
          type,
          elementId: elementId ?? '',
          processId: processDefinitionId,
          headers: customHeaders,
          retries,
          variables,
        },
      ];
    });
  }

  async userTasks(): Promise<readonly CaseTask[]> {
    const tasks = await this.#openTasks();
    return Promise.all(
      tasks.map(async ({ userTaskKey: key, elementId }) => ({
        key,
        elementId,
        variables: await taskVariablesOf(this.#client, key),
      })),
    );
  }

  async completeJob(jobKey: string, variables: Variables): Promise<void> {
    await this.#client(jobEndpoints.completeJob, { params: { jobKey }, body: { variables: wire(variables) } });
  }
  async failJob(jobKey: string, retries: number, errorMessage: string): Promise<void> {
    await this.#client(jobEndpoints.failJob, { params: { jobKey }, body: { retries, errorMessage } });
  }
  async throwError(jobKey: string, errorCode: string, variables: Variables): Promise<void> {
    await this.#client(jobEndpoints.throwJobError, {
      params: { jobKey },
      body: { errorCode, variables: wire(variables) },
    });
  }
  async completeTask(userTaskKey: string, variables: Variables): Promise<void> {
    const task = (await this.#openTasks()).find((candidate) => candidate.userTaskKey === userTaskKey);
    if (!task) throw new Error(text('notActive', { elementId: userTaskKey }));
    const person = await this.#installation.staff.personFor(task);
    await person(userTaskEndpoints.completeUserTask, { params: { userTaskKey }, body: { variables: wire(variables) } });
  }
  async publishMessage({ name, correlationKey, ttl, messageId, variables }: CaseMessage): Promise<void> {
    const timeToLive = parseDuration(ttl)?.ms ?? 0;
    await this.#client(messageEndpoints.publishMessage, {
      body: {
        name,
        correlationKey,
        timeToLive,
        variables: wire(variables),
        ...(messageId === null ? {} : { messageId }),
      },
    });
  }
  async broadcastSignal(signalName: string, variables: Variables): Promise<void> {
    await this.#client(signalEndpoints.broadcastSignal, { body: { signalName, variables: wire(variables) } });
  }
  advanceTime(duration: string): Promise<void> {
    return this.#installation.clock.advance(duration);
  }

  async setVariables(elementId: string | null, variables: Variables, local: boolean): Promise<void> {
    const elementInstanceKey = await this.#scopeKey(elementId);
    if (elementInstanceKey === undefined) throw new Error(text('notActive', { elementId: elementId ?? '-' }));
    const body = { variables: wire(variables), local, reason };
    await this.#client(variableEndpoints.setElementInstanceVariables, { params: { elementInstanceKey }, body });
  }
  async #scopeKey(elementId: string | null): Promise<string | undefined> {
    const keys = await this.#activeKeys();
    if (elementId === null) return keys[0];
    for (const key of keys) {
      const elements = await elementsOf(this.#client, key);
      const found = elements.find((element) => element.elementId === elementId && element.state === 'ACTIVE');
      if (found) return found.elementInstanceKey;
    }
    return undefined;
  }

  async resolveIncident(incidentKey: string, retries: number | null): Promise<void> {
    const body = retries === null ? { reason } : { retries, reason };
    await this.#client(incidentEndpoints.resolveIncident, { params: { incidentKey }, body });
  }
  async cancelInstance(processInstanceKey: string): Promise<void> {
    await this.#client(processInstanceEndpoints.cancelProcessInstance, {
      params: { processInstanceKey },
      body: { reason },
    });
  }

  async instances(): Promise<readonly CaseInstance[]> {
    return Promise.all((await this.#instances()).map((instance) => this.#instance(instance)));
  }

  async histories(): Promise<readonly CaseHistory[]> {
    const instances = await this.#instances();
    return Promise.all(
      instances.map(async ({ processInstanceKey, processDefinitionId: processId }) => ({
        processId,
        facts: (await this.#facts.read(processInstanceKey)).facts,
      })),
    );
  }

  /** Ends what still runs and takes the definitions away, so that no start event of theirs listens any more. */
  async close(): Promise<void> {
    for (let round = 0; round < cancelRounds; round++) {
      const keys = await this.#activeKeys();
      if (keys.length === 0) break;
      for (const key of keys) await this.cancelInstance(key).catch(ignoreEnded);
    }
    for (const resourceKey of this.#definitionKeys) {
      await this.#client(deploymentEndpoints.deleteResource, { params: { resourceKey }, body: {} });
    }
  }

  async #instances(): Promise<ProcessInstance[]> {
    if (this.#definitionKeys.size === 0) return [];
    const found = await instancesOf(this.#client, [...this.#definitionKeys]);
    return found.filter(({ processInstanceKey }) => BigInt(processInstanceKey) > (this.#firstKey ?? 0n));
  }
  async #activeKeys(): Promise<string[]> {
    const active = (await this.#instances()).filter(({ state }) => state === 'ACTIVE');
    return active.map(({ processInstanceKey }) => processInstanceKey);
  }
  async #openTasks(): Promise<UserTask[]> {
    const keys = await this.#activeKeys();
    return keys.length === 0 ? [] : openTasksOf(this.#client, keys);
  }

  async #instance({ processInstanceKey: key, processDefinitionId, state }: ProcessInstance): Promise<CaseInstance> {
    const elements = (await elementsOf(this.#client, key)).filter(({ type }) => !bookkeeping.includes(type));
    const idsIn = (wanted: FoundElement['state']): string[] =>
      elements.filter((element) => element.state === wanted).map(({ elementId }) => elementId);
    // the read model knows what has ended, the facts know in which order
    const { completed, terminated } = completions((await this.#facts.read(key)).facts);
    const differs =
      compareIds('read model', idsIn('COMPLETED'), completed) ??
      compareIds('read model', idsIn('TERMINATED'), terminated);
    if (differs !== null) throw new Error(differs);
    return {
      key,
      processId: processDefinitionId,
      state: state === 'ACTIVE' ? 'active' : state === 'COMPLETED' ? 'completed' : 'terminated',
      completed,
      terminated,
      active: idsIn('ACTIVE'),
      variables: await processVariablesOf(this.#client, key),
      incidents: await openIncidentsOf(this.#client, key),
    };
  }
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof ProblemError) || error.problem.code !== 'wrongState') throw error;
}
