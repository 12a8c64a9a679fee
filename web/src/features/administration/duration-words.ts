import type { TFunction } from 'i18next';
import { deadlineForm } from '#contract/setting.ts';

const units = [
  [1, 'week'],
  [2, 'day'],
  [4, 'hour'],
  [5, 'minute'],
  [6, 'second'],
] as const;

/** P7D → "7 hari". */
export function durationWords(text: string, t: TFunction): string {
  const match = deadlineForm.exec(text);
  if (match === null) return t('settings.notADuration');
  return units
    .filter(([index]) => match[index] !== undefined)
    .map(([index, unit]) => t(`settings.units.${unit}`, { count: Number.parseInt(match[index] ?? '0', 10) }))
    .join(' ');
}
