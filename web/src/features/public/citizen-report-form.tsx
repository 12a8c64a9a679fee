import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallInput } from '#contract/client.ts';
import { citizenEndpoints, citizenReportKinds, objectionGrounds, objectionTargets } from '#contract/citizen.ts';
import { dataRights } from '#contract/report.ts';
import { ChoiceField } from '../../components/choice-field.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorNotice, Notice } from '../../components/states.tsx';
import { TextAreaField } from '../../components/text-area-field.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';

type Report = CallInput<typeof citizenEndpoints.reportByCitizen>['body']['report'];
type Kind = (typeof citizenReportKinds)[number];

interface Draft {
  readonly kind: Kind;
  readonly against: (typeof objectionTargets)[number];
  readonly ground: (typeof objectionGrounds)[number];
  readonly right: (typeof dataRights)[number];
  readonly date: string;
  readonly words: string;
}
const empty: Draft = {
  kind: 'OBJECTION',
  against: 'PENOLAKAN',
  ground: 'SALAH_TOLAK',
  right: 'AKSES',
  date: '',
  words: '',
};
/** As the contract wants them. */
const shortest = { OBJECTION: 30, DATA_REQUEST: 5, DEATH: 5, MOVE: 5 } as const satisfies Record<Kind, number>;
const isDated = (kind: Kind): boolean => kind === 'DEATH' || kind === 'MOVE';

function reportOf({ kind, against, ground, right, date, words }: Draft): Report {
  const reason = words.trim();
  switch (kind) {
    case 'OBJECTION':
      return { kind, against, ground, statement: reason };
    case 'DATA_REQUEST':
      return { kind, right, reason };
    case 'DEATH':
    case 'MOVE':
      return { kind, date, reason };
  }
}

interface CitizenReportFormProps {
  readonly claim: { readonly proposalNumber: string; readonly code: string };
}

/** What a citizen tells or asks of his proposal. */
export function CitizenReportForm({ claim }: CitizenReportFormProps): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(empty);
  const [checked, setChecked] = useState(false);
  const send = useSending(claim);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const least = shortest[draft.kind];
  const wordsMissing = draft.words.trim().length < least;
  const dateMissing = isDated(draft.kind) && draft.date === '';
  if (send.data !== undefined)
    return (
      <Notice tone="good" title={t('citizen.sent')}>
        <p>{t('citizen.sentHint', { reference: send.data.reference })}</p>
      </Notice>
    );
  return (
    <details className="citizen-report">
      <summary>{t('citizen.tell')}</summary>
      <form
        className="stack"
        aria-label={t('citizen.tell')}
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (!wordsMissing && !dateMissing && !send.isPending) send.mutate(reportOf(draft));
        }}
      >
        {send.isError ? <ErrorNotice error={send.error} /> : null}
        <ChoiceField
          label={t('citizen.kind')}
          options={citizenReportKinds.map((kind) => [kind, t(`citizen.kinds.${kind}`)])}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
        />
        <Particulars draft={draft} onChange={change} />
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
          hint={t('citizen.wordsHint', { least })}
          error={checked && wordsMissing ? t('citizen.wordsMissing', { least }) : undefined}
          maxLength={draft.kind === 'OBJECTION' ? 2_000 : 500}
          value={draft.words}
          onChange={(words) => change({ words })}
        />
        <div className="button-row">
          <button type="submit" className="button primary" aria-disabled={send.isPending}>
            {send.isPending ? t('common.sending') : t('citizen.send')}
          </button>
        </div>
      </form>
    </details>
  );
}

interface ParticularsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}
function Particulars({ draft, onChange }: ParticularsProps): ReactNode {
  const { t } = useTranslation();
  if (draft.kind === 'DATA_REQUEST')
    return (
      <ChoiceField
        label={t('report.right')}
        options={dataRights.map((right) => [right, t(`report.rights.${right}`)])}
        value={draft.right}
        onChange={(right) => onChange({ right })}
      />
    );
  if (draft.kind !== 'OBJECTION') return null;
  return (
    <>
      <p className="small">{t('citizen.objectionHint')}</p>
      <ChoiceField
        label={t('citizen.against')}
        options={objectionTargets.map((target) => [target, t(`citizen.targets.${target}`)])}
        value={draft.against}
        onChange={(against) => onChange({ against })}
      />
      <ChoiceField
        label={t('citizen.ground')}
        options={objectionGrounds.map((ground) => [ground, t(`citizen.grounds.${ground}`)])}
        value={draft.ground}
        onChange={(ground) => onChange({ ground })}
      />
    </>
  );
}

function useSending({ proposalNumber, code }: CitizenReportFormProps['claim']) {
  /** The same report sent again after a lost answer is the same intention. */
  const intention = useRef({ text: '', key: '' });
  return useMutation({
    mutationFn: (report: Report) => {
      const text = JSON.stringify(report);
      if (intention.current.text !== text) intention.current = { text, key: newIdempotencyKey() };
      return call(
        citizenEndpoints.reportByCitizen,
        { body: { proposalNumber, code, report } },
        { idempotencyKey: intention.current.key },
      );
    },
    gcTime: 0,
  });
}
