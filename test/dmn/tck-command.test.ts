/** `alur tck` on folders of any state. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { tckCommand } from '#cli/commands/tck.ts';

let folder = '';
let out: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alur-tck-'));
  out = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

const write = (name: string, content: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};
const model = (text: string): string =>
  `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="m">
     <inputData id="x" name="x"><variable name="x" typeRef="number"/></inputData>
     <decision id="d" name="d"><variable name="d"/><informationRequirement><requiredInput href="#x"/></informationRequirement>
       <literalExpression><text>${text}</text></literalExpression></decision></definitions>`;
const value = (type: string, text: string): string => `<value xmlns:xsi="i" xsi:type="xsd:${type}">${text}</value>`;
const testCase = (id: string, given: string, ...expected: readonly string[]): string =>
  `<testCase id="${id}"><inputNode name="x">${given}</inputNode>${expected.map((one) => `<resultNode name="d"><expected>${one}</expected></resultNode>`).join('')}</testCase>`;
const tests = (...cases: readonly string[]): string =>
  `<?xml version="1.0"?><tc:testCases xmlns:tc="t"><modelName>m.dmn</modelName>${cases.join('')}</tc:testCases>`.replaceAll(
    /<(\/?)(testCase|inputNode|resultNode|expected|value|modelName)\b/g,
    '<$1tc:$2',
  );

async function score(): Promise<{
  passed: number;
  failed: number;
  failures: readonly { case: string; reason: string }[];
}> {
  await tckCommand().parseAsync([folder, '--json'], { from: 'user' });
  expect(out).toHaveLength(1);
  return JSON.parse(out[0] ?? '') as Awaited<ReturnType<typeof score>>;
}

describe('alur tck', () => {
  test('counts cases, not results', async () => {
    write('a/m.dmn', model('x + 1'));
    const five = value('decimal', '5');
    write(
      'a/m-test-01.xml',
      tests(
        testCase('right', value('decimal', '4'), five, five),
        testCase('half', value('decimal', '4'), five, value('decimal', '6')),
        testCase('type', value('string', '4'), '<value xsi:nil="true"/>'),
      ),
    );
    const { passed, failed, failures } = await score();
    expect([passed, failed]).toEqual([2, 1]);
    expect(failures).toEqual([{ file: 'a/m-test-01.xml', case: 'half', reason: 'd: 5 instead of 6' }]);
    expect(process.exitCode).toBe(1);
  });
  test('dates, lists and structures are compared as values', async () => {
    write('m.dmn', model('{l: [@"2026-01-31", @"PT60M"], t: @"10:00:00.000+00:00", s: "5"}'));
    const structure = (text: string): string =>
      `<component name="l"><list><item>${value('date', '2026-01-31')}</item><item>${value('duration', 'PT1H')}</item></list></component>
       <component name="t">${value('time', '10:00:00Z')}</component><component name="s">${value('string', text)}</component>`;
    const one = value('decimal', '1');
    write('m-test-01.xml', tests(testCase('same', one, structure('5')), testCase('other', one, structure('6'))));
    expect(await score()).toMatchObject({ passed: 1, failed: 1, failures: [{ case: 'other' }] });
  });
  test.each([
    ['a file that is no XML', 'broken <testCase id="1"> <'],
    ['elements that cross', tests('<testCase id="1"><a></testCase></a>')],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${tests(testCase('1', '', ''))}`],
    ['nothing', ''],
    ['deep nesting', '<a>'.repeat(50_000)],
    ['a case that expects nothing', tests('<testCase id="1"/>')],
    ['an unknown decision', tests(testCase('1', '', '')).replace('name="d"', 'name="nobody"')],
    ['a wrong expectation', tests(testCase('1', value('decimal', '1'), value('decimal', '3')))],
  ])('%s fails, and nothing else does', async (_, content) => {
    write('m.dmn', model('x + 1'));
    write('m-test-01.xml', content);
    write('m-test-02.xml', tests(testCase('good', value('decimal', '1'), value('decimal', '2'))));
    expect(await score()).toMatchObject({ passed: 1, failed: 1, failures: [{ file: 'm-test-01.xml' }] });
  });
  test.each([
    ['missing', null],
    ['broken', '<definitions'],
    ['of another kind', '<svg xmlns="s"/>'],
  ])('a model that is %s fails its cases', async (_, content) => {
    if (content !== null) write('m.dmn', content);
    write('m-test-01.xml', tests(testCase('1', '', ''), testCase('2', '', '')));
    expect(await score()).toMatchObject({ passed: 0, failed: 2 });
  });
  test('a folder without tests, or none at all, is said', async () => {
    await expect(score()).rejects.toThrow(/\*-test-\*\.xml/);
    await expect(tckCommand().parseAsync([join(folder, 'none')], { from: 'user' })).rejects.toThrow(/cannot be read/);
  });
  test('people see each file', async () => {
    write('m.dmn', model('x + 1'));
    write('m-test-01.xml', tests(testCase('good', value('decimal', '1'), value('decimal', '2'))));
    await tckCommand().parseAsync([folder], { from: 'user' });
    expect(out).toEqual(['m-test-01.xml: 1/1', expect.stringContaining('1 passed, 0 failed')]);
    expect(process.exitCode).toBeUndefined();
  });
});
