/** Which elements and sequence flows of a process the cases have reached, from the facts of their instances. */
import type { DeployedProcess } from '#bpmn/deployment.ts';
import type { Fact } from '#engine/fact.ts';
import type { ElementId, FlowId, ProcessModel } from '#engine/model.ts';
import type { Compile } from './compile-once.ts';
import type { CaseEngine } from './engine.ts';

export interface Share {
  readonly covered: number;
  readonly total: number;
  /** Ids of what no case has reached. */
  readonly uncovered: readonly string[];
}
export interface ProcessCoverage {
  readonly processId: string;
  /** Name of the model's file. */
  readonly file: string;
  readonly elements: Share;
  readonly flows: Share;
}
/** Coverage with what is needed to draw it. */
export interface DrawnCoverage extends ProcessCoverage {
  readonly xml: string;
  readonly coveredIds: ReadonlySet<string>;
}

interface Reached {
  readonly process: DeployedProcess;
  readonly elements: Set<ElementId>;
  readonly flows: Set<FlowId>;
}

/** Gathers over many cases. A process is told apart by its id and the text of its file. */
export class Coverage {
  readonly #reached = new Map<string, Reached>();
  readonly #compile: Compile;

  constructor(compile: Compile) {
    this.#compile = compile;
  }

  /** What one case has deployed, in order, and reached; the engine is asked before it is closed. */
  async record(engine: CaseEngine): Promise<void> {
    const current = new Map<string, Reached>();
    for (const files of engine.deployments) {
      const deployment = await this.#compile(files, { decisions: {} });
      if (!deployment.ok) continue;
      for (const process of deployment.processes) current.set(process.model.processId, this.#of(process));
    }
    for (const { processId, facts } of await engine.histories()) {
      const reached = current.get(processId);
      if (reached) for (const fact of facts) mark(reached, fact);
    }
  }

  /** In the order in which the processes were first deployed. */
  report(): DrawnCoverage[] {
    return [...this.#reached.values()].map(({ process: { model, xml, resourceName }, elements, flows }) => {
      const nodeIds = Object.keys(model.nodes);
      const covered = nodeIds.filter((id) => isReached(model, elements, id));
      // a link event's own flow is no line of the diagram
      const lines = Object.values(model.flows).filter(({ link }) => link !== true);
      return {
        processId: model.processId,
        file: resourceName,
        xml,
        elements: shareOf(nodeIds, new Set(covered)),
        flows: shareOf(
          lines.map(({ id }) => id),
          flows,
        ),
        coveredIds: new Set([...covered, ...flows]),
      };
    });
  }

  #of(process: DeployedProcess): Reached {
    const place = JSON.stringify([process.model.processId, process.sourceSha256]);
    const reached = this.#reached.get(place) ?? { process, elements: new Set(), flows: new Set() };
    this.#reached.set(place, reached);
    return reached;
  }
}

function mark(reached: Reached, fact: Fact): void {
  if (fact.type === 'elementActivated') reached.elements.add(fact.elementId);
  if (fact.type === 'sequenceFlowTaken') reached.flows.add(fact.flowId);
}

/** A compensation boundary event has no token of its own: it is reached when its handler is. */
function isReached(process: ProcessModel, elements: ReadonlySet<ElementId>, id: ElementId): boolean {
  const node = process.nodes[id];
  const handler = node?.type === 'boundaryEvent' ? node.handler : null;
  return elements.has(id) || (handler !== null && elements.has(handler));
}

function shareOf(ids: readonly string[], covered: ReadonlySet<string>): Share {
  const uncovered = ids.filter((id) => !covered.has(id));
  return { covered: ids.length - uncovered.length, total: ids.length, uncovered };
}
