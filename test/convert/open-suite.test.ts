/** No file of the open suite makes the converter throw; what is not another engine's keeps its meaning. */
import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModdleElement } from '#bpmn/moddle.ts';
import { parseBpmn } from '#bpmn/parse.ts';
import { Chance, seedOf } from '../engine/seeded.ts';
import { convertText, fixture } from './support.ts';

const suite = join(process.cwd(), '../shared/suites/open');
const present = existsSync(suite);
const paths = present ? readdirSync(suite, { recursive: true, encoding: 'utf8' }) : [];
const files = (ending: RegExp): string[] => paths.filter((path) => ending.test(path)).sort();
const read = (path: string): string => readFileSync(join(suite, path), 'utf8');

/** A value the metamodel has by default means the same whether it is written or not. */
function withoutDefaults(this: unknown, key: string, value: unknown): unknown {
  const { $descriptor } = this as Partial<ModdleElement>;
  const properties = ($descriptor?.properties ?? []) as readonly { ns: { localName: string }; default?: unknown }[];
  const property = properties.find(({ ns }) => ns.localName === key);
  return property?.default === value ? undefined : value;
}
/** The tree as JSON. */
async function treeOf(xml: string): Promise<unknown> {
  const parsed = await parseBpmn(xml);
  return parsed.ok ? (JSON.parse(JSON.stringify(parsed.definitions, withoutDefaults)) as unknown) : null;
}

(present ? test : test.skip)(
  'each BPMN file is converted or refused with a reason',
  async () => {
    const untouched: string[] = [];
    for (const path of files(/\.bpmn(?:\.xml)?$|\.bpmn20\.xml$/)) {
      const source = read(path);
      const { content, problems, report } = await convertText('file.bpmn', source);
      if (content === null) {
        expect([path, problems.length > 0]).toEqual([path, true]);
        continue;
      }
      const again = await parseBpmn(content);
      expect([path, again.ok]).toEqual([path, true]);
      if (report.entries.length > 0) continue;
      untouched.push(path);
      expect([path, await treeOf(content)]).toEqual([path, await treeOf(source)]);
    }
    expect(untouched.length).toBeGreaterThan(100);
  },
  300_000,
);

(present ? test : test.skip)(
  'each DMN file is converted or refused with a reason',
  async () => {
    for (const path of files(/\.dmn$/)) {
      const { content, problems } = await convertText('file.dmn', read(path));
      expect([path, content !== null || problems.length > 0]).toEqual([path, true]);
    }
  },
  300_000,
);

test.each(['', 'hello', '<a/>', '<!DOCTYPE x><a/>', '{"type":1}', '\0'])(
  '%j is refused in every format',
  async (text) => {
    for (const name of ['x.bpmn', 'x.dmn', 'x.form', 'x']) {
      const { content, problems } = await convertText(name, text);
      if (content === null) expect(problems.length).toBeGreaterThan(0);
    }
  },
);

test('a model with attributes exchanged or removed at random is converted or refused', async () => {
  const seed = seedOf('convert');
  const chance = new Chance(seed);
  const source = fixture('constructs.bpmn');
  const attributes = [...source.matchAll(/ [A-Za-z:]+="[^"]*"/g)];
  for (let round = 0; round < 60; round++) {
    const [one, other] = [attributes[chance.below(attributes.length)], attributes[chance.below(attributes.length)]];
    if (one === undefined || other === undefined) throw new Error('no attributes');
    const replacement = chance.below(3) === 0 ? '' : other[0];
    const changed = source.slice(0, one.index) + replacement + source.slice(one.index + one[0].length);
    const { content, problems } = await convertText('x.bpmn', changed);
    expect([round, content !== null || problems.length > 0]).toEqual([round, true]);
  }
}, 120_000);
