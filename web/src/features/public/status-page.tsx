import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { citizenEndpoints, publicSteps, type CitizenStatus } from '#contract/citizen.ts';
import { Fact } from '../../components/fact.tsx';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorNotice, Notice } from '../../components/states.tsx';
import { call } from '../../lib/api.ts';
import { formatDate } from '../../lib/format.ts';
import { endName, groupNames, statusHelp, statusName } from '../../lib/terms.ts';
import { CitizenReportForm } from './citizen-report-form.tsx';
import { PublicFrame } from './public-frame.tsx';

export interface Claim {
  readonly proposalNumber: string;
  readonly code: string;
}

/** For citizens: number and code show where the proposal stands and what to do. The code goes into no address. */
export function StatusPage(): ReactNode {
  const { t } = useTranslation();
  const look = useMutation({
    mutationFn: (body: Claim) => call(citizenEndpoints.showStatusToCitizen, { body }),
    gcTime: 0,
  });
  return (
    <PublicFrame>
      <PageHeader title={t('citizen.title')} lead={t('citizen.lead')} />
      {look.data === undefined ? (
        <ClaimForm busy={look.isPending} error={look.error} onSubmit={(claim) => look.mutate(claim)} />
      ) : (
        <>
          <Standing status={look.data} />
          <CitizenReportForm claim={look.variables} />
          <button type="button" className="button" onClick={() => look.reset()}>
            {t('citizen.another')}
          </button>
        </>
      )}
      <p className="small muted">{t('citizen.privacy')}</p>
    </PublicFrame>
  );
}

interface ClaimFormProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (claim: Claim) => void;
}
function ClaimForm({ busy, error, onSubmit }: ClaimFormProps): ReactNode {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const [claim, setClaim] = useState<Claim>({ proposalNumber: search.get('nomor') ?? '', code: '' });
  const [checked, setChecked] = useState(false);
  const field = (name: keyof Claim): ReactNode => (
    <Field
      label={t(`citizen.fields.${name}`)}
      hint={t(`citizen.hints.${name}`)}
      error={checked && claim[name].trim() === '' ? t('citizen.missing') : undefined}
    >
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          className="input"
          autoComplete="off"
          autoCapitalize="characters"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          value={claim[name]}
          onChange={(event) => setClaim({ ...claim, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <form
      className="stack"
      aria-label={t('citizen.title')}
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        const isComplete = claim.proposalNumber.trim() !== '' && claim.code.trim() !== '';
        if (isComplete && !busy) onSubmit(claim);
      }}
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {field('proposalNumber')}
      {field('code')}
      <div className="button-row">
        <button type="submit" className="button primary" aria-disabled={busy}>
          {busy ? t('common.sending') : t('citizen.look')}
        </button>
      </div>
    </form>
  );
}

const badStatuses: readonly string[] = ['perlu-perbaikan', 'ditunda', 'ditolak'];

function Standing({ status }: { status: CitizenStatus }): ReactNode {
  const { t, i18n } = useTranslation();
  const now = status.status ?? publicSteps[0];
  const endings = status.endElements.map(endName).join(', ');
  return (
    <>
      <Notice
        tone={badStatuses.includes(now) ? 'warn' : 'info'}
        title={endings === '' ? statusName(now) : t('citizen.ended', { end: endings })}
      >
        <p>{statusHelp(now)}</p>
        <p>
          <strong>{t(`citizen.todo.${now}`, { defaultValue: t('citizen.todo.lain') })}</strong>
        </p>
        <NextActor next={status.next} />
      </Notice>
      <dl className="facts">
        <Fact label={t('citizen.name')}>{status.nameMasked ?? t('citizen.nameless')}</Fact>
        <Fact label={t('check.proposal')}>{status.proposalNumber}</Fact>
        <Fact label={t('check.region')}>{status.regionName}</Fact>
        <Fact label={t('citizen.submitted')}>{formatDate(status.submittedAt, i18n.language)}</Fact>
      </dl>
      <h2>{t('citizen.steps')}</h2>
      <ol className="citizen-steps">
        {publicSteps.map((step, number) => (
          <li
            key={step}
            data-number={number + 1}
            className={number < status.step ? 'done' : undefined}
            aria-current={number === status.step ? 'step' : undefined}
          >
            {statusName(step)}
          </li>
        ))}
      </ol>
    </>
  );
}

function NextActor({ next }: { next: CitizenStatus['next'] }): ReactNode {
  const { t, i18n } = useTranslation();
  if (next === null) return null;
  const who = next.groups.length > 0 ? groupNames(next.groups) : t(`citizen.waiting.${next.kind}`);
  return (
    <p className="small">
      {next.until === null
        ? t('citizen.next', { who })
        : t('citizen.nextUntil', { who, until: formatDate(next.until, i18n.language) })}
    </p>
  );
}
