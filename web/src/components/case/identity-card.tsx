import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { subjectEndpoints, type Subject } from '#contract/subject.ts';
import { TextAreaField } from '../text-area-field.tsx';
import { call } from '../../lib/api.ts';
import { subjectQuery } from '../../lib/case-queries.ts';
import { formatDate } from '../../lib/format.ts';
import { Dialog } from '../dialog.tsx';
import { Fact } from '../fact.tsx';
import { ErrorNotice, Loading } from '../states.tsx';

export interface Revealed {
  readonly nik: string;
  readonly noKk: string;
  readonly hp: string | null;
  readonly ibuKandung: string | null;
}
const shortestReason = 5;

/** The citizen of a case. Numbers are masked; the full ones are shown after a reason, which is kept in the audit trail. */
export function IdentityCard({ subjectKey }: { subjectKey: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error, refetch, isPending } = useQuery(subjectQuery(subjectKey));
  const [asking, setAsking] = useState(false);
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <section className="card" aria-label={t('identity.title')}>
      <header>
        <h2>{t('identity.title')}</h2>
      </header>
      <div className="card-body stack">
        <IdentityFacts subject={data} revealed={revealed} />
        {revealed === null ? (
          <button type="button" className="button" onClick={() => setAsking(true)}>
            {t('identity.reveal')}
          </button>
        ) : (
          <button type="button" className="button" onClick={() => setRevealed(null)}>
            {t('identity.hide')}
          </button>
        )}
      </div>
      {asking ? (
        <RevealDialog
          subjectKey={subjectKey}
          onClose={() => setAsking(false)}
          onRevealed={(next) => {
            setRevealed(next);
            setAsking(false);
          }}
        />
      ) : null}
    </section>
  );
}

function addressOf(subject: Subject, t: TFunction): string {
  const rt = subject.rt === null ? null : t('identity.rt', { value: subject.rt });
  const rw = subject.rw === null ? null : t('identity.rw', { value: subject.rw });
  return [subject.alamat, rt, rw, subject.regionName].filter((part) => part !== null && part !== '').join(', ');
}

function IdentityFacts({ subject, revealed }: { subject: Subject; revealed: Revealed | null }): ReactNode {
  const { t, i18n } = useTranslation();
  const phone = revealed?.hp ?? subject.hpMasked;
  return (
    <dl className="facts">
      <Fact label={t('identity.name')}>
        <strong>{subject.nama}</strong>
      </Fact>
      <Fact label={t('identity.nik')}>
        <span className="number">{revealed?.nik ?? subject.nikMasked}</span>
      </Fact>
      <Fact label={t('identity.familyCard')}>
        <span className="number">{revealed?.noKk ?? subject.noKkMasked}</span>
      </Fact>
      <Fact label={t('identity.born')}>
        {subject.tempatLahir === null ? '' : `${subject.tempatLahir}, `}
        {formatDate(subject.tanggalLahir, i18n.language)}
      </Fact>
      <Fact label={t('identity.sex')}>{t(`identity.sexOf.${subject.jenisKelamin}`)}</Fact>
      <Fact label={t('identity.address')}>{addressOf(subject, t)}</Fact>
      {subject.penanda === null ? null : <Fact label={t('identity.landmark')}>{subject.penanda}</Fact>}
      {phone === null ? null : <Fact label={t('identity.phone')}>{phone}</Fact>}
      {revealed?.ibuKandung ? <Fact label={t('identity.mother')}>{revealed.ibuKandung}</Fact> : null}
    </dl>
  );
}

interface RevealDialogProps {
  readonly subjectKey: string;
  readonly onClose: () => void;
  readonly onRevealed: (revealed: Revealed) => void;
}

/** Asks for the reason that the audit trail keeps. */
export function RevealDialog({ subjectKey, onClose, onRevealed }: RevealDialogProps): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [tooShort, setTooShort] = useState(false);
  const reveal = useMutation({
    mutationFn: () => call(subjectEndpoints.revealSubject, { params: { subjectKey }, body: { reason: reason.trim() } }),
    onSuccess: onRevealed,
    // The full numbers stay out of every cache.
    gcTime: 0,
  });
  function submit(): void {
    const missing = reason.trim().length < shortestReason;
    setTooShort(missing);
    if (!missing) reveal.mutate();
  }
  return (
    <Dialog title={t('identity.revealTitle')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p>{t('identity.revealExplain')}</p>
        {reveal.isError ? <ErrorNotice error={reveal.error} /> : null}
        <TextAreaField
          label={t('identity.reason')}
          hint={t('identity.reasonHint')}
          error={tooShort ? t('identity.reasonTooShort') : undefined}
          maxLength={500}
          value={reason}
          onChange={setReason}
        />
        <div className="button-row">
          <button type="submit" className="button primary" aria-disabled={reveal.isPending}>
            {t('identity.revealSubmit')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
