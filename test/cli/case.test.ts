/** `alur case run` and `alur publish` as a user calls them. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const project = path.resolve(__dirname, '../..');
const model = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="test">
  <bpmn:process id="two" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="choice"/>
    <bpmn:exclusiveGateway id="choice" default="no"/>
    <bpmn:sequenceFlow id="yes" sourceRef="choice" targetRef="work"><bpmn:conditionExpression>=wanted</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" sourceRef="choice" targetRef="left"/>
    <bpmn:serviceTask id="work"><bpmn:extensionElements><zeebe:taskDefinition type="work"/></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="work" targetRef="end"/>
    <bpmn:endEvent id="end"/>
    <bpmn:endEvent id="left"/>
  </bpmn:process>
</bpmn:definitions>`;
const passing = {
  id: 'passes',
  model: 'two.bpmn',
  processId: 'two',
  variables: { wanted: true },
  steps: [{ type: 'completeJob', jobType: 'work' }],
  expect: { endState: 'completed', completedElementIds: ['start', 'choice', 'work', 'end'], strictOrder: true },
};

interface Ran {
  readonly code: number;
  readonly lines: readonly string[];
}
const alur = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], { cwd: project }, (_, out) =>
      resolve({ code: child.exitCode ?? -1, lines: out.trimEnd().split('\n') }),
    );
  });

describe('alur case run, alur publish', () => {
  let folder = '';
  const write = (name: string, content: unknown): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'alur-cases-'));
    write('two.bpmn', model);
    write('cases/passes.json', passing);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('tells what was not reached, and draws nothing without diagram interchange', async () => {
    const html = path.join(folder, 'coverage.html');
    const { code, lines } = await alur('case', 'run', folder, '--json', '--coverage', '--coverage-html', html);
    expect({ code, last: lines.at(-1) }).toEqual({
      code: 0,
      last: '{"passed":1,"failed":0,"skipped":0,"failures":[]}',
    });
    const elements = { covered: 4, total: 5, uncovered: ['left'] };
    const flows = { covered: 3, total: 4, uncovered: ['no'] };
    expect(JSON.parse(lines.at(-2) ?? '')).toEqual({
      coverage: [{ processId: 'two', file: 'two.bpmn', elements, flows }],
    });
    expect(readFileSync(html, 'utf8')).toContain('<h2>two</h2>');
  });

  test('a file that is no case fails with the field at fault; the others run', async () => {
    const wrong = [
      write('wrong/text.json', 'no JSON'),
      write('wrong/step.json', { ...passing, id: 'step', steps: [{ type: 'jump' }] }),
      write('wrong/field.json', { ...passing, id: 'field', expect: { endstate: 'completed' } }),
      write('wrong/missing.json', { ...passing, id: 'missing', model: 'absent.bpmn' }),
      write('wrong/other.json', { ...passing, id: 'other', expect: { endState: 'active' } }),
    ];
    const { code, lines } = await alur('case', 'run', ...wrong, path.join(folder, 'cases'), '--json');
    const summary = JSON.parse(lines.at(-1) ?? '') as { failures: { case: string; reason: string }[] };
    expect(summary).toMatchObject({ passed: 1, failed: 5, skipped: 0 });
    expect(code).toBe(1);
    const reasons = Object.fromEntries(summary.failures.map(({ case: id, reason }) => [id, reason]));
    expect(Object.keys(reasons)).toEqual(['text', 'step', 'field', 'missing', 'other']);
    expect(reasons['step']).toMatch(/steps\[0\]\.type: .*completeJob/);
    expect(reasons['field']).toMatch(/expect\.endstate: /);
    expect(reasons['missing']).toMatch(/absent\.bpmn/);
    expect(reasons['other']).toMatch(/endState: completed.* active/);
  });

  test('nothing is published while a story fails', async () => {
    const shelf = path.join(folder, 'shelf');
    write('shelf/two.bpmn', model);
    write('shelf/cases/fails.json', { ...passing, id: 'fails', steps: [] });
    const { code, lines } = await alur('publish', shelf, '--json', '--url', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      stories: { passed: 0, failed: 1, failures: [{ case: 'fails' }] },
      admitted: true,
      published: [],
    });
  });
});
