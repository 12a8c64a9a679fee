import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { z } from 'zod';
import { historyEndpoints } from '#contract/history.ts';
import { migrationEndpoints } from '#contract/migration.ts';
import { ErrorNotice, Notice } from '../../components/states.tsx';
import { call } from '../../lib/api.ts';
import { elementName, endName, processName } from '../../lib/terms.ts';
import { DecisionChanges } from './decision-changes.tsx';
import { withDependents } from './definition-queries.ts';
import { ImpactView } from './impact-view.tsx';

type Regression = z.infer<(typeof historyEndpoints.checkRegression)['ok']>['items'][number];

/** Finished cases that are run again. */
const regressionCases = 200;

/** What the files would mean, before they are published: for the cases that run, and for those that have ended. */
export function CandidateView({ body }: { body: () => FormData }): ReactNode {
  const { t } = useTranslation();
  const impact = useMutation({
    mutationFn: async () => {
      const { impacts } = await call(migrationEndpoints.checkImpact, { query: withDependents }, { rawBody: body() });
      const { items: decisions } = await call(historyEndpoints.checkDecisions, { query: {} }, { rawBody: body() });
      return { impacts, decisions };
    },
  });
  const regression = useMutation({
    mutationFn: () =>
      call(
        historyEndpoints.checkRegression,
        { query: { ...withDependents, cases: regressionCases } },
        { rawBody: body() },
      ),
  });
  return (
    <section className="card" aria-label={t('candidate.title')}>
      <header>
        <h2>{t('candidate.title')}</h2>
      </header>
      <div className="card-body stack">
        <p>{t('candidate.explain')}</p>
        <div className="button-row">
          <button type="button" className="button" disabled={impact.isPending} onClick={() => impact.mutate()}>
            {impact.isPending ? t('candidate.working') : t('candidate.impact')}
          </button>
          <button type="button" className="button" disabled={regression.isPending} onClick={() => regression.mutate()}>
            {regression.isPending ? t('candidate.working') : t('candidate.regression', { count: regressionCases })}
          </button>
        </div>
        <div className="stack" aria-live="polite">
          {impact.isError ? <ErrorNotice error={impact.error} onRetry={() => impact.mutate()} /> : null}
          {impact.data?.decisions.map((one) => (
            <DecisionChanges key={one.decisionDefinitionId} result={one} />
          ))}
          {impact.data?.impacts.map((one) => (
            <div key={one.sourceProcessDefinitionKey} className="stack">
              <h3>
                {t('candidate.impactOf', {
                  name: processName(one.processDefinitionId, null),
                  version: one.sourceVersion,
                })}
              </h3>
              <p>{t('candidate.stays')}</p>
              <ImpactView impact={one} />
            </div>
          ))}
          {impact.data?.impacts.length === 0 ? <Notice tone="good" title={t('candidate.nothingRuns')} /> : null}
          {regression.isError ? <ErrorNotice error={regression.error} onRetry={() => regression.mutate()} /> : null}
          {regression.data?.items.map((one) => (
            <Finished key={one.processDefinitionId} result={one} />
          ))}
        </div>
      </div>
    </section>
  );
}

function Finished({ result }: { result: Regression }): ReactNode {
  const { t } = useTranslation();
  const { processDefinitionId: id, cases, compared, same, different, open, refused, notComparable } = result;
  const counts = { compared, same, different, open, refused, notComparable };
  const step = (elementId: string): string => elementName(id, elementId, null);
  return (
    <div className="stack">
      <h3>{t('candidate.regressionOf', { name: processName(id, null) })}</h3>
      <p>{t('candidate.finished', counts)}</p>
      {cases.length === 0 ? null : (
        <ul className="published">
          {cases.map(({ processInstanceKey: key, businessId, kind, after, waitsAt, elementId, fields, parting }) => (
            <li key={key}>
              <Link to={`/cases/${key}`}>{businessId ?? key}</Link>:{' '}
              {t(`candidate.kind.${kind}`, {
                ends: (after?.endElements ?? []).map(endName).join(', '),
                waits: (waitsAt ?? []).map(step).join(', '),
                step: step(elementId ?? ''),
                fields: (fields ?? []).join(', '),
              })}
              {parting ? (
                <span className="small muted">
                  {' '}
                  {t('candidate.parting', {
                    number: parting.factNumber ?? '–',
                    recorded: parting.recorded ?? '–',
                    candidate: parting.candidate ?? '–',
                  })}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
