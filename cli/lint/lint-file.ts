/** What can be said of one model file: its admission report and whether its processes are sound. */
import { open, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isError, type AdmissionReport } from '#bpmn/admission.ts';
import { compile } from '#bpmn/compile.ts';
import { compileDeployment } from '#bpmn/deployment.ts';
import { parseDecisions } from '#bpmn/dmn.ts';
import { limits } from '#bpmn/limits.ts';
import { checkSoundness, isWhole, type SoundnessReport } from '#bpmn/soundness/check.ts';
import { dependsOnOthers } from '#bpmn/soundness/finding.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { ProcessModel } from '#engine/model.ts';

export interface Lint {
  readonly admission: AdmissionReport;
  readonly soundness: SoundnessReport;
}

/** Rejects when the file cannot be read; whatever it holds, there is a report. */
export async function lintFile(file: string): Promise<Lint> {
  const content = await readLimited(file);
  const name = basename(file);
  if (/\.(?:dmn|form)$/i.test(name)) {
    const { report } = await compileDeployment([{ name, content }], { decisions: {} });
    const [admission] = report.resources;
    return {
      admission: admission ?? { resourceName: name, ok: report.ok, entries: [] },
      soundness: checkSoundness([]),
    };
  }
  const folder = dirname(file);
  const options = { resourceName: name, decisions: await decisionsIn(folder) };
  const compilation = await compile(content, options);
  const admission = compilation.report;
  if (!compilation.ok) return { admission, soundness: checkSoundness(compilation.drafts.filter(isWhole)) };
  const alone = checkSoundness(compilation.processes);
  if (!alone.findings.some(dependsOnOthers)) return { admission, soundness: alone };
  const beside = await processesBeside(folder, name);
  return { admission, soundness: checkSoundness(compilation.processes, [...compilation.processes, ...beside]) };
}

export const hasErrors = ({ admission, soundness }: Lint): boolean =>
  admission.entries.some(({ problems }) => problems.some(isError)) ||
  soundness.findings.some(({ severity }) => severity === 'error');

/** No more than a little over what the compiler accepts, so that it can say what is wrong with a larger file. */
async function readLimited(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${file} is no file.`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(limits.sourceBytes + 1), 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Files of the folder that are published with the model, read as far as they can be. */
async function filesIn(folder: string, ending: string): Promise<{ readonly name: string; readonly content: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending)).map(({ name }) => name);
  if (names.length > limits.deploymentFiles) return [];
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(join(folder, name), 'utf8') })));
}

async function decisionsIn(folder: string): Promise<Readonly<Record<string, DecisionModel>>> {
  const parsed = await Promise.all((await filesIn(folder, '.dmn')).map(({ content }) => parseDecisions(content)));
  return Object.fromEntries(
    parsed.flatMap((file) => (file.ok ? file.decisions.map((decision) => [decision.id, decision]) : [])),
  );
}

/** The other processes of the folder, if all of it could be published as one deployment; else the file stands for itself. */
async function processesBeside(folder: string, name: string): Promise<readonly ProcessModel[]> {
  const compilations = await Promise.all(
    (await filesIn(folder, '.bpmn')).map(async (file) => ({ file, result: await compile(file.content) })),
  );
  const admitted = compilations.flatMap(({ file, result }) =>
    result.ok ? result.processes.map((model) => ({ file: file.name, model })) : [],
  );
  const models = admitted.map(({ model }) => model);
  const isDistinct = new Set(models.map(({ processId }) => processId)).size === models.length;
  const isSound = !checkSoundness(models).findings.some(({ severity }) => severity === 'error');
  if (compilations.some(({ result }) => !result.ok) || !isDistinct || !isSound) return [];
  return admitted.filter(({ file }) => file !== name).map(({ model }) => model);
}
