/** Many random processes, many random paths through each. */
import { modelOf } from './block-process-model.ts';
import { drawProcess } from './block-process-random.ts';
import type { BlockProcess } from './block-process.ts';
import { walk } from './properties-path.ts';
import { shrink } from './properties-shrink.ts';
import { Chance } from './seeded.ts';

export interface Campaign {
  readonly seed: number;
  readonly processes: number;
  readonly paths: number;
}

/** The first divergence in words, with all that is needed to have it again; null: there is none. */
export function firstDivergence({ seed, processes, paths }: Campaign): string | null {
  for (let index = 0; index < processes; index++) {
    const process = processOf(seed, index);
    const drawn = { process, ...modelOf(process) };
    for (let path = 0; path < paths; path++) {
      const divergence = walk(drawn, new Chance(seed, index, path));
      if (divergence === null) continue;
      const smallest = shrink({ process, divergence });
      return [
        `ALUR_SEED=${seed}, process ${index}, path ${path}. The smallest process that diverges alike:`,
        JSON.stringify(smallest.process),
        'Commands:',
        ...smallest.divergence.commands.map((command) => `  ${command}`),
        `Difference:\n  ${smallest.divergence.difference}`,
      ].join('\n');
    }
  }
  return null;
}

/** The process of this number in the run of this seed. */
export const processOf = (seed: number, index: number): BlockProcess => drawProcess(new Chance(seed, index));
