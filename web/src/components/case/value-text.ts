/** A JSON value in words, for people: yes/no, lists by comma, objects as "name: value". */
import type { TFunction } from 'i18next';
import { textKey } from './wait-sentence.ts';

const deepest = 4;

export function valueText(value: unknown, t: TFunction, depth = 0): string {
  if (value === null || value === undefined || value === '') return t('values.none');
  if (typeof value === 'boolean') return t(value ? 'values.yes' : 'values.no');
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return t(`values.${textKey(value)}`, { defaultValue: value });
  if (depth >= deepest) return '…';
  if (Array.isArray(value))
    return value.length === 0 ? t('values.emptyList') : value.map((entry) => valueText(entry, t, depth + 1)).join(', ');
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 0) return t('values.none');
  return entries
    .map(
      ([name, entry]) =>
        `${t(`variables.${textKey(name)}`, { defaultValue: name })}: ${valueText(entry, t, depth + 1)}`,
    )
    .join('; ');
}
