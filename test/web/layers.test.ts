/**
 * What may import what inside web/: app → features → components → lib; features do not know each other; of the other folders only
 * contract, engine and definitions (data). dependency-cruiser cannot read TSX, so this test reads the imports itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';

const source = join(process.cwd(), 'web/src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const order = ['lib', 'i18n', 'components', 'features', 'app'];
const otherFolders = /^#(contract|engine|definitions)\//;

/** Modules that a text imports, statically or by `import()`. */
function importsOf(text: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (value === null || typeof value !== 'object') return;
    const node = value as {
      type?: string;
      source?: { value?: string } | null;
      callee?: { type?: string };
      arguments?: { expression: { value?: string } }[];
    };
    if (/^(Import|Export)/.test(node.type ?? '') && typeof node.source?.value === 'string')
      found.push(node.source.value);
    if (node.callee?.type === 'Import') found.push(node.arguments?.[0]?.expression.value ?? '');
    Object.values(node).forEach(visit);
  };
  visit(parseSync(text, { syntax: 'typescript', tsx: true }));
  return found;
}

/** Why `file` (relative to web/src) may not import `module`; null: it may. */
function breach(file: string, module: string): string | null {
  if (module.startsWith('#')) return otherFolders.test(module) ? null : `${file} imports ${module}`;
  if (!module.startsWith('.')) return module.startsWith('node:') ? `${file} imports ${module}` : null;
  const target = normalize(join(dirname(file), module));
  const [from, to] = [file, target].map((path) => path.split('/'));
  if (target.startsWith('..')) return `${file} leaves web/src for ${module}`;
  if (from === undefined || to === undefined) return null;
  if (order.indexOf(to[0] ?? '') > Math.max(order.indexOf(from[0] ?? ''), order.indexOf('i18n')))
    return `${file} imports outwards: ${module}`;
  return from[0] === 'features' && to[0] === 'features' && from[1] !== to[1]
    ? `${file} knows another feature: ${module}`
    : null;
}

describe('imports inside web/', () => {
  it('point inwards', () => {
    const breaches = files.flatMap((file) =>
      importsOf(readFileSync(join(source, file), 'utf8'))
        .map((module) => breach(file, module))
        .filter((found) => found !== null),
    );
    expect(files.length).toBeGreaterThan(50);
    expect(breaches).toEqual([]);
  });

  it.each([
    ['features/tasks/a.tsx', `import { x } from '../cases/b.tsx';`],
    ['components/a.tsx', `import { x } from '../features/cases/b.tsx';`],
    ['lib/a.ts', `const b = () => import('../app/routes.tsx');`],
    ['lib/a.ts', `import { x } from '#db/pool.ts';`],
    ['lib/a.ts', `import { readFile } from 'node:fs';`],
  ])('finds the planted breach in %s: %s', (file, text) => {
    expect(importsOf(text).map((module) => breach(file, module))).not.toContain(null);
  });
});
