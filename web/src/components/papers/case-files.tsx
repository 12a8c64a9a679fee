import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fileEndpoints, fileKinds, fileLimits, uploadTypes, type FileKind, type StoredFile } from '#contract/file.ts';
import { call } from '../../lib/api.ts';
import { filesQuery } from '../../lib/case-queries.ts';
import { saveFile } from '../../lib/save-file.ts';
import { assertFit, UnfitFile, Uploads } from '../../lib/uploads.ts';
import { ChoiceField } from '../choice-field.tsx';
import { FileInput } from '../file-input.tsx';
import { SendingFiles } from '../form/sending-files.tsx';
import type { SendingState } from '../form/sent-files.ts';
import { ErrorNotice, Loading } from '../states.tsx';
import { ExactTime } from '../time-text.tsx';
import { useToast } from '../toast.tsx';
import './papers.css';

/** Lists that come back are given to the task that waits for them. */
const chosenByHand = fileKinds.filter((kind) => kind !== 'DAFTAR_HASIL');

/** Photos and documents of a case, and more of them from this device. */
export function CaseFiles({ caseKey }: { caseKey: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="stack" aria-label={t('files.title')}>
      <h3>{t('files.title')}</h3>
      <KeptFiles caseKey={caseKey} />
      <AddFiles caseKey={caseKey} />
    </section>
  );
}

function KeptFiles({ caseKey }: { caseKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(filesQuery(caseKey));
  const download = useMutation({
    mutationFn: ({ fileKey }: StoredFile) => call(fileEndpoints.getFile, { params: { fileKey } }),
    onSuccess: (content, { kind, fileKey, mediaType }) =>
      saveFile(content, `${kind}-${fileKey}.${extensions[mediaType] ?? 'bin'}`, mediaType),
    // The content stays out of every cache.
    gcTime: 0,
  });
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <p className="muted">{t('files.none')}</p>;
  return (
    <>
      {download.isError ? (
        <ErrorNotice error={download.error} onRetry={() => download.mutate(download.variables)} />
      ) : null}
      <ul className="paper-list">
        {data.items.map((file) => (
          <li key={file.fileKey}>
            <div>
              <strong>{t(`files.kinds.${file.kind}`)}</strong>
              <p className="small">
                {file.uploadedBy} · <ExactTime iso={file.uploadedAt} />
              </p>
            </div>
            <button
              type="button"
              className="button"
              aria-disabled={download.isPending}
              aria-label={t('files.downloadNamed', { kind: t(`files.kinds.${file.kind}`), key: file.fileKey })}
              onClick={() => download.mutate(file)}
            >
              {t('papers.download')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};

interface Batch {
  readonly files: readonly File[];
  readonly kind: FileKind;
}
function AddFiles({ caseKey }: { caseKey: string }): ReactNode {
  const { t } = useTranslation();
  const [kind, setKind] = useState<FileKind>('BUKTI_LAIN');
  const { sendAll, sending } = useSending(caseKey);
  return (
    <div className="stack">
      <ChoiceField
        label={t('files.kind')}
        options={chosenByHand.map((known) => [known, t(`files.kinds.${known}`)] as const)}
        value={kind}
        onChange={setKind}
      />
      <FileInput
        label={t('files.add')}
        hint={t('files.addHint', { size: fileLimits.uploadBytes / 1_048_576 })}
        buttonText={t('files.choose')}
        accept={uploadTypes.join(',')}
        multiple
        onFiles={(list) => {
          const files = [...(list ?? [])];
          if (files.length > 0 && !sendAll.isPending) sendAll.mutate({ files, kind });
        }}
      />
      {sending === null ? null : <SendingFiles state={sending} />}
      {sendAll.isError ? (
        <ErrorNotice
          error={sendAll.error}
          // Another file has to be chosen then.
          {...(sendAll.error instanceof UnfitFile ? {} : { onRetry: () => sendAll.mutate(sendAll.variables) })}
        />
      ) : null}
    </div>
  );
}

/** One after the other; trying again goes on with the one that failed. */
function useSending(caseKey: string) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const [uploads] = useState(() => new Uploads(caseKey));
  const [sending, setSending] = useState<SendingState | null>(null);
  const sendAll = useMutation({
    mutationFn: async ({ files, kind }: Batch) => {
      assertFit(files);
      for (const [done, file] of files.entries()) {
        setSending({ done, of: files.length });
        await uploads.send(file, kind);
      }
      return files.length;
    },
    onSuccess: (count) => say(t('files.added', { count })),
    onSettled: () => {
      setSending(null);
      void cache.invalidateQueries({ queryKey: ['case', caseKey, 'files'] });
    },
  });
  return { sendAll, sending };
}
