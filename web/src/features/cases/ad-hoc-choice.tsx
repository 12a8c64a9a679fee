import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdHocChoice as Choice } from '#contract/case.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { ErrorNotice } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, newIdempotencyKey } from '../../lib/api.ts';
import { elementName } from '../../lib/terms.ts';

interface AdHocChoiceProps {
  readonly choice: Choice;
  readonly processDefinitionId: string;
}

/** What may be started in an open ad-hoc sub-process: a person who may, picks the next steps. */
export function AdHocChoice({ choice, processDefinitionId }: AdHocChoiceProps): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [missing, setMissing] = useState(false);
  /** The same steps sent again after a failure are the same intention. */
  const intention = useRef(newIdempotencyKey());
  const nameOf = ({ elementId, name }: Choice['steps'][number]): string =>
    elementName(processDefinitionId, elementId, name);
  const start = useMutation({
    mutationFn: (elementIds: readonly string[]) =>
      call(
        processInstanceEndpoints.activateAdHocElements,
        {
          params: { adHocSubProcessInstanceKey: choice.elementInstanceKey },
          body: { elements: elementIds.map((elementId) => ({ elementId })) },
        },
        { idempotencyKey: intention.current },
      ),
    onSuccess: () => {
      intention.current = newIdempotencyKey();
      setPicked([]);
      say(t('cases.adHoc.done'));
      for (const topic of ['case', 'cases', 'tasks', 'statistics']) void cache.invalidateQueries({ queryKey: [topic] });
    },
  });
  function pick(elementId: string, wanted: boolean): void {
    intention.current = newIdempotencyKey();
    setPicked(wanted ? [...picked, elementId] : picked.filter((id) => id !== elementId));
  }
  function submit(): void {
    setMissing(picked.length === 0);
    if (picked.length > 0 && !start.isPending) start.mutate(picked);
  }
  return (
    <section className="card" aria-label={t('cases.adHoc.title')}>
      <header>
        <h2>{t('cases.adHoc.title')}</h2>
      </header>
      <form
        className="card-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {start.isError ? <ErrorNotice error={start.error} /> : null}
        <fieldset className="ad-hoc-steps">
          <legend>{t('cases.adHoc.lead', { name: nameOf(choice) })}</legend>
          {missing ? <p className="field-error">{t('cases.adHoc.missing')}</p> : null}
          {choice.steps.map((step) => (
            <label key={step.elementId} className="check">
              <input
                type="checkbox"
                checked={picked.includes(step.elementId)}
                onChange={(event) => pick(step.elementId, event.target.checked)}
              />{' '}
              {nameOf(step)}
            </label>
          ))}
        </fieldset>
        <div className="button-row">
          <button type="submit" className="button primary" aria-disabled={start.isPending}>
            {start.isPending ? t('common.sending') : t('cases.adHoc.submit')}
          </button>
        </div>
      </form>
    </section>
  );
}
