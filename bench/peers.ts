/** The engines that are compared with: installed into a cache folder at the first run, at the versions of peers/, never into Alur. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import type { EngineName } from './protocol.ts';

const run = promisify(execFile);

export type Engine =
  | { readonly name: EngineName; readonly version: string; readonly command: readonly string[] }
  | { readonly name: EngineName; readonly version: string; readonly command: null; readonly reason: string };

const here = import.meta.dirname;
const node = [process.execPath, '--expose-gc'];

/** Alur first. A peer that cannot be installed says why instead of how it is started. */
export async function engines(cache: string): Promise<readonly Engine[]> {
  return [
    await installed('alur', readVersion(join(here, '../package.json')), () => bundleAlur(cache)),
    await installed('bpmn-engine', pinned('package.json', /"bpmn-engine": "([^"]+)"/), () => installBpmnEngine(cache)),
    await installed('spiffworkflow', pinned('requirements.txt', /SpiffWorkflow==(\S+)/), () =>
      installSpiffWorkflow(cache),
    ),
  ];
}

const readVersion = (path: string): string => (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;

const pinned = (file: string, pattern: RegExp): string =>
  pattern.exec(readFileSync(join(here, 'peers', file), 'utf8'))?.[1] ?? 'unknown';

async function installed(
  name: EngineName,
  version: string,
  install: () => Promise<readonly string[]>,
): Promise<Engine> {
  try {
    return { name, version, command: await install() };
  } catch (error) {
    const { message, stderr = '' } = error as Error & { readonly stderr?: string };
    const [reason = message] = stderr.split('\n').filter((line) => /error/i.test(line));
    return { name, version, command: null, reason: `could not be installed: ${reason}` };
  }
}

/** As the worker bundles workflow code: tsx would make every function carry its name, which costs Alur alone. */
async function bundleAlur(cache: string): Promise<readonly string[]> {
  const outDir = join(cache, 'alur');
  await build({
    root: join(here, '..'),
    configFile: false,
    logLevel: 'error',
    build: { ssr: join(here, 'engines/alur.ts'), outDir, target: 'node20', minify: false },
  });
  return [...node, join(outDir, 'alur.js')];
}

async function installBpmnEngine(cache: string): Promise<readonly string[]> {
  const folder = join(cache, 'bpmn-engine');
  await once(folder, 'package-lock.json', async () => {
    copyFileSync(join(here, 'peers/package.json'), join(folder, 'package.json'));
    copyFileSync(join(here, 'peers/package-lock.json'), join(folder, 'package-lock.json'));
    await run('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']);
  });
  return [...node, '--import', 'tsx', join(here, 'engines/bpmn-engine.ts'), folder];
}

async function installSpiffWorkflow(cache: string): Promise<readonly string[]> {
  const folder = join(cache, 'spiffworkflow');
  const python = join(folder, 'bin/python');
  await once(folder, 'requirements.txt', async () => {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '-r', join(here, 'peers/requirements.txt')]);
  });
  return [python, join(here, 'engines/spiffworkflow.py')];
}

/** Installs unless the folder already holds exactly what the file of versions says. */
async function once(folder: string, versionsFile: string, install: () => Promise<void>): Promise<void> {
  const wanted = readFileSync(join(here, 'peers', versionsFile), 'utf8');
  const mark = join(folder, 'installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  mkdirSync(folder, { recursive: true });
  await install();
  writeFileSync(mark, wanted);
}
