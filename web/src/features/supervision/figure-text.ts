import type { PeriodReport } from '#contract/period-report.ts';
import { formatNumber } from '../../lib/format.ts';

type Unit = PeriodReport['columns'][number]['unit'];

/** A figure in its unit, as people read it; null: nothing to tell. */
export function figureText(value: number | null, unit: Unit, language: string): string {
  if (value === null) return '–';
  return unit === 'percent' ? `${formatNumber(value, language)}%` : formatNumber(value, language);
}
