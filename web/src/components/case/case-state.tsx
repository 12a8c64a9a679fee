import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseHeader } from '#contract/case.ts';

interface CaseStateBadgeProps {
  readonly state: CaseHeader['state'];
  readonly overdue: boolean;
  readonly incident: boolean;
  readonly suspended?: boolean;
}

/** Few states, in words; red only where something is wrong. */
export function CaseStateBadge({ state, overdue, incident, suspended = false }: CaseStateBadgeProps): ReactNode {
  const { t } = useTranslation();
  if (suspended && state === 'ACTIVE') return <span className="badge warn">{t('cases.states.suspended')}</span>;
  if (incident) return <span className="badge bad">{t('cases.states.incident')}</span>;
  if (state === 'ACTIVE' && overdue) return <span className="badge warn">{t('cases.states.overdue')}</span>;
  const tone = { ACTIVE: 'info', COMPLETED: 'good', TERMINATED: 'quiet', ERRORED: 'bad' }[state];
  return <span className={`badge ${tone}`}>{t(`cases.states.${state}`)}</span>;
}
