/** The workflow code as one file: made once per content, kept on disk, so that a restarted worker starts at once. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { BundleOptions as SdkBundleOptions, Logger } from '@temporalio/worker';
import { buildIdOf } from '#workflows/gates.ts';

const projectDir = path.resolve(import.meta.dirname, '..');
const workflowsPath = path.join(projectDir, 'workflows', 'main.ts');
const preloadedPath = path.join(projectDir, 'workflows', 'preloaded.ts');
const payloadConverterPath = path.join(projectDir, 'workflows', 'payload-converter.ts');
export const failureConverterPath = path.join(projectDir, 'workflows', 'failure-converter.ts');
const bundlesKept = 3;

export interface BundleOptions {
  /** Folder for finished bundles; null: bundle anew. */
  readonly cacheDir: string | null;
  readonly logger?: Logger;
}
export interface WorkflowBundle {
  readonly code: string;
  /** Names the engine's and the shell's code: the build id of a worker. */
  readonly buildId: string;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:ts|json)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** SHA-256 over everything the bundle is made of. */
async function contentHash(): Promise<string> {
  const hash = createHash('sha256');
  const require = createRequire(path.join(projectDir, 'package.json'));
  for (const name of ['@temporalio/workflow/package.json', 'big.js/package.json'])
    hash.update(await readFile(require.resolve(name)));
  for (const folder of ['engine', 'workflows']) {
    for (const file of await filesIn(path.join(projectDir, folder)))
      hash.update(path.relative(projectDir, file)).update(await readFile(file));
  }
  return hash.digest('hex');
}

export async function workflowBundle({ cacheDir, logger }: BundleOptions): Promise<WorkflowBundle> {
  const hash = await contentHash();
  const buildId = buildIdOf(hash);
  const file = cacheDir === null ? null : path.join(cacheDir, `workflows-${hash}.js`);
  const cached = file === null ? null : await readFile(file, 'utf8').catch(() => null);
  if (cached !== null) return { code: cached, buildId };
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath,
    payloadConverterPath,
    preloadModules: [preloadedPath],
    webpackConfigHook,
    ...(logger === undefined ? {} : { logger }),
  });
  if (file !== null && cacheDir !== null) await keep(cacheDir, file, code);
  return { code, buildId };
}

/** Node runs this code as it is: lowering private fields to the SDK's ES2017 makes them WeakMaps. */
const webpackConfigHook: NonNullable<SdkBundleOptions['webpackConfigHook']> = (config) => {
  for (const rule of config.module?.rules ?? []) {
    const use = typeof rule === 'object' && rule !== null ? rule.use : null;
    const options = typeof use === 'object' && use !== null && 'options' in use ? use.options : null;
    if (typeof options === 'object' && options !== null && 'jsc' in options)
      Object.assign(options['jsc'] as object, { target: 'es2022' });
  }
  return config;
};

async function keep(cacheDir: string, file: string, code: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, file);
  const others = (await readdir(cacheDir)).filter(
    (name) => /^workflows-[0-9a-f]{64}\.js$/.test(name) && name !== path.basename(file),
  );
  for (const name of others.slice(0, Math.max(0, others.length + 1 - bundlesKept)))
    await rm(path.join(cacheDir, name), { force: true });
}
