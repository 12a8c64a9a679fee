import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Participation } from '#contract/person.ts';
import { Notice } from '../../components/states.tsx';
import { formatRupiah } from '../../lib/format.ts';
import { overlapReason, programName } from '../../lib/terms.ts';
import { periodName } from '../../lib/period-name.ts';

const tones = { RESERVED: 'info', PAID: 'good', RETURNED: 'warn', CANCELLED: 'quiet' } as const;

/** Help out of all funds, and what may not be held together. */
export function LedgerTable({ items }: { items: readonly Participation[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const columns = ['programme', 'period', 'source', 'state', 'amount', 'place'] as const;
  return (
    <>
      <OverlapNotice items={items} />
      <div className="table-wrap">
        <table className="table cards">
          <caption className="visually-hidden">{t('register.ledger')}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className={column === 'amount' ? 'numeric' : undefined}>
                  {t(`register.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((entry) => (
              <tr key={entry.participationKey}>
                <th scope="row">
                  <span>
                    {programName(entry.programme)}
                    {entry.isOwn ? null : <span className="small muted ledger-kin">{t('register.ofFamily')}</span>}
                  </span>
                </th>
                <td data-label={t('register.columns.period')}>{periodName(entry.period, i18n.language, t)}</td>
                <td data-label={t('register.columns.source')}>{t(`register.sources.${entry.source}`)}</td>
                <td data-label={t('register.columns.state')}>
                  <span className={`badge ${tones[entry.state]}`}>{t(`register.states.${entry.state}`)}</span>
                </td>
                <td className="numeric" data-label={t('register.columns.amount')}>
                  {entry.amount === null ? t('register.amountHidden') : formatRupiah(entry.amount, i18n.language)}
                </td>
                <td data-label={t('register.columns.place')}>{entry.regionName ?? entry.region}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface Meeting {
  readonly first: Participation;
  readonly second: Participation;
  readonly reasons: readonly string[];
}
/** Each pair once. */
function meetingsIn(items: readonly Participation[]): readonly Meeting[] {
  const places = new Map(items.map((entry, place) => [entry.participationKey, place]));
  return items.flatMap((first, place) =>
    (first.overlaps ?? []).flatMap(({ participationKey, reasons }) => {
      const other = places.get(participationKey);
      const second = other === undefined || other < place ? undefined : items[other];
      return second === undefined ? [] : [{ first, second, reasons }];
    }),
  );
}

function OverlapNotice({ items }: { items: readonly Participation[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const meetings = meetingsIn(items);
  if (meetings.length === 0) return null;
  const forbidden = meetings.filter(({ reasons }) => reasons.length > 0);
  const nameOf = ({ programme, period }: Participation): string =>
    `${programName(programme)} (${periodName(period, i18n.language, t)})`;
  return (
    <Notice
      tone={forbidden.length > 0 ? 'warn' : 'info'}
      title={t(forbidden.length > 0 ? 'register.overlapForbidden' : 'register.overlapAllowed')}
    >
      <ul className="overlaps">
        {meetings.map(({ first, second, reasons }) => (
          <li key={`${first.participationKey} ${second.participationKey}`}>
            {t('register.pair', { first: nameOf(first), second: nameOf(second) })}{' '}
            <strong>
              {reasons.length > 0 ? reasons.map(overlapReason).join('; ') : t('register.mayBeHeldTogether')}
            </strong>
          </li>
        ))}
      </ul>
      <p className="small">{t('register.overlapHint')}</p>
    </Notice>
  );
}
