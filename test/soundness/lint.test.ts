/** `alur lint`: one line of JSON a file, exit codes, and no input that it does not answer. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { lintFile } from '../../cli/lint/lint-file.ts';
import { Chance, seedOf } from '../engine/seeded.ts';

const root = join(__dirname, '../..');
const suite = join(root, '../shared/suites/open');
const definition = join(root, 'definitions/dtks/musyawarah-desa.bpmn');
const folder = mkdtempSync(join(tmpdir(), 'alur-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lint = (
  ...parameters: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'cli/alur.mjs'), 'lint', ...parameters], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
const written = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

/** An exclusive split into a parallel join. */
const deadlock = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="https://example.org/alur">
<bpmn:process id="p" isExecutable="true">
<bpmn:startEvent id="s" />
<bpmn:exclusiveGateway id="x" default="x-a" />
<bpmn:manualTask id="a" />
<bpmn:parallelGateway id="j" />
<bpmn:endEvent id="e" />
<bpmn:sequenceFlow id="s-x" sourceRef="s" targetRef="x" />
<bpmn:sequenceFlow id="x-a" sourceRef="x" targetRef="a" />
<bpmn:sequenceFlow id="x-j" sourceRef="x" targetRef="j"><bpmn:conditionExpression>=ready</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="a-j" sourceRef="a" targetRef="j" />
<bpmn:sequenceFlow id="j-e" sourceRef="j" targetRef="e" />
</bpmn:process>
</bpmn:definitions>`;

describe('the command', () => {
  it('answers one line of JSON for a file, 0 when nothing is wrong', async () => {
    const { code, out } = await lint(definition, '--json');
    expect(code).toBe(0);
    expect(out.trimEnd()).not.toContain('\n');
    const line = JSON.parse(out) as { file: string; admission: { ok: boolean }; soundness: object };
    expect(line).toMatchObject({
      file: definition,
      admission: { ok: true },
      soundness: { complete: true, findings: [] },
    });
  });

  it('answers 1 when a fault is found, with elements and path, and 2 when a file cannot be read', async () => {
    const broken = written('deadlock.bpmn', deadlock);
    const { code, out } = await lint(broken, join(folder, 'none.bpmn'), '--json');
    const [first, second] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { soundness: unknown });
    expect(code).toBe(2);
    expect(first?.soundness).toMatchObject({
      findings: [{ code: 'DEADLOCK', severity: 'error', elements: ['j', 'a-j'], path: ['s', 's-x', 'x', 'x-j', 'j'] }],
    });
    expect(second?.soundness).toBeNull();
    expect((await lint(broken, '--json')).code).toBe(1);
  });

  it('is readable for people in both languages', async () => {
    const { code, out } = await lint(written('deadlock.bpmn', deadlock));
    expect(code).toBe(1);
    for (const part of ['DEADLOCK', 'menunggu selamanya', 'waits for ever', 's → s-x → x → x-j → j'])
      expect(out).toContain(part);
  });
});

describe('what other files of the folder do', () => {
  it('a message that another definition of the deployment catches is no fault', async () => {
    const { soundness } = await lintFile(definition);
    expect(soundness.findings).toEqual([]);
    const alone = await lintFile(written('alone.bpmn', readFileSync(definition)));
    expect(new Set(alone.soundness.findings.map(({ code }) => code))).toEqual(new Set(['MESSAGE_WITHOUT_SUBSCRIBER']));
  });
});

describe('a model that is not admitted', () => {
  it('is looked at as far as it could be read', async () => {
    const twoStarts = deadlock.replace(
      '<bpmn:endEvent id="e" />',
      '<bpmn:endEvent id="e" /><bpmn:startEvent id="s2" />',
    );
    const { admission, soundness } = await lintFile(written('starts.bpmn', twoStarts));
    expect(admission.ok).toBe(false);
    expect(soundness.findings.map(({ code }) => code)).toEqual(['DEADLOCK']);
  });

  it('is left alone where elements could not be read', async () => {
    const unread = deadlock.replace('<bpmn:manualTask id="a" />', '<bpmn:serviceTask id="a" />');
    const { admission, soundness } = await lintFile(written('unread.bpmn', unread));
    expect(admission.ok).toBe(false);
    expect(soundness.findings).toEqual([]);
  });
});

describe('any input has a report', () => {
  it('random bytes, cut and damaged XML, nothing at all', async () => {
    const chance = new Chance(seedOf('lint fuzz'));
    const source = readFileSync(definition);
    const inputs = [Buffer.alloc(0), Buffer.from('<'), Buffer.alloc(6_000_000, 'a'), Buffer.from('\ufeff<a/>')];
    for (let left = 20; left > 0; left -= 1) {
      inputs.push(Buffer.from(Array.from({ length: chance.below(2_000) }, () => chance.below(256))));
      inputs.push(source.subarray(0, chance.below(source.length)));
      const damaged = Buffer.from(source);
      for (let bytes = chance.between(1, 30); bytes > 0; bytes -= 1)
        damaged[chance.below(damaged.length)] = chance.below(256);
      inputs.push(damaged);
    }
    for (const input of inputs) {
      const { admission, soundness } = await lintFile(written('fuzz.bpmn', input));
      expect({ entries: Array.isArray(admission.entries), states: soundness.states >= 0 }).toEqual({
        entries: true,
        states: true,
      });
    }
  });

  (existsSync(suite) ? it : it.skip)('every file of the open suite', async () => {
    const files = readdirSync(suite, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:bpmn|dmn|xml|json|md)$/.test(name),
    );
    const some = files.filter((name) => !name.startsWith('tck') || name.endsWith('.dmn'));
    expect(some.length).toBeGreaterThan(200);
    for (const name of some) expect((await lintFile(join(suite, name))).admission.entries).toBeDefined();
  });
});
