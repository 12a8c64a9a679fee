/** Many random processes, many random paths through each. */
import { modelOf } from './block-process-model.ts';
import { drawProcess } from './block-process-random.ts';
import type { BlockProcess } from './block-process.ts';
import { walk } from './properties-path.ts';
import type { Divergence } from './properties-path.ts';
import { shrink } from './properties-shrink.ts';
import { Chance } from './seeded.ts';

export interface Campaign {
  readonly seed: number;
  readonly processes: number;
  readonly paths: number;
}

export interface FirstDivergence {
  /** Number of the process. */
  readonly index: number;
  readonly process: BlockProcess;
  readonly divergence: Divergence;
}

/** null: the two agree on everything. */
export function firstDivergence({ seed, processes, paths }: Campaign): FirstDivergence | null {
  for (let index = 0; index < processes; index++) {
    const process = drawProcess(new Chance(seed, index));
    const drawn = { process, ...modelOf(process) };
    for (let path = 0; path < paths; path++) {
      const divergence = walk(drawn, new Chance(seed, index, path));
      if (divergence !== null) return { index, process, divergence };
    }
  }
  return null;
}

/** All that is needed to have it again and to understand it: the smallest process that diverges alike, and the commands. */
export function explain({ seed }: Campaign, { index, ...found }: FirstDivergence): string {
  const { process, divergence } = shrink(found);
  return [
    `ALUR_SEED=${seed}, process ${index}. The smallest process that diverges alike:`,
    JSON.stringify(process),
    'Commands:',
    ...divergence.commands.map((command) => `  ${command}`),
    `Difference:\n  ${divergence.difference}`,
  ].join('\n');
}
