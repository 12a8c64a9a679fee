/** What a decision comes to is told in words: every rule says why, every code that a table can give has a name in both languages. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import i18next from 'i18next';
import type { TFunction } from 'i18next';
import { parseDecisions } from '#bpmn/dmn.ts';
import { decisionName, valueText, variableName } from '../../web/src/lib/terms.ts';
import en from '../../web/src/i18n/en.json';
import id from '../../web/src/i18n/id.json';

const folder = join(process.cwd(), 'definitions/dtks');
const tables = readdirSync(folder)
  .filter((name) => name.endsWith('.dmn'))
  .map((name) => ({ name, xml: readFileSync(join(folder, name), 'utf8') }));
const texts = (xml: string, pattern: RegExp): string[] => [...xml.matchAll(pattern)].map(([, text]) => text ?? '');
const unescaped = (text: string): string => text.replaceAll('&quot;', '"');
/** Codes that a table can answer with; numbered ones are official, and told beside their own words. */
const answers = (xml: string): string[] =>
  texts(xml, /<(?:outputEntry|literalExpression)[^>]*>\s*<text>([^<]*)</g)
    .flatMap((entry) => texts(unescaped(entry), /"([^"]+)"/g))
    .filter((text) => /^[A-Za-z]{2,}(_[A-Za-z]+)*$/.test(text));

let t: TFunction;
beforeAll(async () => {
  t = await i18next.init({ lng: 'id', resources: { id: { translation: id }, en: { translation: en } } });
});

describe.each(['id', 'en'])('decisions in words (%s)', (language) => {
  beforeAll(() => i18next.changeLanguage(language));

  test.each(tables)('$name', async ({ xml }) => {
    const parsed = await parseDecisions(xml);
    if (!parsed.ok) throw new Error('not a decision');
    expect(parsed.decisions.filter((decision) => decisionName(decision.id) === decision.id)).toEqual([]);
    expect(answers(xml).filter((code) => valueText(code, t) === code)).toEqual([]);
    const outputs = texts(xml, /<output [^>]*\bname="([^"]+)"/g);
    expect(outputs.filter((name) => variableName(name, t) === name)).toEqual([]);
  });
});

test.each(tables)('every rule of $name says why', ({ xml }) => {
  const reasons = texts(xml, /<annotationEntry[^>]*>\s*<text>([^<]+)</g).filter((text) => text.trim() !== '');
  expect(reasons).toHaveLength(texts(xml, /<rule (id)=/g).length);
});
