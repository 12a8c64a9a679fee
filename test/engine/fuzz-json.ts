/** Random JSON, the odd kinds often. */
import type { Json, Variables } from '#engine/json.ts';
import { limits } from '#engine/limits.ts';
import type { Chance } from './seeded.ts';

/** Names that objects have already, and names that are none. */
export const oddNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  '0',
  '-1',
  'a.b',
  'NIK',
  '\u{1f600}',
  '\ud800',
  'nama\u0000',
] as const;

const oddNumbers = [0, -1, 1, 0.1, 1.5, -2.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e308, -1e308, 5e-324] as const;

export const oddNumber = (chance: Chance): number =>
  chance.once(3) ? chance.of(oddNumbers) : chance.between(-3, 1_000);

export const oddText = (chance: Chance): string =>
  chance.weighted<() => string>([
    [6, () => chance.of(oddNames)],
    [2, () => chance.of(['2026-01-31T08:00:00+07:00', 'PT1H', 'R3/PT1M', 'P1D', '=1+1', '1'])],
    [1, () => 'x'.repeat(chance.below(3_000))],
  ])();

/** `depth`: levels of lists and objects at most. */
export function oddJson(chance: Chance, depth = 4): Json {
  const draw = chance.weighted<() => Json>([
    [2, () => null],
    [2, () => chance.once(2)],
    [4, () => oddNumber(chance)],
    [4, () => oddText(chance)],
    [depth > 0 ? 2 : 0, () => Array.from({ length: chance.below(4) }, () => oddJson(chance, depth - 1))],
    [depth > 0 ? 2 : 0, () => oddObject(chance, depth - 1)],
  ]);
  return draw();
}

// JSON.parse is how such objects come in: there `__proto__` is a name like any other
function oddObject(chance: Chance, depth: number): Json {
  const entries = Array.from(
    { length: chance.below(4) },
    () => `${JSON.stringify(chance.of(oddNames))}:${JSON.stringify(oddJson(chance, depth))}`,
  );
  return JSON.parse(`{${entries.join()}}`) as Json;
}

/** Lists within lists. */
export function deepJson(levels: number): Json {
  let json: Json = 1;
  for (let level = 0; level < levels; level++) json = [json];
  return json;
}

/** `names`: variables that the model reads. */
export function oddVariables(chance: Chance, names: readonly string[]): Variables {
  const entries = Array.from({ length: chance.below(4) }, (): string => {
    const name = names.length > 0 && !chance.once(3) ? chance.of(names) : chance.of(oddNames);
    return `${JSON.stringify(name)}:${JSON.stringify(oddValue(chance))}`;
  });
  return JSON.parse(`{${entries.join()}}`) as Variables;
}

function oddValue(chance: Chance): Json {
  if (chance.once(300)) return 'y'.repeat(chance.between(limits.variableBytes - 10, limits.variableBytes + 10));
  if (chance.once(60)) return deepJson(chance.between(limits.variableDepth - 2, limits.variableDepth + 2));
  return chance.once(2) ? chance.below(2) : oddJson(chance);
}
