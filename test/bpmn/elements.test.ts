/** The table of elements × positions: every cell is tried, the page in docs/ is what the registries say, and no cell is left open. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type Compilation } from '#bpmn/compile.ts';
import { eventKinds, eventPositions, legalEvents } from '#bpmn/events/positions.ts';
import { runCell } from './cell-run.ts';
import { activityModel, activityPlaces, eventModel, gatewayModel, gatewayUses, illegalUse } from './element-cells.ts';
import {
  activityTypes,
  behaviorFileOf,
  elementsPage,
  elementTypes,
  gatewayTypes,
  illegalPlace,
  transformerFileOf,
} from './elements-table.ts';
import { bpmn, codes, problemLines } from './support.ts';

const page = join(process.cwd(), 'docs/elements.md');

const called = compile(
  bpmn(
    '<bpmn:startEvent id="s" /><bpmn:endEvent id="e" /><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e" />',
  ).replace('process id="p"', 'process id="lain"'),
);

/** Some instance gets to the element and completes, and nothing gets stuck. */
async function expectToRun(compilation: Compilation, elementId: string): Promise<void> {
  const other = await called;
  const [process] = compilation.ok ? compilation.processes : [];
  const [lain] = other.ok ? other.processes : [];
  if (process === undefined || lain === undefined) throw new Error('the model of the cell does not compile');
  const run = runCell(process, lain);
  expect([...run.activated]).toContain(elementId);
  expect(run.incidents).toEqual([]);
  expect(run.completed).toBe(true);
}

describe('events', () => {
  const cells = eventPositions.flatMap((position) => eventKinds.map((kind) => ({ kind, position })));
  test.each(cells)('$kind at $position', async ({ kind, position }) => {
    const compilation = await compile(eventModel(kind, position));
    if (legalEvents[position].kinds.includes(kind)) {
      expect(problemLines(compilation.report, 'error')).toEqual([]);
      // A compensation boundary event has no instance of its own: its handler runs.
      await expectToRun(compilation, kind === 'compensation' && position.startsWith('boundary') ? 'undo' : 'x');
    } else expect(codes(compilation.report).join()).toMatch(/(EVENT_POSITION|CONTENT_UNKNOWN) x/);
  });
});

describe('activities', () => {
  const cells = activityTypes.flatMap((type) => activityPlaces.map((place) => ({ type, place })));
  test.each(cells)('$type: $place', async ({ type, place }) => {
    const compilation = await compile(activityModel(type, place));
    const errors = problemLines(compilation.report, 'error');
    if (illegalPlace(type, place) === null) {
      expect(errors).toEqual([]);
      expect(compilation.ok && compilation.processes[0]?.nodes['x']?.type).toBe(type);
      await expectToRun(compilation, 'x');
    } else expect(errors.length).toBeGreaterThan(0);
  });
});

describe('gateways', () => {
  const cells = gatewayTypes.flatMap((type) => gatewayUses.map((use) => ({ type, use })));
  test.each(cells)('$type: $use', async ({ type, use }) => {
    const compilation = await compile(gatewayModel(type, use));
    const errors = problemLines(compilation.report, 'error');
    if (illegalUse(type, use) === null) {
      expect(errors).toEqual([]);
      // An instantiating gateway is no element of the instance that one of its events has started.
      await expectToRun(compilation, use === 'instantiating' ? 'a' : 'x');
    } else expect(errors.length).toBeGreaterThan(0);
  });
});

describe('docs/elements.md', () => {
  test.each(elementTypes)('%s has a transformer and a behavior', (type) => {
    expect(transformerFileOf(type)).not.toBeNull();
    expect(behaviorFileOf(type)).not.toBeNull();
  });

  test('is what the registries say', () => {
    const text = elementsPage();
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(page, text);
    expect(readFileSync(page, 'utf8')).toBe(text);
    expect(text).not.toMatch(/\| *\||\?|ignored \|/);
  });
});
