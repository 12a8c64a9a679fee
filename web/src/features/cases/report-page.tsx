import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { CallInput } from '#contract/client.ts';
import { dataRights, reportEndpoints, reportKinds } from '#contract/report.ts';
import { ChoiceField } from '../../components/choice-field.tsx';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorNotice, Notice } from '../../components/states.tsx';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';

type Body = CallInput<typeof reportEndpoints.reportOnProposal>['body'];
type Kind = (typeof reportKinds)[number];
type Right = (typeof dataRights)[number];
const shortestReason = 5;

interface Draft {
  readonly kind: Kind;
  readonly date: string;
  readonly right: Right;
  readonly reason: string;
}
const empty: Draft = { kind: 'WITHDRAWAL', date: '', right: 'AKSES', reason: '' };
const isDated = (kind: Kind): kind is 'DEATH' | 'MOVE' => kind === 'DEATH' || kind === 'MOVE';

function bodyOf({ kind, date, right, reason }: Draft): Body {
  const told = { reason: reason.trim() };
  if (isDated(kind)) return { ...told, kind, date };
  return kind === 'DATA_REQUEST' ? { ...told, kind, right } : { ...told, kind };
}

/** What an officer tells of a proposal for the citizen: a withdrawal, a death, a move, a request about data. */
export function ReportPage(): ReactNode {
  const { t } = useTranslation();
  const { proposalNumber = '' } = useParams();
  const [draft, setDraft] = useState(empty);
  const [checked, setChecked] = useState(false);
  const send = useReport(proposalNumber);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const reasonMissing = draft.reason.trim().length < shortestReason;
  const dateMissing = isDated(draft.kind) && draft.date === '';
  if (send.data !== undefined) return <Reported caseKey={send.data.processInstanceKey} number={proposalNumber} />;
  return (
    <>
      <PageHeader title={t('report.title', { number: proposalNumber })} lead={t('report.lead')} />
      <form
        className="card start-form"
        aria-label={t('report.link')}
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (!reasonMissing && !dateMissing && !send.isPending) send.mutate(bodyOf(draft));
        }}
      >
        <div className="card-body stack">
          {send.isError ? <ErrorNotice error={send.error} /> : null}
          <ChoiceField
            label={t('report.kind')}
            options={reportKinds.map((kind) => [kind, t(`report.kinds.${kind}`)])}
            value={draft.kind}
            onChange={(kind) => change({ kind })}
          />
          {draft.kind === 'DATA_REQUEST' ? (
            <ChoiceField
              label={t('report.right')}
              options={dataRights.map((right) => [right, t(`report.rights.${right}`)])}
              value={draft.right}
              onChange={(right) => change({ right })}
            />
          ) : null}
          {isDated(draft.kind) ? (
            <Field label={t('report.date')} error={checked && dateMissing ? t('report.dateMissing') : undefined}>
              {({ id, describedBy, invalid }) => (
                <input
                  id={id}
                  type="date"
                  className="input"
                  aria-describedby={describedBy}
                  aria-invalid={invalid}
                  value={draft.date}
                  onChange={(event) => change({ date: event.target.value })}
                />
              )}
            </Field>
          ) : null}
          <TextAreaField
            label={t('report.reason')}
            hint={t('report.reasonHint')}
            error={checked && reasonMissing ? t('report.reasonMissing') : undefined}
            maxLength={500}
            value={draft.reason}
            onChange={(reason) => change({ reason })}
          />
          <div className="button-row">
            <button type="submit" className="button primary" aria-disabled={send.isPending}>
              {send.isPending ? t('common.sending') : t('report.submit')}
            </button>
          </div>
        </div>
      </form>
    </>
  );
}

function Reported({ caseKey, number }: { caseKey: string; number: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <Notice tone="good" title={t('report.sent', { number })}>
      <p>{t('report.sentHint')}</p>
      <div className="button-row">
        <Link className="button primary" to={`/cases/${caseKey}`}>
          {t('tasks.seeCase')}
        </Link>
      </div>
    </Notice>
  );
}

function useReport(proposalNumber: string) {
  const cache = useQueryClient();
  /** The same report sent again after a lost answer is the same intention. */
  const intention = useRef({ text: '', key: '' });
  return useMutation({
    mutationFn: (body: Body) => {
      const text = JSON.stringify(body);
      if (intention.current.text !== text) intention.current = { text, key: newIdempotencyKey() };
      return call(
        reportEndpoints.reportOnProposal,
        { params: { proposalNumber }, body },
        { idempotencyKey: intention.current.key },
      );
    },
    onSuccess: () => {
      for (const topic of ['case', 'cases', 'tasks', 'statistics']) void cache.invalidateQueries({ queryKey: [topic] });
    },
  });
}
