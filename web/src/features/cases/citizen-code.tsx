import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseHeader } from '#contract/case.ts';
import { citizenEndpoints } from '#contract/citizen.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Fact } from '../../components/fact.tsx';
import { ErrorNotice, Loading } from '../../components/states.tsx';
import { call } from '../../lib/api.ts';
import { proposalProcessId } from './report-link.tsx';

/** The code with which the citizen follows the proposal, to be written down for him. */
export function CitizenCode({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const issue = useMutation({
    mutationFn: (proposalNumber: string) => call(citizenEndpoints.issueCitizenCode, { params: { proposalNumber } }),
    gcTime: 0,
  });
  const { businessKey: number } = header;
  if (header.processDefinitionId !== proposalProcessId || number === null) return null;
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => {
          setOpen(true);
          issue.mutate(number);
        }}
      >
        {t('citizen.code')}
      </button>
      {open ? (
        <Dialog title={t('citizen.code')} onClose={() => setOpen(false)}>
          <div className="stack">
            <p>{t('citizen.codeHint')}</p>
            {issue.isPending ? <Loading /> : null}
            {issue.isError ? <ErrorNotice error={issue.error} /> : null}
            {issue.data === undefined ? null : (
              <dl className="facts">
                <Fact label={t('check.proposal')}>{number}</Fact>
                <Fact label={t('citizen.fields.code')}>
                  <strong className="number">{issue.data.code}</strong>
                </Fact>
                <Fact label={t('citizen.address')}>{issue.data.url}</Fact>
              </dl>
            )}
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
