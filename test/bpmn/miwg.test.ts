/**
 * Files of others: the reference models of the OMG's model interchange group, and everything else in the conformance pack. Each is read,
 * written and read again without loss, and gets an admission report; nothing throws.
 */
import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compile } from '#bpmn/compile.ts';
import { inventoryOf } from '#bpmn/inventory.ts';
import { moddle } from '#bpmn/moddle.ts';
import { parseBpmn } from '#bpmn/parse.ts';

const suite = join(process.cwd(), '../shared/suites/open');

function modelsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? modelsBelow(path) : path.endsWith('.bpmn') ? [path] : [];
  });
}
const present = existsSync(suite);
const models = present ? [...modelsBelow(join(suite, 'miwg')), ...modelsBelow(join(suite, 'models'))] : [];
const names = models.map((path) => relative(suite, path));

async function inventory(xml: string): Promise<readonly string[] | null> {
  const parsed = await parseBpmn(xml);
  if (!parsed.ok) return null;
  return inventoryOf(parsed.definitions, new Set()).map(
    (item) => `${item.elementType} ${item.elementId} ${item.name ?? ''}`,
  );
}

describe(
  present ? 'models of the conformance pack' : 'models of the conformance pack (skipped: it is not here)',
  () => {
    if (!present) test.skip('the conformance pack is not here', () => undefined);

    test.each(names)('%s gets an admission report', async (name) => {
      const { report } = await compile(readFileSync(join(suite, name), 'utf8'));
      expect(report.entries.length).toBeGreaterThan(0);
      const refused = report.entries.filter((entry) => entry.verdict === 'rejected');
      expect(refused.length > 0).toBe(!report.ok);
      for (const problem of report.entries.flatMap((entry) => entry.problems)) {
        expect(problem.remedy.id.length).toBeGreaterThan(0);
        expect(problem.remedy.en.length).toBeGreaterThan(0);
      }
    });

    test.each(names)('%s survives being written and read again', async (name) => {
      const xml = readFileSync(join(suite, name), 'utf8');
      const before = await inventory(xml);
      if (before === null) return;
      const { rootElement } = await moddle.fromXML(xml, { lax: true });
      const written = await moddle.toXML(rootElement, { format: true });
      expect(await inventory(written.xml)).toEqual(before);
    });
  },
);
