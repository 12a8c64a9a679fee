/** Each gate of `npm run verify` must turn red on a planted fault: a gate that cannot fail protects nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = path.resolve(__dirname, '..', '..');
const limitMs = 180_000;
let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'alur-gates-'));
  const left = new Set(['node_modules', '.git', '.alur', 'dist', '.cache']);
  await cp(project, copy, { recursive: true, filter: (source) => !left.has(path.basename(source)) });
  await symlink(path.join(project, 'node_modules'), path.join(copy, 'node_modules'));
}, limitMs);

afterAll(() => rm(copy, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly output: string;
}

async function gate(name: string): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run('npm', ['run', '--silent', name], { cwd: copy, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

/** Runs a gate with one extra file in the tree, then takes the file out again. */
async function withPlanted(file: string, text: string, name: string): Promise<Outcome> {
  const target = path.join(copy, file);
  await writeFile(target, text);
  try {
    return await gate(name);
  } finally {
    await rm(target);
  }
}

const layerFaults: readonly (readonly [string, string, string])[] = [
  [
    'the engine reads a file',
    'engine/planted.ts',
    "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n",
  ],
  ['the engine imports a package', 'engine/planted.ts', "import { z } from 'zod';\nexport const planted = z;\n"],
  [
    'the engine imports the compiler',
    'engine/planted.ts',
    "import { parseBpmn } from '#bpmn/parse.ts';\nexport const planted = parseBpmn;\n",
  ],
  ['a workflow imports SQL', 'workflows/planted.ts', "import pg from 'pg';\nexport const planted = pg;\n"],
  [
    'the contract imports the engine',
    'contract/planted.ts',
    "import { limits } from '#engine/limits.ts';\nexport const planted = limits;\n",
  ],
  [
    'the API imports an activity',
    'api/planted.ts',
    "import { createConnectors } from '#activities/connectors/index.ts';\nexport const planted = createConnectors;\n",
  ],
  [
    'the compiler imports Temporal',
    'bpmn/planted.ts',
    "import { Client } from '@temporalio/client';\nexport const planted = Client;\n",
  ],
];

describe('the layer gate', () => {
  test(
    'is green on the tree and has looked at modules',
    async () => {
      const { code, output } = await gate('layers');
      expect(output).toMatch(/no dependency violations found \([1-9][0-9]{2,} modules/);
      expect(code).toBe(0);
    },
    limitMs,
  );

  test.each(layerFaults)(
    'goes red when %s',
    async (_fault, file, text) => {
      const { code, output } = await withPlanted(file, text, 'layers');
      expect(code).not.toBe(0);
      expect(output).toContain(file);
    },
    limitMs,
  );
});

describe('the other gates', () => {
  test(
    'type check: the engine has no clock, no process and no DOM',
    async () => {
      const { code, output } = await withPlanted(
        'engine/planted.ts',
        'export const planted = (): number => process.uptime();\n',
        'typecheck',
      );
      expect(code).not.toBe(0);
      expect(output).toContain('engine/planted.ts');
    },
    limitMs,
  );

  test(
    'lint: the engine may not read the clock',
    async () => {
      const { code, output } = await withPlanted(
        'engine/planted.ts',
        'export const planted = (): number => Date.now();\n',
        'lint',
      );
      expect(code).not.toBe(0);
      expect(output).toContain('planted.ts');
    },
    limitMs,
  );

  test(
    'lint: the web may not see the database',
    async () => {
      const text = "import { migrate } from '#db/migrate.ts';\nexport const planted = migrate;\n";
      const { code, output } = await withPlanted('web/src/planted.ts', text, 'lint');
      expect(code).not.toBe(0);
      expect(output).toContain('web/ sees contract/ and engine/ only');
    },
    limitMs,
  );

  test(
    'lint: a floating promise is found, so type-aware rules run',
    async () => {
      const text =
        'const later = async (): Promise<void> => undefined;\nexport const planted = (): void => {\n  later();\n};\n';
      const { code, output } = await withPlanted('stack/planted.ts', text, 'lint');
      expect(code).not.toBe(0);
      expect(output).toContain('no-floating-promises');
    },
    limitMs,
  );

  test(
    'unused code: a file nobody imports is found',
    async () => {
      const { code, output } = await withPlanted('api/planted.ts', 'export const planted = 1;\n', 'unused');
      expect(code).not.toBe(0);
      expect(output).toContain('planted.ts');
    },
    limitMs,
  );

  test(
    'format: a badly formatted file is found',
    async () => {
      const { code } = await withPlanted('engine/planted.ts', 'export   const planted=1\n', 'format:check');
      expect(code).not.toBe(0);
    },
    limitMs,
  );
});

test('CI runs exactly the command of the README', async () => {
  const script = await readFile(path.join(project, '.ci', 'run'), 'utf8');
  const readme = await readFile(path.join(project, 'README.md'), 'utf8');
  expect(script.trim().split('\n').at(-1)).toBe('npm ci && npm test');
  expect(readme).toContain('npm ci && npm test');
});
