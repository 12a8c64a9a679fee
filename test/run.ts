/**
 * `npm test`: the gates of `npm run verify` and the build of the web, then every test with the real PostgreSQL, Temporal and Chromium.
 * The last line has the form `N passed, N failed, N skipped`; the exit code is 0 only when nothing failed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const projectDir = path.resolve(import.meta.dirname, '..');
/** The build is what the tests in a browser look at: once, before several of them would begin it. */
const gates = ['format:check', 'typecheck', 'lint', 'layers', 'unused', 'build'];

const run = (command: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd: projectDir,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: process.env,
    });
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });

interface JestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly numRuntimeErrorTestSuites: number;
}

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
/** Kills the processes of a whole installation and measures how fast they come back: it has the machine for itself. */
const alone = 'test/chaos/profile.test.ts';

/** Most of what the tests do is to wait for real servers: more of them at once than cores. */
const atOnce = 3;

async function runJest(args: readonly string[]): Promise<Tally> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-test-'));
  const file = path.join(folder, 'summary.json');
  try {
    const bin = path.join(projectDir, 'node_modules', 'jest', 'bin', 'jest.js');
    const code = await run(process.execPath, [
      bin,
      '--json',
      `--outputFile=${file}`,
      `--maxWorkers=${atOnce}`,
      ...args,
    ]);
    const summary = JSON.parse(await readFile(file, 'utf8')) as JestSummary;
    const broken = summary.numRuntimeErrorTestSuites;
    const failed = summary.numFailedTests + broken;
    return {
      passed: summary.numPassedTests,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: summary.numPendingTests,
    };
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let passed = 0;
let failed = 0;
for (const gate of gates) {
  const begin = Date.now();
  const ok = (await run('npm', ['run', '--silent', gate])) === 0;
  console.log(`${ok ? 'PASS' : 'FAIL'} gate ${gate} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
  if (ok) passed += 1;
  else failed += 1;
}
const asked = process.argv.slice(2);
const rounds =
  asked.length > 0
    ? [asked]
    : [
        ['--testPathIgnorePatterns', alone],
        ['--runTestsByPath', alone],
      ];
let skipped = 0;
for (const args of rounds) {
  const tests = await runJest(args);
  passed += tests.passed;
  failed += tests.failed;
  skipped += tests.skipped;
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
