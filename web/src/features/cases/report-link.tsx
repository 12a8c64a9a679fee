import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { CaseHeader } from '#contract/case.ts';

/** Cases about which something can be told: those of proposals, known by their number. */
export const proposalProcessId = 'usulan-dtks';

export function ReportLink({ header }: { header: CaseHeader }): ReactNode {
  const { t } = useTranslation();
  if (header.processDefinitionId !== proposalProcessId || header.businessKey === null) return null;
  return (
    <Link className="button" to={`/proposals/${header.businessKey}/report`}>
      {t('report.link')}
    </Link>
  );
}
