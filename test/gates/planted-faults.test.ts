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

/** Runs a gate with extra files in the tree, then takes them out again. */
async function withPlanted(faults: readonly Fault[], name: string): Promise<Outcome> {
  const files = faults.map(({ file }) => path.join(copy, file));
  await Promise.all(faults.map(({ text }, index) => writeFile(files[index] ?? '', text)));
  try {
    return await gate(name);
  } finally {
    await Promise.all(files.map((file) => rm(file)));
  }
}

interface Fault {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  /** What the gate says besides the file. */
  readonly says: string;
}

/** By gate: all of its faults are planted at once. */
const faultsOf: Readonly<Record<string, readonly Fault[]>> = {
  layers: [
    {
      what: 'the engine reads a file',
      file: 'engine/planted-file.ts',
      text: "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n",
      says: '→ fs',
    },
    {
      what: 'the engine imports a package',
      file: 'engine/planted-package.ts',
      text: "import { z } from 'zod';\nexport const planted = z;\n",
      says: 'node_modules/zod',
    },
    {
      what: 'the engine imports the compiler',
      file: 'engine/planted-compiler.ts',
      text: "import { parseBpmn } from '#bpmn/parse.ts';\nexport const planted = parseBpmn;\n",
      says: 'bpmn/parse.ts',
    },
    {
      what: 'a workflow imports SQL',
      file: 'workflows/planted.ts',
      text: "import pg from 'pg';\nexport const planted = pg;\n",
      says: 'node_modules/pg',
    },
    {
      what: 'the contract imports the engine',
      file: 'contract/planted.ts',
      text: "import { limits } from '#engine/limits.ts';\nexport const planted = limits;\n",
      says: 'engine/limits.ts',
    },
    {
      what: 'the API imports an activity',
      file: 'api/planted.ts',
      text: "import { createConnectors } from '#activities/connectors/index.ts';\nexport const planted = createConnectors;\n",
      says: 'activities/connectors/index.ts',
    },
    {
      what: 'the compiler imports Temporal',
      file: 'bpmn/planted.ts',
      text: "import { Client } from '@temporalio/client';\nexport const planted = Client;\n",
      says: 'node_modules/@temporalio/client',
    },
  ],
  typecheck: [
    {
      what: 'the engine asks for a process: it has none, no clock and no DOM',
      file: 'engine/planted.ts',
      text: 'export const planted = (): number => process.uptime();\n',
      says: 'TS2',
    },
  ],
  lint: [
    {
      what: 'the engine reads the clock',
      file: 'engine/planted.ts',
      text: 'export const planted = (): number => Date.now();\n',
      says: 'no-restricted-globals',
    },
    {
      what: 'the web sees the database',
      file: 'web/src/planted.ts',
      text: "import { migrate } from '#db/migrate.ts';\nexport const planted = migrate;\n",
      says: 'web/ sees contract/ and engine/ only',
    },
    {
      what: 'a promise floats: type-aware rules run',
      file: 'stack/planted.ts',
      text: 'const later = async (): Promise<void> => undefined;\nexport const planted = (): void => {\n  later();\n};\n',
      says: 'no-floating-promises',
    },
  ],
  unused: [
    {
      what: 'nobody imports a file',
      file: 'api/planted.ts',
      text: 'export const planted = 1;\n',
      says: 'Unused files',
    },
  ],
  'format:check': [
    {
      what: 'a file is badly formatted',
      file: 'engine/planted.ts',
      text: 'export   const planted=1\n',
      says: 'Format issues',
    },
  ],
};

describe.each(Object.keys(faultsOf))('the gate %s', (name) => {
  const faults = faultsOf[name] ?? [];
  let outcome: Outcome = { code: 0, output: '' };
  beforeAll(async () => {
    outcome = await withPlanted(faults, name);
  }, limitMs);

  test('goes red', () => {
    expect(outcome.code).not.toBe(0);
  });
  test.each(faults.map(({ what, ...fault }) => [what, fault] as const))('sees that %s', (_what, { file, says }) => {
    expect(outcome.output).toContain(file);
    expect(outcome.output).toContain(says);
  });
});

test('CI runs exactly the command of the README', async () => {
  const script = await readFile(path.join(project, '.ci', 'run'), 'utf8');
  const readme = await readFile(path.join(project, 'README.md'), 'utf8');
  expect(script.trim().split('\n').at(-1)).toBe('npm ci && npm test');
  expect(readme).toContain('npm ci && npm test');
});
