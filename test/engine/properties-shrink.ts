/** Makes a diverging process smaller, as long as it diverges in the same respect. */
import type { Json } from '#engine/json.ts';
import { modelOf } from './block-process-model.ts';
import type { BlockProcess } from './block-process.ts';
import { walk } from './properties-path.ts';
import type { Divergence } from './properties-path.ts';
import { Chance } from './seeded.ts';

/** Smaller processes that are tried. */
const tries = 600;
const pathsPerTry = 12;

export interface Found {
  readonly process: BlockProcess;
  readonly divergence: Divergence;
}

export function shrink(found: Found): Found {
  const respect = respectOf(found.divergence);
  let smallest = found;
  let left = tries;
  for (let isSmaller = true; isSmaller && left > 0;) {
    isSmaller = false;
    for (const process of reductionsOf(smallest.process as unknown as Json)) {
      if (left-- <= 0) break;
      const divergence = divergenceOf(process as unknown as BlockProcess, respect);
      if (divergence === null) continue;
      smallest = { process: process as unknown as BlockProcess, divergence };
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

/** What the two disagree about: the first words of the lines of the difference. */
const respectOf = ({ difference }: Divergence): string => (difference.match(/^ *\w+:$/gm) ?? ['exception']).join();

function divergenceOf(process: BlockProcess, respect: string): Divergence | null {
  for (let path = 0; path < pathsPerTry; path++) {
    try {
      const divergence = walk({ process, ...modelOf(process) }, new Chance(path));
      if (divergence !== null && respectOf(divergence) === respect) return divergence;
    } catch {
      // no process any more: something it refers to was taken away
      return null;
    }
  }
  return null;
}

type Tree = Readonly<Record<string, Json>>;
const isTree = (json: Json | undefined): json is Tree =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
const isBlock = (json: Json | undefined): json is Tree => isTree(json) && 'kind' in json;

/** Every tree that is smaller in one place, large steps first. */
function* reductionsOf(json: Json): Generator<Json> {
  if (isBlock(json)) yield* blocksWithin(json);
  if (Array.isArray(json)) {
    for (const [index, item] of json.entries()) {
      // the first branch is the default one, the first deed or block may be what all is about
      if (index > 0 || isRemovable(item as Json)) yield json.toSpliced(index, 1) as Json;
      for (const smaller of reductionsOf(item as Json)) yield json.with(index, smaller) as Json;
    }
  } else if (isTree(json)) {
    for (const [key, value] of Object.entries(json)) {
      for (const smaller of [...plainer(key, value), ...reductionsOf(value)]) yield { ...json, [key]: smaller };
    }
  }
}

/** Boundary events and event sub-processes. */
const isRemovable = (item: Json): boolean => isTree(item) && 'trigger' in item && 'interrupting' in item;

/** The blocks directly within, each instead of the block around it; at last a task that does nothing. */
function* blocksWithin(block: Tree): Generator<Json> {
  for (const part of Object.values(block)) {
    for (const inner of Array.isArray(part) ? part : [part]) {
      if (isBlock(inner as Json)) yield inner as Json;
      if (!isTree(inner as Json)) continue;
      for (const deeper of Object.values(inner as Tree)) if (isBlock(deeper)) yield deeper;
    }
  }
  if (block['kind'] !== 'pass') yield { kind: 'pass', id: block['id'] ?? 'x', as: 'task' };
}

/** What a field would be without anything special. */
function plainer(key: string, value: Json): Json[] {
  if (key === 'loop' && value !== null) return [null];
  if (key === 'undone' && value === true) return [false];
  if (key === 'listeners' && JSON.stringify(value) !== '{"start":0,"end":0}') return [{ start: 0, end: 0 }];
  return [];
}
