import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { comparedFields, type ComparedPerson, type Comparison } from '#contract/comparison.ts';
import { comparisonQuery } from '../../lib/case-queries.ts';
import { formatDate } from '../../lib/format.ts';
import { ErrorNotice, Loading } from '../states.tsx';
import { RevealDialog, type Revealed } from './identity-card.tsx';
import './case.css';

/** Process whose cases compare two people. */
export const mergeProcessId = 'gabung-duplikat';

type FieldName = (typeof comparedFields)[number];
type Side = 'PERTAMA' | 'KEDUA';
const sides = [
  { side: 'PERTAMA', of: ({ first }: Comparison) => first },
  { side: 'KEDUA', of: ({ second }: Comparison) => second },
] as const;

/** Two people in two columns: what differs is marked, and what has been chosen; numbers are masked until somebody gives a reason. */
export function PersonComparison({ caseKey }: { caseKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(comparisonQuery(caseKey));
  const [revealed, setRevealed] = useState<Readonly<Partial<Record<Side, Revealed>>>>({});
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <section className="card" aria-label={t('comparison.title')}>
      <header>
        <h2>{t('comparison.title')}</h2>
        {data.score === null ? null : (
          <span className="badge">{t('comparison.score', { percent: Math.round(data.score * 100) })}</span>
        )}
      </header>
      <div className="card-body stack">
        <p>{t('comparison.explain', { count: data.different.length })}</p>
        <table className="comparison">
          <thead>
            <tr>
              <th scope="col">{t('comparison.field')}</th>
              {sides.map(({ side, of }) => (
                <th key={side} scope="col">
                  <PersonHead
                    side={side}
                    person={of(data)}
                    stays={data.choice?.survivor === side}
                    onRevealed={
                      revealed[side] === undefined ? (now) => setRevealed({ ...revealed, [side]: now }) : null
                    }
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {comparedFields.map((field) => (
              <ComparedRow key={field} field={field} comparison={data} revealed={revealed} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface PersonHeadProps {
  readonly side: Side;
  readonly person: ComparedPerson;
  readonly stays: boolean;
  /** null: shown already. */
  readonly onRevealed: ((revealed: Revealed) => void) | null;
}

function PersonHead({ side, person, stays, onRevealed }: PersonHeadProps): ReactNode {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const name = t(`comparison.sides.${side}`);
  return (
    <div className="stack-s">
      <span>{name}</span>
      {stays ? <span className="badge good">{t('comparison.stays')}</span> : null}
      <span className="small muted number">{person.proposalNumber}</span>
      <span className="small muted">{person.regionName}</span>
      {person.revealable && onRevealed !== null ? (
        <button
          type="button"
          className="button"
          aria-label={t('comparison.revealOf', { name })}
          onClick={() => setAsking(true)}
        >
          {t('comparison.reveal')}
        </button>
      ) : null}
      {person.revealable ? null : <span className="small muted">{t('comparison.notRevealable')}</span>}
      {asking && onRevealed !== null ? (
        <RevealDialog
          subjectKey={person.subjectKey}
          onClose={() => setAsking(false)}
          onRevealed={(now) => {
            setAsking(false);
            onRevealed(now);
          }}
        />
      ) : null}
    </div>
  );
}

interface ComparedRowProps {
  readonly field: FieldName;
  readonly comparison: Comparison;
  readonly revealed: Readonly<Partial<Record<Side, Revealed>>>;
}

function ComparedRow({ field, comparison, revealed }: ComparedRowProps): ReactNode {
  const { t, i18n } = useTranslation();
  const differs = comparison.different.includes(field);
  const chosen = comparison.choice?.fields[field];
  return (
    <tr className={differs ? 'differs' : undefined}>
      <th scope="row">
        {t(`comparison.fields.${field}`)}{' '}
        <span className={`badge ${differs ? 'warn' : ''}`}>
          {t(differs ? 'comparison.differs' : 'comparison.same')}
        </span>
      </th>
      {sides.map(({ side, of }) => (
        <td key={side}>
          {shownValue(field, of(comparison), revealed[side], { t, language: i18n.language }) ?? t('values.none')}
          {chosen === side ? <span className="badge good">{t('comparison.chosen')}</span> : null}
        </td>
      ))}
    </tr>
  );
}

function shownValue(
  field: FieldName,
  person: ComparedPerson,
  revealed: Revealed | undefined,
  { t, language }: { t: TFunction; language: string },
): string | null {
  const value = person.values[field];
  switch (field) {
    case 'nik':
    case 'noKk':
    case 'hp':
    case 'ibuKandung':
      return revealed?.[field] ?? value;
    case 'tanggalLahir':
      return value === null ? null : formatDate(value, language);
    case 'jenisKelamin':
      return value === null ? null : t(`identity.sexOf.${value}`);
    default:
      return value;
  }
}
