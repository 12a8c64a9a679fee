/** Runs test files of the DMN TCK against the models beside them. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { compileDecisions, type CompiledDecisions } from '#bpmn/dmn.ts';
import { evaluateDecisionToValue } from '#engine/dmn/evaluate.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import { entryOf, isContext, type Value } from '#engine/feel/value.ts';
import { isExpected, shown } from './compare.ts';
import { parseTestFile, type TckCase, type TckFile, type TckResult } from './test-file.ts';

export interface CaseFailure {
  readonly file: string;
  readonly case: string;
  readonly reason: string;
}
export interface FileScore {
  /** Path of the test file below the folder given. */
  readonly file: string;
  readonly passed: number;
  readonly failures: readonly CaseFailure[];
}

const testFile = /-test-.*\.xml$/i;
/** Levels of folders that are searched, and characters of a reason. */
const [maxLevels, maxReason] = [20, 500];

/** All test files below a folder, in order. Throws when the folder cannot be read. */
export function testFilesBelow(folder: string, level = 0): string[] {
  if (level > maxLevels) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFilesBelow(path, level + 1);
    return entry.isFile() && testFile.test(entry.name) ? [path] : [];
  });
}

/** The score of one file. Whatever is wrong with it or its model makes its cases fail; nothing is thrown. */
export async function runTestFile(path: string, folder: string, nowMs: number): Promise<FileScore> {
  const file = relative(folder, path);
  const failed = (id: string, reason: string): CaseFailure => ({ file, case: id, reason: reason.slice(0, maxReason) });
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
    const tests = parseTestFile(text);
    const compiled = await compileBeside(path, tests);
    const failures = tests.cases.flatMap((test) => {
      const reason = problemOf(test, compiled, nowMs);
      return reason === null ? [] : [failed(test.id, reason)];
    });
    return { file, passed: tests.cases.length - failures.length, failures };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const ids = [...text.matchAll(/<(?:\w+:)?testCase\b[^>]*?\bid\s*=\s*["']([^"'<>]*)/g)].map(([, id = '']) => id);
    return { file, passed: 0, failures: (ids.length === 0 ? [''] : ids).map((id) => failed(id, reason)) };
  }
}

async function compileBeside(path: string, { modelName }: TckFile): Promise<CompiledDecisions> {
  const folder = dirname(path);
  const models = readdirSync(folder).filter((name) => name.endsWith('.dmn'));
  const named = models.find((name) => name === modelName || name === `${modelName}.dmn`);
  const [first] = models;
  const own = named ?? (models.length === 1 ? first : undefined);
  if (own === undefined) throw new Error(`no model '${modelName}' beside the file`);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return await compileDecisions(read(own), models.filter((name) => name !== own).map(read));
}

/** null: the case passes. */
function problemOf(test: TckCase, compiled: CompiledDecisions, nowMs: number): string | null {
  if (test.results.length === 0) return 'the case expects nothing';
  const candidates = test.invocable === null ? compiled.decisions : compiled.invocables;
  for (const result of test.results) {
    const name = test.invocable ?? result.name;
    const model = candidates.find((candidate) => candidate.name === name);
    const reason = model === undefined ? missing(name, compiled) : resultProblem(model, test, result, nowMs);
    if (reason !== null) return reason;
  }
  return null;
}
const missing = (name: string, { problems }: CompiledDecisions): string => {
  const [error] = problems.filter(({ severity }) => severity === 'error');
  return `no decision '${name}'${error === undefined ? '' : `: ${error.message.en}`}`;
};

function resultProblem(model: DecisionModel, test: TckCase, result: TckResult, nowMs: number): string | null {
  const lookup = (name: string): Value | undefined => test.inputs.get(name);
  const outcome = evaluateDecisionToValue(model, { lookup, nowMs, typed: true });
  const why = outcome.ok ? outcome.warnings.join('; ') : outcome.message;
  const actual = outcome.ok ? partOf(outcome.value, test, result) : null;
  if (result.errorExpected && actual === null) return null;
  if (isExpected(actual, result.expected)) return null;
  return `${result.name}: ${shown(actual)} instead of ${shown(result.expected)}${why === '' ? '' : ` (${why})`}`;
}
/** A decision service with several output decisions answers a context of them. */
function partOf(value: Value, test: TckCase, { name }: TckResult): Value {
  if (test.invocable === null || test.invocable === name || !isContext(value)) return value;
  return entryOf(value, name) ?? value;
}
