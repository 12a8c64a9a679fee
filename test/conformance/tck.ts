/** Runs one folder of the DMN TCK: its models and its test files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDecisions } from '#bpmn/dmn.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import { parseDuration } from '#engine/feel/temporal.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Json, Variables } from '#engine/json.ts';
import { childNamed, childrenNamed, parseXml, type XmlElement } from './xml.ts';

export interface FolderScore {
  readonly passed: number;
  readonly total: number;
  /** `test case/result: why`. */
  readonly failures: readonly string[];
}

/** An expected or given value of a test file as JSON. */
function valueOf(holder: XmlElement): Json {
  const list = childNamed(holder, 'list');
  if (list !== undefined) return list.attributes['nil'] === 'true' ? null : childrenNamed(list, 'item').map(valueOf);
  const components = childrenNamed(holder, 'component');
  if (components.length > 0)
    return Object.fromEntries(components.map((part) => [part.attributes['name'] ?? '', valueOf(part)]));
  const value = childNamed(holder, 'value');
  if (value === undefined || value.attributes['nil'] === 'true') return null;
  const type = (value.attributes['type'] ?? '').replace(/^.*:/, '');
  if (['decimal', 'double', 'integer', 'int', 'long', 'float'].includes(type)) return Number(value.text.trim());
  if (type === 'boolean') return value.text.trim() === 'true';
  if (type === 'duration') return parseDuration(value.text.trim())?.toString() ?? value.text;
  return type === 'string' || type === '' ? value.text : value.text.trim();
}

function same(actual: Json | undefined, expected: Json): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return actual === expected || Math.abs(actual - expected) <= 1e-8 * Math.max(1, Math.abs(expected));
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item: Json, index) => same((actual as Json[])[index], item))
    );
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
    const wanted = expected as Variables;
    const given = actual as Variables;
    return (
      Object.keys(wanted).length === Object.keys(given).length &&
      Object.keys(wanted).every((key) => same(given[key], wanted[key] ?? null))
    );
  }
  return actual === expected || sameInstant(actual, expected);
}
/** `00:00:00Z` and `00:00:00+00:00`, `.000` or none: different spellings of one time. */
function sameInstant(actual: Json | undefined, expected: Json): boolean {
  if (typeof actual !== 'string' || typeof expected !== 'string') return false;
  const spelled = (text: string): string => text.replace(/\+00:00$/, 'Z').replace(/\.0+(?=Z|[+-]\d|$)/, '');
  return /\d\d:\d\d/.test(expected) && spelled(actual) === spelled(expected);
}

function runCase(test: XmlElement, models: ReadonlyMap<string, DecisionModel>, failures: string[]): number {
  let passed = 0;
  const variables = new Map(
    childrenNamed(test, 'inputNode').map((node) => [node.attributes['name'] ?? '', valueOf(node)]),
  );
  for (const result of childrenNamed(test, 'resultNode')) {
    const name = result.attributes['name'] ?? '';
    const model = models.get(name);
    const expectedNode = childNamed(result, 'expected');
    const wantsError = result.attributes['errorResult'] === 'true';
    const expected = expectedNode === undefined ? null : valueOf(expectedNode);
    const label = `${test.attributes['id'] ?? ''}/${name}`;
    if (model === undefined) {
      failures.push(`${label}: no such decision`);
      continue;
    }
    const outcome = evaluateDecision(model, {
      lookup: (variable) => variables.get(variable),
      nowMs: 1_760_000_000_000,
    });
    const actual = outcome.ok ? outcome.value : null;
    if (same(actual, expected) || (wantsError && actual === null)) passed++;
    else
      failures.push(
        `${label}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)} ${outcome.ok ? outcome.warnings.join('; ') : outcome.message}`,
      );
  }
  return passed;
}

export async function runFolder(folder: string): Promise<FolderScore> {
  const files = readdirSync(folder);
  const models = new Map<string, DecisionModel>();
  const failures: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.dmn'))) {
    const outcome = await parseDecisions(readFileSync(join(folder, file), 'utf8'));
    if (!outcome.ok)
      failures.push(
        ...outcome.problems.slice(0, 5).map((problem) => `${file} ${problem.elementId ?? ''}: ${problem.message.en}`),
      );
    for (const model of outcome.ok ? outcome.decisions : []) if (model.name !== null) models.set(model.name, model);
  }
  let [passed, total] = [0, 0];
  for (const file of files.filter((name) => /-test-.*\.xml$/.test(name))) {
    for (const test of childrenNamed(parseXml(readFileSync(join(folder, file), 'utf8')), 'testCase')) {
      total += childrenNamed(test, 'resultNode').length;
      passed += runCase(test, models, failures);
    }
  }
  return { passed, total, failures };
}
