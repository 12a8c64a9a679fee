import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { subjectEndpoints, type SubjectCopy } from '#contract/subject.ts';
import { ErrorNotice } from '../../components/states.tsx';
import { ExactTime } from '../../components/time-text.tsx';
import { call } from '../../lib/api.ts';
import { subjectCopiesQuery } from '../../lib/case-queries.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAccount } from '../../lib/session.tsx';

/** Process that serves the rights of data subjects. */
export const dataRightsProcessId = 'hak-subjek-data';
const officers = 'pejabat-data';

/** What was put together for the citizen, for the data protection officer to hand out. */
export function SubjectCopies({ subjectKey }: { subjectKey: string }): ReactNode {
  const { t } = useTranslation();
  const isOfficer = useAccount().groups.includes(officers);
  const { data, error } = useQuery({ ...subjectCopiesQuery(subjectKey), enabled: isOfficer });
  const download = useMutation({
    mutationFn: (copy: SubjectCopy) =>
      call(subjectEndpoints.getSubjectCopy, { params: { subjectKey, copyKey: copy.copyKey } }),
    onSuccess: (content, { copyKey }) =>
      saveFile(JSON.stringify(content, null, 2), `salinan-${copyKey}.json`, 'application/json'),
    // The content stays out of every cache.
    gcTime: 0,
  });
  if (!isOfficer) return null;
  return (
    <section className="card" aria-label={t('copies.title')}>
      <header>
        <h2>{t('copies.title')}</h2>
      </header>
      <div className="card-body stack">
        {error === null ? null : <ErrorNotice error={error} />}
        {download.isError ? <ErrorNotice error={download.error} /> : null}
        {data?.items.length === 0 ? <p className="muted">{t('copies.none')}</p> : null}
        {data?.items.map((copy) => (
          <div key={copy.copyKey} className="stack-s">
            <ExactTime iso={copy.createdAt} />
            <code className="small">{copy.sha256.slice(0, 16)}</code>
            <button
              type="button"
              className="button"
              aria-disabled={download.isPending}
              onClick={() => download.mutate(copy)}
            >
              {t('copies.download')}
            </button>
          </div>
        ))}
        <p className="small muted">{t('copies.hint')}</p>
      </div>
    </section>
  );
}
