/** The check on the DTKS definitions and on the open suite: what runs is not blocked, and what is said is written down with its reason. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compile } from '#bpmn/compile.ts';
import { checkSoundness } from '#bpmn/soundness/check.ts';
import { limits } from '#bpmn/soundness/limits.ts';
import type { ProcessModel } from '#engine/model.ts';
import expected from './open-suite.golden.json' with { type: 'json' };

const root = join(__dirname, '../..');
const suite = join(root, '../shared/suites/open');

const bpmnFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bpmn'))
    .sort();

async function processesOf(file: string): Promise<readonly ProcessModel[]> {
  const compilation = await compile(readFileSync(file, 'utf8'), { resourceName: basename(file) });
  return compilation.ok ? compilation.processes : [];
}

describe('the DTKS definitions', () => {
  it('have no findings, far within the bound', async () => {
    const folder = join(root, 'definitions/dtks');
    const processes = await Promise.all(bpmnFiles(folder).map((name) => processesOf(join(folder, name))));
    const { complete, states, findings } = checkSoundness(processes.flat());
    expect({ complete, findings }).toEqual({ complete: true, findings: [] });
    expect(states).toBeLessThan(limits.states / 20);
  });
});

(existsSync(suite) ? describe : describe.skip)('the executable models of the open suite', () => {
  /** `severity CODE element`, by file. */
  const found: Record<string, string[]> = {};

  it('no model is blocked, every one is looked at whole', async () => {
    for (const name of [...bpmnFiles(join(suite, 'models')), 'C.9.0.bpmn']) {
      const file = join(suite, name === 'C.9.0.bpmn' ? 'miwg' : 'models', name);
      const { complete, findings } = checkSoundness(await processesOf(file));
      expect({ name, complete }).toEqual({ name, complete: true });
      expect({ name, errors: findings.filter(({ severity }) => severity === 'error') }).toEqual({ name, errors: [] });
      if (findings.length > 0)
        found[name] = findings.map(({ severity, code, elements }) => `${severity} ${code} ${elements[0] ?? ''}`);
    }
  });

  it('what is found is known, and each has its reason', () => {
    expect(found).toEqual(Object.fromEntries(Object.entries(expected).map(([name, { findings }]) => [name, findings])));
  });
});
