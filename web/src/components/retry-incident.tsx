import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { incidentEndpoints } from '#contract/incident.ts';
import { call } from '../lib/api.ts';
import { problemText } from '../lib/problem-text.ts';
import { useToast } from './toast.tsx';

interface RetryIncidentProps {
  readonly incidentKey: string;
  /** Names the case for screen readers: several of these buttons stand in one list. */
  readonly caseName: string;
}

export function RetryIncident({ incidentKey, caseName }: RetryIncidentProps): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const retry = useMutation({
    mutationFn: () =>
      call(incidentEndpoints.resolveIncident, { params: { incidentKey }, body: { reason: t('incident.retryReason') } }),
    onSuccess: () => say(t('incident.retried', { name: caseName })),
    onError: (error) => say(problemText(error, t).title),
    onSettled: () => {
      for (const topic of ['case', 'cases', 'incidents', 'statistics'])
        void cache.invalidateQueries({ queryKey: [topic] });
    },
  });
  return (
    <button type="button" className="button" disabled={retry.isPending} onClick={() => retry.mutate()}>
      {retry.isPending ? t('common.sending') : t('incident.retry')}
      <span className="visually-hidden"> {caseName}</span>
    </button>
  );
}
