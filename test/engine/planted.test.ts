/** The random processes would notice: each planted fault makes the engine diverge from the reference model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { plantedFaults } from './planted-faults.ts';
import type { PlantedFault } from './planted-faults.ts';
import type * as PropertiesRun from './properties-run.ts';

/** Always the same processes: whether a fault is found is no matter of luck. */
const seed = 1;
const processes = 2_000;
const paths = 10;

/** The file of the engine with the fault in it. */
function faultySource({ file, right, wrong }: PlantedFault): string {
  const source = readFileSync(join(process.cwd(), 'engine', file), 'utf8');
  if (source.split(right).length !== 2) throw new Error(`engine/${file} has not exactly one place with: ${right}`);
  return source.replace(right, wrong);
}

/** As a module of the engine. */
function moduleOf(source: string): unknown {
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const module = { exports: {} };
  const load = (name: string): unknown => jest.requireActual(name.replace(/^\.\//, '#engine/'));
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- a module made of text needs to be evaluated
  new Function('require', 'module', 'exports', code)(load, module, module.exports);
  return module.exports;
}

/** The campaign, run by an engine of its own that has the fault. */
function campaignWith(fault: PlantedFault): typeof PropertiesRun {
  const source = faultySource(fault);
  let run: unknown;
  jest.isolateModules(() => {
    jest.doMock(`#engine/${fault.file}`, () => moduleOf(source));
    run = jest.requireActual('./properties-run.ts');
  });
  jest.dontMock(`#engine/${fault.file}`);
  return run as typeof PropertiesRun;
}

describe('a planted fault is found:', () => {
  test.each(plantedFaults.map((fault) => [fault.fault, fault] as const))('%s', (_, fault) => {
    const found = campaignWith(fault).firstDivergence({ seed, processes, paths });
    expect(found).not.toBeNull();
    process.stdout.write(`${fault.fault}: process ${found?.index}\n`);
  });
});
