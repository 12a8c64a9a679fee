/** One model with every construct that is mapped: what is written and what is reported, as goldens (UPDATE_GOLDENS=1 rewrites). */
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isError } from '#bpmn/admission.ts';
import { compile } from '#bpmn/compile.ts';
import { camunda7, convertFixture, convertText, fixture, folder, lineOf } from './support.ts';

const update = process.env['UPDATE_GOLDENS'] === '1';
function golden(name: string, content: string): void {
  const path = join(folder, name);
  if (update || !existsSync(path)) writeFileSync(path, content);
  expect(content).toBe(readFileSync(path, 'utf8'));
}

describe('the model of all constructs', () => {
  test.each(['constructs.bpmn', 'purchase.bpmn', 'discount.dmn'])('%s becomes its golden', async (name) => {
    const { content, report, generated } = await convertFixture(name);
    golden(name.replace('.', '.golden.'), content ?? '');
    const lines = [...report.entries.map(lineOf), ...generated.map((file) => `${file.name}: ${file.content}`)];
    golden(name.replace(/\..*$/, '.report.golden.txt'), `${lines.join('\n')}\n`);
  });

  test('counts what it reports, and every entry says what, why and what to do in both languages', async () => {
    const { report } = await convertFixture('constructs.bpmn');
    expect(report.mapped + report.dropped + report.needsPerson).toBe(report.entries.length);
    for (const entry of report.entries) {
      expect(entry.elementId).not.toBeNull();
      const texts = [entry.reason, entry.remedy].flatMap((text) => (text === null ? [] : [text.id, text.en]));
      expect(texts).toHaveLength({ mapped: 0, dropped: 2, needsPerson: 4 }[entry.outcome]);
      for (const text of texts) expect(text).not.toMatch(/^\s*$|\{\w+\}/);
    }
  });

  test('every element that publishing refuses was reported as needing a person, with its original text', async () => {
    const { content, report } = await convertFixture('constructs.bpmn');
    const people = report.entries.filter(({ outcome }) => outcome === 'needsPerson');
    const reported = new Set(people.map(({ elementId }) => elementId));
    const { ok, report: admission } = await compile(content ?? '');
    expect(ok).toBe(false);
    const refused = admission.entries
      .filter(({ problems }) => problems.some(isError))
      .map(({ elementId }) => elementId);
    expect(refused.filter((id) => !reported.has(id))).toEqual([]);
    // A text that could not be translated is refused wherever it stands.
    const untranslated = people.filter(({ result }) => result !== null && /^=.*[$#]\{/.test(result));
    expect(untranslated.length).toBeGreaterThan(4);
    for (const { elementId } of untranslated) expect(refused).toContain(elementId);
    for (const { original } of people.slice(0, 5)) expect(content).toContain(original);
  });

  test('nothing of the other engine is left but what has no counterpart', async () => {
    const { content } = await convertFixture('constructs.bpmn');
    const left = [...(content ?? '').matchAll(/<[^>]*camunda:[^>]*>/g)].map(([tag]) => tag.replaceAll(/\s+/g, ' '));
    expect(left.map((tag) => tag.slice(0, 31))).toEqual(['<callActivity id="case" camunda']);
    expect((await convertFixture('purchase.bpmn')).content).not.toContain('camunda.org/schema/1.0');
  });

  test.each([
    ['activiti', 'http://activiti.org/bpmn'],
    ['flowable', 'http://flowable.org/bpmn'],
    ['operaton', 'http://operaton.org/schema/1.0/bpmn'],
    ['c7', 'http://camunda.org/schema/1.0/bpmn'],
  ])('%s is the same vocabulary', async (prefix, uri) => {
    const source = fixture('constructs.bpmn')
      .replace('xmlns:camunda="http://camunda.org/schema/1.0/bpmn"', `xmlns:${prefix}="${uri}"`)
      .replaceAll('camunda:', `${prefix}:`);
    const other = await convertText('constructs.bpmn', source);
    const own = await convertFixture('constructs.bpmn');
    const { report } = await compile(other.content ?? '');
    const left = report.entries.find(({ elementId }) => elementId === 'case');
    expect(left?.problems.map(({ code }) => code)).toContain('PLATFORM_FOREIGN');
    expect(other.report.entries.map(lineOf).map((line) => line.replaceAll(`${prefix}:`, 'camunda:'))).toEqual(
      own.report.entries.map(lineOf),
    );
  });

  test('converting twice changes nothing any more', async () => {
    const { content } = await convertFixture('purchase.bpmn');
    const again = await convertText('purchase.bpmn', content ?? '');
    expect(again.report.entries).toEqual([]);
    expect(again.content).toBe(content);
  });
});

describe('single constructs', () => {
  const linesOf = async (process: string, attributes?: string): Promise<string[]> =>
    (await convertText('x.bpmn', camunda7(process, attributes))).report.entries.map(lineOf);

  test('an attribute nobody knows stays and is reported', async () => {
    expect(await linesOf('<bpmn:task id="t" camunda:unheardOf="1" />')).toEqual([
      'needsPerson t camunda:unheardOf: 1 (UNKNOWN)',
    ]);
  });
  test('a reference that leads nowhere is not lost silently', async () => {
    const lines = await linesOf(
      '<bpmn:boundaryEvent id="b" attachedToRef="gone"><bpmn:errorEventDefinition /></bpmn:boundaryEvent>',
    );
    expect(lines).toEqual(['needsPerson b bpmn:attachedToRef: gone (UNREADABLE)']);
  });
  test('expressions in texts that people read are reported', async () => {
    expect(await linesOf('<bpmn:userTask id="u" name="Check ${order}" />')).toEqual([
      'needsPerson u name: Check ${order} (TASK_TEXT)',
    ]);
  });
  test('a form that is chosen at run time needs a person', async () => {
    expect(await linesOf('<bpmn:userTask id="u" camunda:formRef="${kind}" />')).toEqual([
      'needsPerson u camunda:formRef: ${kind} (FORM_DYNAMIC)',
    ]);
  });
  test('a second look at what Zeebe already has changes nothing', async () => {
    const call = `<bpmn:callActivity id="c" calledElement="x"><bpmn:extensionElements>
      <zeebe:calledElement xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" processId="y" /></bpmn:extensionElements></bpmn:callActivity>`;
    expect(await linesOf(call)).toEqual([]);
  });
  test('the form converted along gives its id', async () => {
    const { convertFiles } = await import('#bpmn/convert/convert.ts');
    const form = '{"id":"the-form","type":"default","executionPlatform":"Camunda Platform","components":[]}';
    const task = '<bpmn:userTask id="u" camunda:formKey="camunda-forms:deployment:forms/a.form" />';
    const [process] = await convertFiles([
      { name: 'p.bpmn', content: camunda7(task) },
      { name: 'a.form', content: form },
    ]);
    expect(process?.report.entries.map(lineOf)).toEqual([
      'mapped u camunda:formKey: camunda-forms:deployment:forms/a.form → the-form',
    ]);
  });
  test('fields of older files, formProperty, become a form as well', async () => {
    const task = `<bpmn:userTask id="u"><bpmn:extensionElements>
      <camunda:formProperty id="age" name="Age" type="long" required="true" writable="false" />
      <camunda:formProperty id="odd" type="custom" expression="\${x}" /></bpmn:extensionElements></bpmn:userTask>`;
    const { generated, report } = await convertText('x.bpmn', camunda7(task));
    expect(generated.map(({ name }) => name)).toEqual(['p-u.form']);
    expect(JSON.parse(generated[0]?.content ?? '')).toMatchObject({
      id: 'p-u',
      components: [
        { type: 'number', key: 'age', label: 'Age', readonly: true, validate: { required: true } },
        { type: 'textfield', key: 'odd' },
      ],
    });
    expect(report.needsPerson).toBe(2);
  });
});

describe('forms', () => {
  test('the platform and single expressions are rewritten, texts for people are not', async () => {
    const form = {
      id: 'f',
      type: 'default',
      executionPlatform: 'Camunda Platform',
      components: [
        { type: 'text', text: 'It costs ${price}', conditional: { hide: '${amount == 1}' } },
        { type: 'textfield', key: 'x', label: '${bean.call()}' },
      ],
    };
    const { content, report } = await convertText('f.form', JSON.stringify(form));
    expect(JSON.parse(content ?? '')).toMatchObject({
      executionPlatform: 'Camunda Cloud',
      components: [{ text: 'It costs ${price}', conditional: { hide: '=amount = 1' } }, { label: '=${bean.call()}' }],
    });
    expect(report).toMatchObject({ mapped: 2, needsPerson: 1 });
  });
  test('no form at all is refused with a reason', async () => {
    const { content, problems } = await convertText('f.form', '{');
    expect(content).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['FORM_INVALID']);
  });
});
