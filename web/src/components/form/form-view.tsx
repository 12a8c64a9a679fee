import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldErrors } from '../../lib/problem-text.ts';
import { ErrorNotice, Loading, Notice } from '../states.tsx';
import type { ChosenFiles, FormError, FormHost, FormValues } from './form-host.ts';
import './form.css';

interface FormViewProps {
  /** form-js schema as JSON text. */
  readonly schema: string;
  readonly data: FormValues;
  readonly readOnly?: boolean;
  readonly submitLabel: string;
  readonly busy: boolean;
  /** What the server answered to the last submission. */
  readonly error: unknown;
  readonly onSubmit: (data: FormValues, files: readonly ChosenFiles[]) => void;
  readonly onChange?: (data: FormValues) => void;
  readonly children?: ReactNode;
}

/** A form-js form with the page's own submit button, an error summary on top and the server's findings at their fields. */
export function FormView(props: FormViewProps): ReactNode {
  return <OpenForm key={props.schema} {...props} />;
}

function OpenForm({
  submitLabel,
  busy,
  error,
  onSubmit,
  children,
  readOnly = false,
  ...shown
}: FormViewProps): ReactNode {
  const { t } = useTranslation();
  const container = useRef<HTMLDivElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const { host, failed } = useFormHost(container, shown);
  const [found, setFound] = useState<readonly FormError[]>([]);
  const answered = useMemo(() => fieldErrors(error), [error]);
  const served = useMemo(() => host?.errorsAt(answered) ?? [], [host, answered]);
  useEffect(() => host?.setReadOnly(readOnly), [host, readOnly]);
  useEffect(() => {
    if (host === null || answered.size === 0) return;
    host.showErrors(answered);
    summary.current?.focus();
  }, [host, answered]);
  function submit(): void {
    if (host === null || busy || readOnly) return;
    const result = host.submit();
    setFound(result.errors);
    if (result.errors.length > 0) summary.current?.focus();
    else onSubmit(result.data, result.files);
  }
  const ready = host !== null && !readOnly;
  return (
    /* form-js brings its own <form>; two may not be nested. */
    <section
      className="form-view"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <div ref={summary} tabIndex={-1} className="form-summary">
        <Summary errors={found.length > 0 ? found : served} answered={found.length > 0 ? new Map() : answered} />
        {error !== null && error !== undefined && answered.size === 0 ? <ErrorNotice error={error} /> : null}
      </div>
      {failed ? (
        <Notice tone="bad" title={t('form.failed')}>
          <p>{t('form.failedRemedy')}</p>
        </Notice>
      ) : null}
      {host === null && !failed ? <Loading label={t('form.loading')} /> : null}
      <div ref={container} className="form-canvas" />
      {ready ? (
        <div className="button-row">
          <button type="button" className="button primary" aria-disabled={busy} onClick={submit}>
            {busy ? t('common.sending') : submitLabel}
          </button>
          {children}
        </div>
      ) : null}
    </section>
  );
}

type Shown = Pick<FormViewProps, 'schema' | 'data' | 'onChange'>;

/** Loads form-js and shows the schema once; later data never overwrites what is being typed. */
function useFormHost(
  container: RefObject<HTMLDivElement | null>,
  shown: Shown,
): { host: FormHost | null; failed: boolean } {
  const { t } = useTranslation();
  const [host, setHost] = useState<FormHost | null>(null);
  const [failed, setFailed] = useState(false);
  const latest = useRef(shown);
  /** Outlives a change of language, which draws the form anew. */
  const typed = useRef<FormValues | null>(null);
  useEffect(() => {
    latest.current = shown;
  });
  useEffect(() => {
    let alive = true;
    let made: FormHost | null = null;
    async function show(): Promise<void> {
      const { FormHost: Host } = await import('./form-host.ts');
      if (!alive || container.current === null) return;
      made = new Host(container.current, t, (next) => {
        typed.current = next;
        latest.current.onChange?.(next);
      });
      await made.show(latest.current.schema, typed.current ?? latest.current.data);
      if (alive) setHost(made);
    }
    show().catch(() => {
      if (alive) setFailed(true);
    });
    return () => {
      alive = false;
      setHost(null);
      made?.destroy();
    };
  }, [container, t]);
  return { host, failed };
}

interface SummaryProps {
  readonly errors: readonly FormError[];
  readonly answered: ReadonlyMap<string, string>;
}

/** All findings on top, each leading to its field; those of no field of this form are said as they are. */
function Summary({ errors, answered }: SummaryProps): ReactNode {
  const { t } = useTranslation();
  const atFields = new Set(errors.map((entry) => entry.path));
  const elsewhere = [...answered].filter(([path]) => !atFields.has(path));
  const count = errors.length + elsewhere.length;
  if (count === 0) return null;
  return (
    <Notice tone="bad" title={t('form.summary', { count })}>
      <ul className="links">
        {errors.map((entry) => (
          <li key={`${entry.path}-${entry.message}`}>
            <button type="button" className="link-button" onClick={entry.focus}>
              {entry.label} – {entry.message}
            </button>
          </li>
        ))}
        {elsewhere.map(([path, message]) => (
          <li key={path}>{message}</li>
        ))}
      </ul>
    </Notice>
  );
}
