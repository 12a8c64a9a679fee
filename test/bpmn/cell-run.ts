/** Runs the model of a cell in memory, with everything happening that an element could wait for. */
import type { ElementId, ProcessModel } from '#engine/model.ts';
import { MemoryHost } from '#engine/memory.ts';

const startMs = Date.UTC(2026, 10, 2);
const dayMs = 24 * 3_600_000;
/** Rounds of everything happening; a model of a cell needs a handful. */
const rounds = 6;
const variables = { a: 0, lanjut: true, k: 'kunci', daftar: [1, 2] };

export interface CellRun {
  /** Ids of elements that have been activated, in any instance of the process. */
  readonly activated: ReadonlySet<ElementId>;
  readonly incidents: readonly string[];
  /** Whether some instance of the process has completed. */
  readonly completed: boolean;
}

export function runCell(process: ProcessModel, called: ProcessModel): CellRun {
  const host = new MemoryHost(startMs);
  host.deploy([called, process]);
  host.createInstance({ processId: process.processId, variables });
  const served = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    activateAdHoc(host, process, served);
    happen(host);
  }
  const own = host.instanceKeys().filter((key) => host.stateOf(key).processId === process.processId);
  const facts = own.flatMap((key) => host.factsOf(key)).map((recorded) => recorded.fact);
  return {
    activated: new Set(facts.flatMap((fact) => (fact.type === 'elementActivated' ? [fact.elementId] : []))),
    incidents: facts.flatMap((fact) => (fact.type === 'incidentRaised' ? [`${fact.elementId} ${fact.code}`] : [])),
    completed: own.some((key) => host.stateOf(key).status === 'completed'),
  };
}

/** Each ad-hoc sub-process gets one of its elements, once; `served`: those that have. */
function activateAdHoc(host: MemoryHost, process: ProcessModel, served: Set<string>): void {
  for (const key of host.instanceKeys()) {
    for (const element of Object.values(host.stateOf(key).elements)) {
      const node = process.nodes[element.elementId];
      const name = `${key} ${element.seq}`;
      if (node?.type !== 'adHocSubProcess' || served.has(name)) continue;
      served.add(name);
      const wanted = node.startElements.find((id) => id === 'x') ?? node.startElements[0] ?? '';
      const elements = [{ elementId: wanted, variables: {} }];
      host.send(key, {
        type: 'activateAdHocElements',
        element: element.seq,
        elements,
        cancelRemainingInstances: false,
      });
    }
  }
}

function happen(host: MemoryHost): void {
  host.publish({ name: 'pesan', correlationKey: 'kunci', timeToLiveMs: dayMs, messageId: null, variables });
  host.broadcastSignal('kabar', variables);
  host.evaluateConditionals({ a: 5 });
  for (const key of host.instanceKeys()) {
    host.send(key, { type: 'setVariables', scope: 0, variables: { a: 5 }, local: true });
  }
  host.advanceTime(host.nowMs + dayMs);
  for (const job of host.jobs()) host.completeJob(job.key, {});
  for (const task of host.userTasks()) host.completeUserTask(task.key, {});
}
