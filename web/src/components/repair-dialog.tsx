import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonLimits, type DryRunAnswer, type DryRunLine } from '#contract/operation.ts';
import { ReasonField } from './reason-field.tsx';
import { newIdempotencyKey } from '../lib/api.ts';
import { formatDateTime } from '../lib/format.ts';
import { elementName, valueText } from '../lib/terms.ts';
import { Dialog } from './dialog.tsx';
import { ErrorNotice, Notice } from './states.tsx';
import { useToast } from './toast.tsx';

/** What is sent with every change by hand. */
export interface Asking {
  readonly reason: string;
  readonly dryRun: boolean;
}
interface RepairDialogProps {
  readonly title: string;
  readonly explain: string;
  readonly processDefinitionId: string;
  /** Sends it; with `dryRun` the answer is what would happen. */
  readonly send: (asking: Asking, options: { idempotencyKey: string }) => Promise<DryRunAnswer | undefined>;
  readonly done: string;
  readonly submit: string;
  readonly onClose: () => void;
  /** Fields of its own; something else in them is another question. */
  readonly children?: ReactNode;
  /** What is in those fields, so that an old answer is not taken for the new question's. */
  readonly question?: string;
}
const topics = ['case', 'cases', 'tasks', 'incidents', 'statistics', 'batches'] as const;

/** A change by hand is an interruption card: why, then what would happen, and only then it is done. */
export function RepairDialog(props: RepairDialogProps): ReactNode {
  const { title, explain, send, done, submit, onClose, children, question = '' } = props;
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const intention = useRef(newIdempotencyKey());
  const asked = `${reason.trim()}\n${question}`;
  const preview = useMutation({
    mutationFn: async () => {
      const answer = await send({ reason: reason.trim(), dryRun: true }, { idempotencyKey: newIdempotencyKey() });
      return { asked, lines: answer?.lines ?? [] };
    },
  });
  const perform = useMutation({
    mutationFn: () => send({ reason: reason.trim(), dryRun: false }, { idempotencyKey: intention.current }),
    onSuccess: () => {
      onClose();
      say(done);
      for (const topic of topics) void cache.invalidateQueries({ queryKey: [topic] });
    },
    onError: () => {
      intention.current = newIdempotencyKey();
    },
  });
  const isAnswered = preview.data?.asked === asked;
  const busy = preview.isPending || perform.isPending;
  function next(): void {
    const tooShort = reason.trim().length < reasonLimits.shortest;
    setMissing(tooShort);
    if (tooShort || busy) return;
    if (isAnswered) perform.mutate();
    else preview.mutate();
  }
  const label = isAnswered ? submit : t('repair.check');
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        <p>{explain}</p>
        {preview.isError ? <ErrorNotice error={preview.error} /> : null}
        {perform.isError ? <ErrorNotice error={perform.error} /> : null}
        {children}
        <ReasonField value={reason} missing={missing} onChange={setReason} />
        {isAnswered && preview.data !== undefined ? (
          <DryRun lines={preview.data.lines} processDefinitionId={props.processDefinitionId} />
        ) : null}
        <div className="button-row">
          <button type="submit" className={`button ${isAnswered ? 'danger' : 'primary'}`} aria-disabled={busy}>
            {busy ? t('common.sending') : label}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What would happen, line by line. */
function DryRun({
  lines,
  processDefinitionId,
}: {
  lines: readonly DryRunLine[];
  processDefinitionId: string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const nothing = lines.length === 0;
  return (
    <Notice tone="warn" title={t('repair.wouldHappen')}>
      {nothing ? <p>{t('repair.nothing')}</p> : null}
      <ol className="dry-run">
        {lines.map((line, index) => {
          const { kind, elementId, name, detail, processInstanceKey } = line;
          const values = {
            name: elementId === null ? '' : elementName(processDefinitionId, elementId, name),
            variable: detail.variable ?? '',
            before: detail.before === undefined ? t('timeline.notThere') : valueText(detail.before, t),
            after: detail.after === undefined ? '' : valueText(detail.after, t),
            due: detail.dueDate === undefined ? '' : formatDateTime(detail.dueDate, i18n.language),
            retries: String(detail.retries ?? ''),
            message: detail.messageName ?? '',
            code: detail.code === undefined ? '' : t(`incidents.${detail.code}`, { defaultValue: detail.code }),
          };
          return <li key={`${processInstanceKey}/${String(index)}`}>{t(`dryRun.${kind}`, values)}</li>;
        })}
      </ol>
    </Notice>
  );
}
