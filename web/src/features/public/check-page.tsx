import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { documentEndpoints, type CheckedToken } from '#contract/document.ts';
import { Fact } from '../../components/fact.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorNotice, Loading, Notice } from '../../components/states.tsx';
import { call } from '../../lib/api.ts';
import { formatDateTime } from '../../lib/format.ts';
import { statusHelp, statusName } from '../../lib/terms.ts';
import { PublicFrame } from './public-frame.tsx';

type Checked<K extends CheckedToken['kind']> = Extract<CheckedToken, { kind: K }>;

/** Where a printed QR code leads: is this paper genuine, how far is this proposal. Open to everybody; shows nothing of a person. */
export function CheckPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const { token = '' } = useParams();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['token', token, i18n.language],
    queryFn: ({ signal }) => call(documentEndpoints.checkToken, { params: { token } }, { signal }),
    retry: false,
  });
  return (
    <PublicFrame>
      <PageHeader title={t('check.title')} />
      {isPending ? <Loading /> : null}
      {error === null ? null : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data?.kind === 'document' ? <GenuinePaper paper={data} /> : null}
      {data?.kind === 'proposal' ? <ProposalStatus proposal={data} /> : null}
      <p className="small muted">{t('check.help')}</p>
    </PublicFrame>
  );
}

function GenuinePaper({ paper }: { paper: Checked<'document'> }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <>
      <Notice tone="good" title={t('check.genuine')}>
        <p>{t('check.compare')}</p>
      </Notice>
      <dl className="facts">
        <Fact label={t('check.kind')}>{t(`check.kinds.${paper.documentKind}`)}</Fact>
        <Fact label={t('check.number')}>{paper.number}</Fact>
        <Fact label={t('check.region')}>{paper.regionName}</Fact>
        <Fact label={t('check.issuedAt')}>{formatDateTime(paper.issuedAt, i18n.language)}</Fact>
        <Fact label={t('check.hash')}>
          <code className="check-hash">{paper.hash}</code>
        </Fact>
      </dl>
    </>
  );
}

function ProposalStatus({ proposal }: { proposal: Checked<'proposal'> }): ReactNode {
  const { t } = useTranslation();
  const { proposalNumber, regionName, status } = proposal;
  return (
    <>
      {status === null ? null : (
        <Notice tone="info" title={statusName(status)}>
          <p>{statusHelp(status)}</p>
        </Notice>
      )}
      <dl className="facts">
        <Fact label={t('check.proposal')}>{proposalNumber}</Fact>
        <Fact label={t('check.region')}>{regionName}</Fact>
      </dl>
      <Link className="button" to={`/status?${new URLSearchParams({ nomor: proposalNumber }).toString()}`}>
        {t('citizen.more')}
      </Link>
    </>
  );
}
