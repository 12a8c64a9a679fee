/** One row at a time: every engine is loaded and warmed up, then they take turns, so that a busy machine is busy for all of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineProcess } from './engine-process.ts';
import type { Row } from './models.ts';
import type { Engine } from './peers.ts';
import type { EngineName, Sample, Weight } from './protocol.ts';

export interface Effort {
  /** Samples of each engine. */
  readonly rounds: number;
  /** CPU time of one sample at least. */
  readonly sampleMs: number;
  /** CPU time each engine may run before it is measured. */
  readonly warmupMs: number;
  /** Instances that are held when memory is measured. */
  readonly held: number;
}

export type Outcome<T> =
  | ({ readonly engine: EngineName; readonly ok: true } & T)
  | { readonly engine: EngineName; readonly ok: false; readonly reason: string };

export interface Speed {
  /** Elements one instance completed. */
  readonly elements: number;
  readonly expectedElements: number;
  readonly instancesPerSample: number;
  readonly samples: readonly Sample[];
}

interface Runner {
  readonly engine: EngineName;
  readonly process: EngineProcess;
}
interface Warm extends Runner {
  readonly elements: number;
  readonly instances: number;
  readonly samples: Sample[];
}

/** Speeds in the order of the engines. */
export async function measureSpeed(
  engines: readonly Engine[],
  row: Row,
  folder: string,
  effort: Effort,
): Promise<readonly Outcome<Speed>[]> {
  const warm: Warm[] = [];
  const failures = new Map<EngineName, string>();
  const attempt = async (name: EngineName, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.set(name, (error as Error).message);
    }
  };
  for (const engine of engines) {
    await attempt(engine.name, async () => void warm.push(await warmUp(await load(engine, row, folder), effort)));
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (const { engine, process, instances, samples } of warm) {
      if (failures.has(engine)) continue;
      await attempt(engine, async () => void samples.push(await process.ask({ do: 'run', instances })));
    }
  }
  for (const { process } of warm) process.end();
  return engines.map(({ name: engine }) => {
    const measured = warm.find((candidate) => candidate.engine === engine);
    const reason = failures.get(engine);
    if (!measured || reason !== undefined) return { engine, ok: false, reason: reason ?? 'not measured' };
    const { elements, instances, samples } = measured;
    return {
      engine,
      ok: true,
      elements,
      expectedElements: row.elements(engine),
      instancesPerSample: instances,
      samples,
    };
  });
}

/** What waiting instances weigh, in the order of the engines. */
export async function measureWeight(
  engines: readonly Engine[],
  row: Row,
  folder: string,
  { held }: Effort,
): Promise<readonly Outcome<Weight>[]> {
  const outcomes: Outcome<Weight>[] = [];
  for (const engine of engines) {
    try {
      const { process } = await load(engine, row, folder);
      outcomes.push({ engine: engine.name, ok: true, ...(await process.ask({ do: 'hold', instances: held })) });
      process.end();
    } catch (error) {
      outcomes.push({ engine: engine.name, ok: false, reason: (error as Error).message });
    }
  }
  return outcomes;
}

/** Writes the engine's files of the row and has it read them. Throws with the reason when the engine cannot run it. */
async function load(engine: Engine, row: Row, folder: string): Promise<Runner> {
  const unable = row.unable[engine.name];
  if (unable !== undefined) throw new Error(unable);
  if (engine.command === null) throw new Error(engine.reason);
  const models = join(folder, engine.name);
  const { bpmn, dmn } = row.files(engine.name);
  mkdirSync(models, { recursive: true });
  writeFileSync(join(models, `${row.id}.bpmn`), bpmn);
  if (dmn !== null) writeFileSync(join(models, `${row.id}.dmn`), dmn);
  const process = new EngineProcess(engine.command);
  await process.ask({ do: 'load', folder: models, row: row.id, variables: row.variables });
  return { engine: engine.name, process };
}

/** Runs until the engine has had its time to get warm, and finds how many instances make a sample. */
async function warmUp({ engine, process }: Runner, { sampleMs, warmupMs }: Effort): Promise<Warm> {
  const { elements } = await process.ask({ do: 'count' });
  let instances = 1;
  for (let spentMs = 0; ;) {
    const { cpuMs } = await process.ask({ do: 'run', instances });
    spentMs += cpuMs;
    if (spentMs >= warmupMs) {
      instances = Math.max(1, Math.round((instances * sampleMs) / Math.max(cpuMs, 1)));
      return { engine, process, elements, instances, samples: [] };
    }
    if (cpuMs < sampleMs) instances *= 2;
  }
}
