/** Everything in definitions/ as one deployment: it must be publishable. On failure the errors of the admission report are printed. */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compileDeployment } from '#bpmn/deployment.ts';
import { problemLines } from './support.ts';

const root = join(process.cwd(), 'definitions');

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

describe('definitions', () => {
  const paths = filesBelow(root).filter((path) => /\.(?:bpmn|dmn|form)$/.test(path));
  const files = paths.map((path) => ({ name: relative(root, path), content: readFileSync(path, 'utf8') }));

  test(`${files.length} files compile as one deployment`, async () => {
    if (files.length === 0) return;
    const deployment = await compileDeployment(files, { decisions: {}, formIds: [] });
    expect(problemLines(deployment.report, 'error')).toEqual([]);
    expect(deployment.ok).toBe(true);
  });
});
