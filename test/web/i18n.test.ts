/** Both languages are complete, every key used in web/ exists, and web/ itself holds no text for people. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';
import { caseStates, timelineKinds, waitKinds } from '#contract/case.ts';
import { batchItemStates, batchStates, batchTypes } from '#contract/batch-operation.ts';
import { documentKinds } from '#contract/document.ts';
import { fileKinds } from '#contract/file.ts';
import { dryRunKinds } from '#contract/operation.ts';
import { problemCodes } from '#contract/problem.ts';
import { stuckCauses } from '#contract/stuck-case.ts';
import { verdicts } from '#contract/process-definition.ts';
import { behaviors } from '#engine/behaviors/registry.ts';
import type { IncidentCode } from '#engine/fact.ts';
import en from '../../web/src/i18n/en.json';
import id from '../../web/src/i18n/id.json';

const source = join(process.cwd(), 'web/src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

type Texts = { readonly [name: string]: string | Texts };
function flatten(texts: Texts, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(texts)) {
    const key = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') found.set(key, value);
    else for (const [inner, text] of flatten(value, key)) found.set(inner, text);
  }
  return found;
}
/** English has a singular where Indonesian has none. */
const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');
const keysOf = (texts: Texts): string[] => [...new Set([...flatten(texts).keys()].map(withoutPlural))].sort();
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

describe('texts', () => {
  it('has the same keys in Indonesian and English', () => {
    expect(keysOf(en)).toEqual(keysOf(id));
  });

  it('has no empty text and the same placeholders in both languages', () => {
    const english = flatten(en);
    for (const [key, text] of flatten(id)) {
      expect([key, text.trim()]).not.toEqual([key, '']);
      expect([key, placeholders(english.get(key) ?? '')]).toEqual([key, placeholders(text)]);
    }
  });

  it('has every key that the pages use', () => {
    const known = keysOf(id);
    const missing: string[] = [];
    for (const file of files) {
      const text = readFileSync(join(source, file), 'utf8');
      for (const match of text.matchAll(/\bt\(\s*(?:'([^']+)'|`([^`]+)`)/g)) {
        const key = match[1];
        if (key !== undefined && !known.includes(key)) missing.push(`${file}: ${key}`);
        // A key with a variable part: something must begin as it does.
        const prefix = match[2]?.split('${')[0];
        if (prefix !== undefined && prefix !== '' && !known.some((candidate) => candidate.startsWith(prefix)))
          missing.push(`${file}: ${prefix}…`);
      }
    }
    expect(missing).toEqual([]);
  });
});

/** The type sees to it that none is forgotten here. */
const incidentCodes: Readonly<Record<IncidentCode, true>> = {
  JOB_NO_RETRIES: true,
  EXTRACT_VALUE_ERROR: true,
  IO_MAPPING_ERROR: true,
  CONDITION_ERROR: true,
  CALLED_ELEMENT_ERROR: true,
  CALLED_DECISION_ERROR: true,
  DECISION_EVALUATION_ERROR: true,
  FORM_NOT_FOUND: true,
  UNHANDLED_ERROR_EVENT: true,
  MESSAGE_SIZE_EXCEEDED: true,
  LIMIT_EXCEEDED: true,
};
/** Keys that the pages make of names which the API and the engine know: none of them may be without a text. */
const codesOf: Readonly<Record<string, readonly string[]>> = {
  'problems.*.title': problemCodes,
  'problems.*.remedy': problemCodes,
  'timeline.*': timelineKinds,
  'wait.party.*': waitKinds,
  'wait.sentence.*': [...waitKinds, 'userTaskAssigned', 'jobRetry'],
  'wait.action.*': [...waitKinds, 'userTaskAssigned', 'jobRetry'],
  'cases.states.*': caseStates,
  'definitions.verdict.*': verdicts,
  'dryRun.*': dryRunKinds,
  'batch.types.*': batchTypes,
  'batch.states.*': batchStates,
  'batch.items.*': batchItemStates,
  'check.kinds.*': documentKinds,
  'files.kinds.*': fileKinds,
  'elements.*': Object.keys(behaviors),
  'incidents.*': [...Object.keys(incidentCodes), ...stuckCauses],
  'incidentRemedy.*': [...Object.keys(incidentCodes), ...stuckCauses],
};

describe('names of the API and the engine', () => {
  it.each(Object.keys(codesOf))('%s', (pattern) => {
    const known = new Set(keysOf(id));
    const missing = (codesOf[pattern] ?? []).filter((code) => !known.has(pattern.replace('*', code)));
    expect(codesOf[pattern]?.length).toBeGreaterThan(2);
    expect(missing).toEqual([]);
  });
});

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}
const attributesForPeople = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label']);
/** A name in the UI that is the same in every language. */
const names = new Set(['Enter', 'Ctrl']);
const hasWords = (text: string): boolean => /\p{L}{2,}/u.test(text) && !names.has(text.trim());

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (value === null || typeof value !== 'object') return [];
  const node = value as Node;
  if (node.type === 'JSXText') return hasWords(String(node['value'])) ? [String(node['value']).trim()] : [];
  if (node.type === 'JSXAttribute') {
    const { name, value: literal } = node as unknown as { name: { value?: string }; value: Node | null };
    if (
      literal?.type === 'StringLiteral' &&
      attributesForPeople.has(name.value ?? '') &&
      hasWords(String(literal['value']))
    ) {
      return [String(literal['value'])];
    }
  }
  return Object.values(node).flatMap(textsIn);
}

describe('pages', () => {
  it('finds a text that is written into a page', () => {
    expect(
      textsIn(parseSync('const a = <p title="Kirim">Halo dunia</p>;', { syntax: 'typescript', tsx: true })),
    ).toEqual(['Kirim', 'Halo dunia']);
  });

  it.each(files.filter((name) => name.endsWith('.tsx')))('%s holds no text of its own', (file) => {
    expect(textsIn(parseSync(readFileSync(join(source, file), 'utf8'), { syntax: 'typescript', tsx: true }))).toEqual(
      [],
    );
  });
});
