import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentEndpoints, type DocumentOrder } from '#contract/document.ts';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { fieldErrors } from '../../lib/problem-text.ts';
import { programCodes, programName } from '../../lib/terms.ts';
import { Dialog } from '../dialog.tsx';
import { Field } from '../field.tsx';
import { ErrorNotice } from '../states.tsx';
import { TextAreaField } from '../text-area-field.tsx';
import { useToast } from '../toast.tsx';
import {
  orderOf,
  paperFields,
  type AskedKind,
  type PaperDraft,
  type PaperField,
  type PaperPlace,
} from './paper-order.ts';

interface IssuePaperProps {
  readonly kind: AskedKind;
  readonly place: PaperPlace;
  /** What the case knows already. */
  readonly known: PaperDraft;
  readonly onClose: () => void;
}

/** Asks what only people know of a paper; the rest is drawn up from the case. */
export function IssuePaper({ kind, place, known, onClose }: IssuePaperProps): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<PaperDraft>(known);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const issue = useIssue(place.caseKey, onClose);
  const told = fieldErrors(issue.error);
  const form = useRef<HTMLFormElement>(null);
  // What is wrong may be far above the button.
  useEffect(() => {
    if (wrong.size > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [wrong]);
  function submit(): void {
    const made = orderOf(kind, draft, place);
    setWrong('wrong' in made ? made.wrong : new Set());
    if ('order' in made) issue.mutate(made.order);
  }
  return (
    <Dialog title={t('papers.issueTitle', { kind: t(`check.kinds.${kind}`) })} onClose={onClose}>
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!issue.isPending) submit();
        }}
      >
        <p className="small muted">{t('papers.issueHint')}</p>
        {issue.isError && told.size === 0 ? <ErrorNotice error={issue.error} /> : null}
        {paperFields[kind].map((field) => (
          <PaperInput
            key={field.name}
            field={field}
            value={draft[field.name] ?? ''}
            error={wrong.has(field.name) ? t('papers.wrong') : told.get(field.name)}
            onChange={(value) => setDraft({ ...draft, [field.name]: value })}
          />
        ))}
        <div className="button-row">
          <button type="submit" className="button primary" aria-disabled={issue.isPending}>
            {issue.isPending ? t('papers.issuing') : t('papers.issue')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function useIssue(caseKey: string, onClose: () => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  /** The same order sent again is the same paper. */
  const intention = useRef({ text: '', key: '' });
  return useMutation({
    mutationFn: (order: DocumentOrder) => {
      const text = JSON.stringify(order);
      if (intention.current.text !== text) intention.current = { text, key: newIdempotencyKey() };
      return call(documentEndpoints.issueDocument, { body: order }, { idempotencyKey: intention.current.key });
    },
    onSuccess: ({ kind, number }) => {
      say(t('papers.issued', { kind: t(`check.kinds.${kind}`), number }));
      void cache.invalidateQueries({ queryKey: ['case', caseKey, 'papers'] });
      onClose();
    },
  });
}

interface PaperInputProps {
  readonly field: PaperField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}
const inputTypes = { line: 'text', date: 'date', dateTime: 'datetime-local' } as const;

function PaperInput({ field: { name, type, optional }, value, error, onChange }: PaperInputProps): ReactNode {
  const { t } = useTranslation();
  const text = t(`papers.fields.${name.replace('.', '_')}`);
  const label = optional === true ? t('papers.optional', { label: text }) : text;
  if (type === 'paragraph' || type === 'lines' || type === 'persons')
    return (
      <TextAreaField
        label={label}
        hint={type === 'paragraph' ? undefined : t(`papers.hints.${type}`)}
        error={error}
        value={value}
        onChange={onChange}
      />
    );
  return (
    <Field label={label} hint={name === 'period' ? t('papers.hints.period') : undefined} error={error}>
      {({ id, describedBy, invalid }) =>
        type === 'program' ? (
          <select
            id={id}
            className="input"
            aria-invalid={invalid}
            aria-describedby={describedBy}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          >
            <option value="" />
            {programCodes.map((code) => (
              <option key={code} value={code}>
                {programName(code)}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={id}
            className="input"
            type={inputTypes[type]}
            aria-invalid={invalid}
            aria-describedby={describedBy}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
