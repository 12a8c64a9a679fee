import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PeriodReport } from '#contract/period-report.ts';
import { figureText } from './figure-text.ts';
import { figureAddress, reportAddress, type ReportChoice } from './report-queries.ts';

type Row = PeriodReport['rows'][number];
interface Props {
  readonly report: PeriodReport;
  readonly choice: ReportChoice;
}

/** Every figure leads to the cases behind it, every area to its own report. */
export function ReportTable({ report, choice }: Props): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="table-wrap">
      <table className="table cards report-table">
        <caption className="visually-hidden">{report.title}</caption>
        <thead>
          <tr>
            {report.dimensions.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
            {report.columns.map(({ name, label }) => (
              <th key={name} scope="col" className="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <tr key={row.key}>
              <Dimensions row={row} report={report} choice={choice} />
              <Figures row={row.key} values={row.values} report={report} choice={choice} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={report.dimensions.length}>
              {t('reports.total')}
            </th>
            <Figures row={null} values={report.total} report={report} choice={choice} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Dimensions({ row, report, choice }: Props & { readonly row: Row }): ReactNode {
  const [area] = row.key.split('~');
  const isArea = choice.by === 'area' && area !== choice.region;
  return row.labels.map((label, index) => {
    const head = report.dimensions[index];
    if (index > 0)
      return (
        <td key={head?.name} data-label={head?.label}>
          {label}
        </td>
      );
    return (
      <th key={head?.name} scope="row">
        {isArea && area !== undefined ? <Link to={reportAddress({ ...choice, region: area })}>{label}</Link> : label}
      </th>
    );
  });
}

function Figures({
  row,
  values,
  report,
  choice,
}: Props & { readonly row: string | null; readonly values: Row['values'] }): ReactNode {
  const { i18n } = useTranslation();
  return report.columns.map(({ name, label, unit }, index) => {
    const value = values[index] ?? null;
    const text = figureText(value, unit, i18n.language);
    return (
      <td key={name} data-label={label} className="number">
        {value === null || value === 0 ? (
          <span className="muted">{text}</span>
        ) : (
          <Link to={figureAddress(choice, { row, column: name })}>{text}</Link>
        )}
      </td>
    );
  });
}
