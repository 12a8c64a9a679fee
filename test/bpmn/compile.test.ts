/** One fixture per construct: its process model and its admission report, as goldens (UPDATE_GOLDENS=1 rewrites them). */
import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '#bpmn/compile.ts';
import { canonicalJson } from '#bpmn/canonical-json.ts';
import { stable } from './support.ts';

const folder = join(process.cwd(), 'test/bpmn/fixtures');
const update = process.env['UPDATE_GOLDENS'] === '1';
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.bpmn'));
const sourceOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('fixtures', () => {
  test.each(fixtures)('%s compiles to its golden', async (name) => {
    const compilation = await compile(sourceOf(name), { resourceName: name });
    const path = join(folder, name.replace(/\.bpmn$/, '.golden.json'));
    // of what is not admitted only the report counts
    const text = stable(compilation.ok ? compilation : { ok: false, report: compilation.report });
    if (update || !existsSync(path)) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  test.each(fixtures)('%s gives the same model each time, as JSON that survives', async (name) => {
    const [one, other] = [await compile(sourceOf(name)), await compile(sourceOf(name))];
    expect(canonicalJson(other)).toBe(canonicalJson(one));
    expect(JSON.parse(canonicalJson(one))).toEqual(one);
  });

  test('only the fixture of what is not executed is refused', async () => {
    const refused: string[] = [];
    for (const name of fixtures) if (!(await compile(sourceOf(name))).ok) refused.push(name);
    expect(refused).toEqual(['unsupported.bpmn']);
  });
});
