/** `alur convert`: models of Camunda 7 and its relatives → models that Alur publishes, with a report per element. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { convertFiles, type ConvertedFile } from '#bpmn/convert/convert.ts';
import { text } from '../texts.ts';

interface Options {
  readonly out: string;
  readonly json: boolean;
}

/** Exit codes beside 0: everything was converted without a question left. */
const exitRefused = 1;
const exitNeedsPerson = 2;

/** Bytes in which an XML declaration can stand. */
const declarationBytes = 200;

/** Models are UTF-8 unless their XML declaration says otherwise. */
function decode(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, declarationBytes));
  const encoding = /^(?:\xEF\xBB\xBF)?<\?xml[^>]*encoding=["']([\w.-]+)["']/.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

interface Output {
  readonly path: string;
  readonly content: string;
}

/** What one source becomes; nothing when it was refused. */
function outputsOf({ name, content, generated }: ConvertedFile, folder: string): readonly Output[] {
  if (content === null) return [];
  const files = [{ name, content }, ...generated];
  return files.map((file) => ({ path: join(folder, basename(file.name)), content: file.content }));
}

/** A source is never written over, and no two files into one. */
function refuseClashes(sources: readonly string[], outputs: readonly Output[]): void {
  const taken = new Set(sources.map((file) => resolve(file)));
  for (const { path } of outputs) {
    if (taken.has(resolve(path))) throw new Error(text('convertTaken', { file: path }));
    taken.add(resolve(path));
  }
}

function print(file: string, out: string | null, { report, problems, generated }: ConvertedFile): void {
  if (out === null) {
    console.log(text('convertRefused', { file }));
    for (const { line, message } of problems) console.log(`  ${line ?? '-'}: ${message.id} / ${message.en}`);
    return;
  }
  const { mapped, dropped, needsPerson } = report;
  console.log(text('convertCounts', { file, out, mapped, dropped, needsPerson }));
  for (const { name } of generated) console.log(text('convertGenerated', { name }));
  for (const { elementId, construct, original, reason, remedy } of report.entries) {
    if (remedy === null || reason === null) continue;
    console.log(`  ${elementId ?? '-'} · ${construct} · ${original}`);
    console.log(`    ${reason.id} ${remedy.id}`);
    console.log(`    ${reason.en} ${remedy.en}`);
  }
}

async function convert(files: readonly string[], { out: folder, json }: Options): Promise<void> {
  const sources = await Promise.all(
    files.map(async (file) => ({ name: basename(file), content: decode(await readFile(file)) })),
  );
  const converted = await convertFiles(sources);
  const outputs = converted.map((result) => outputsOf(result, folder));
  refuseClashes(files, outputs.flat());
  await mkdir(folder, { recursive: true });
  for (const { path, content } of outputs.flat()) await writeFile(path, content);
  const lines = converted.map((result, index) => {
    const [main, ...generated] = outputs[index] ?? [];
    const file = files[index] ?? result.name;
    const out = main?.path ?? null;
    if (!json) print(file, out, result);
    return { file, out, ...result.report, generated: generated.map(({ path }) => path), problems: result.problems };
  });
  if (json) console.log(JSON.stringify({ files: lines }));
  if (lines.some(({ out }) => out === null)) process.exitCode = exitRefused;
  else if (lines.some(({ needsPerson }) => needsPerson > 0)) process.exitCode = exitNeedsPerson;
}

export const convertCommand = (): Command =>
  new Command('convert')
    .description(text('convert'))
    .argument('<files...>')
    .option('--out <folder>', text('convertOut'), 'converted')
    .option('--json', text('json'), false)
    .action(convert);
