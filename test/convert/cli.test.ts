/** `alur convert` as people call it: files, exit codes, both ways to report. */
import { afterAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { camunda7, folder } from './support.ts';

const work = mkdtempSync(join(tmpdir(), 'alur-convert-'));
afterAll(() => rmSync(work, { recursive: true }));

function alur(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const command = [join(process.cwd(), 'cli/alur.mjs'), 'convert', ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8', cwd: work });
}

test('writes models and generated forms, one line of JSON, and exits 2 for what needs a person', () => {
  const { status, stdout } = alur(
    join(folder, 'purchase.bpmn'),
    join(folder, 'discount.dmn'),
    '--out',
    'out',
    '--json',
  );
  expect(status).toBe(2);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  const { files } = JSON.parse(lines[0] ?? '') as { files: { out: string; mapped: number; entries: unknown[] }[] };
  expect(files.map(({ out }) => out)).toEqual([join('out', 'purchase.bpmn'), join('out', 'discount.dmn')]);
  for (const file of files) {
    expect(file.mapped).toBeGreaterThan(0);
    expect(file.entries.length).toBeGreaterThanOrEqual(file.mapped);
    expect(existsSync(join(work, file.out))).toBe(true);
  }
  expect(existsSync(join(work, 'out/purchase-requested.form'))).toBe(true);
}, 60_000);

test('exits 0 when nothing is left to do, reads other encodings, and never writes over a source', () => {
  const xml = camunda7('<bpmn:task id="t" name="Prüfung" camunda:asyncBefore="true" />').replace('UTF-8', 'ISO-8859-1');
  const source = join(work, 'plain.bpmn');
  writeFileSync(source, Buffer.from(xml, 'latin1'));
  const { status, stdout } = alur(source, '--out', 'plain');
  expect([status, stdout.trim().split('\n').length]).toEqual([0, 1]);
  expect(readFileSync(join(work, 'plain/plain.bpmn'), 'utf8')).toContain('Prüfung');
  const over = alur(source, '--out', '.');
  expect(over.status).toBe(1);
  expect(readFileSync(source, 'latin1')).toBe(xml);
}, 60_000);

test('exits 1 when a file cannot be read', () => {
  writeFileSync(join(work, 'broken.bpmn'), '<nope');
  const { status, stdout } = alur('broken.bpmn', '--json');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ files: [{ out: null, entries: [] }] });
}, 60_000);
