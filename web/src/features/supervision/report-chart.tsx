import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PeriodReport } from '#contract/period-report.ts';
import { figureText } from './figure-text.ts';

/** Bars beyond these say less than the table. */
const barsMost = 15;

/** One column as bars. The table below says the same, and more: readers of the screen are spared it twice. */
export function ReportChart({ report }: { report: PeriodReport }): ReactNode {
  const { i18n } = useTranslation();
  const id = useId();
  const index = report.columns.findIndex(({ name }) => name === report.chart);
  const column = report.columns[index];
  const bars = report.rows.slice(0, barsMost).map(({ key, labels, values }) => ({
    key,
    label: labels.join(' · '),
    value: values[index] ?? null,
  }));
  const most = Math.max(0, ...bars.map(({ value }) => value ?? 0));
  if (column === undefined || most === 0) return null;
  const whole = column.unit === 'percent' ? 100 : most;
  return (
    <figure className="report-chart" aria-labelledby={id}>
      <figcaption id={id}>{column.label}</figcaption>
      <ul aria-hidden="true">
        {bars.map(({ key, label, value }) => (
          <li key={key}>
            <span>{label}</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" focusable="false">
              <rect width={((value ?? 0) / whole) * 100} height="10" />
            </svg>
            <span className="number">{figureText(value, column.unit, i18n.language)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
