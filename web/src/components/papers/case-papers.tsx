import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentEndpoints } from '#contract/document.ts';
import { call } from '../../lib/api.ts';
import { papersQuery, variablesQuery } from '../../lib/case-queries.ts';
import { saveFile } from '../../lib/save-file.ts';
import { hasRole, useAccount } from '../../lib/session.tsx';
import { zoneOfRegion } from '../../lib/zone.ts';
import { ErrorNotice, Loading } from '../states.tsx';
import { ExactTime } from '../time-text.tsx';
import { IssuePaper } from './issue-paper.tsx';
import { kindsFor, type AskedKind, type PaperDraft, type PaperKind } from './paper-order.ts';
import './papers.css';

interface CasePapersProps {
  readonly caseKey: string;
  readonly processDefinitionId: string;
  readonly region: string;
}

/** Papers of a case: what was issued, to be taken home, and what can be issued. */
export function CasePapers({ caseKey, processDefinitionId, region }: CasePapersProps): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const [asked, setAsked] = useState<AskedKind | null>(null);
  const variables = useQuery(variablesQuery(caseKey));
  const kinds = kindsFor(processDefinitionId, hasRole(account, 'supervisor', 'administrator'));
  const place = { caseKey, region, offset: zoneOfRegion(region).offset };
  return (
    <section className="stack" aria-label={t('papers.title')}>
      <h3>{t('papers.title')}</h3>
      <IssuedPapers caseKey={caseKey} />
      {kinds.length === 0 ? null : (
        <div className="button-row">
          {kinds.map((kind) => (
            <button key={kind} type="button" className="button" onClick={() => setAsked(kind)}>
              {t('papers.issueKind', { kind: t(`check.kinds.${kind}`) })}
            </button>
          ))}
        </div>
      )}
      {asked === null ? null : (
        <IssuePaper
          kind={asked}
          place={place}
          known={periodIn(variables.data?.items ?? [])}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}
/** The period of a batch case, as a draft that has it. */
function periodIn(variables: readonly { readonly name: string; readonly value: string }[]): PaperDraft {
  const period: unknown = JSON.parse(variables.find(({ name }) => name === 'periode')?.value ?? 'null');
  return typeof period === 'string' ? { period } : {};
}

interface Paper {
  readonly documentKey: string;
  readonly kind: PaperKind;
  readonly number: string;
}
function IssuedPapers({ caseKey }: { caseKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(papersQuery(caseKey));
  const download = useMutation({
    mutationFn: ({ documentKey }: Paper) => call(documentEndpoints.getDocument, { params: { documentKey } }),
    onSuccess: (content, { kind, documentKey }) => saveFile(content, `${kind}-${documentKey}.pdf`, 'application/pdf'),
    // The content stays out of every cache.
    gcTime: 0,
  });
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <p className="muted">{t('papers.none')}</p>;
  return (
    <>
      {download.isError ? (
        <ErrorNotice error={download.error} onRetry={() => download.mutate(download.variables)} />
      ) : null}
      <ul className="paper-list">
        {data.items.map((paper) => (
          <li key={paper.documentKey}>
            <div>
              <strong>{t(`check.kinds.${paper.kind}`)}</strong>
              <p className="small">
                {paper.number} · <ExactTime iso={paper.issuedAt} />
              </p>
            </div>
            <button
              type="button"
              className="button"
              aria-disabled={download.isPending}
              aria-label={t('papers.downloadNamed', { number: paper.number })}
              onClick={() => download.mutate(paper)}
            >
              {t('papers.download')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
