import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldErrors, problemOf } from '../../lib/problem-text.ts';
import { ErrorNotice, Loading, Notice } from '../states.tsx';
import type { FormData, FormError, FormHost } from './form-host.ts';
import './form.css';

interface FormViewProps {
  /** form-js schema as JSON text. */
  readonly schema: string;
  readonly data: FormData;
  readonly readOnly?: boolean;
  readonly submitLabel: string;
  readonly busy: boolean;
  /** What the server answered to the last submission. */
  readonly error: unknown;
  readonly onSubmit: (data: FormData) => void;
  readonly onChange?: (data: FormData) => void;
  readonly children?: ReactNode;
}

/** A form-js form with the page's own submit button, an error summary on top and the server's findings at their fields. */
export function FormView({
  schema,
  data,
  readOnly = false,
  submitLabel,
  busy,
  error,
  onSubmit,
  onChange,
  children,
}: FormViewProps): ReactNode {
  const { t } = useTranslation();
  const container = useRef<HTMLDivElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const [host, setHost] = useState<FormHost | null>(null);
  const [failed, setFailed] = useState(false);
  const [errors, setErrors] = useState<readonly FormError[]>([]);
  const latest = useRef({ data, onChange });
  useEffect(() => {
    latest.current = { data, onChange };
  });
  useEffect(() => {
    let alive = true;
    let shown: FormHost | null = null;
    setErrors([]);
    setFailed(false);
    async function show(): Promise<void> {
      const { FormHost: Host } = await import('./form-host.ts');
      if (!alive || container.current === null) return;
      shown = new Host(container.current, t, (next) => latest.current.onChange?.(next));
      await shown.show(schema, latest.current.data);
      if (alive) setHost(shown);
    }
    show().catch(() => {
      if (alive) setFailed(true);
    });
    return () => {
      alive = false;
      setHost(null);
      shown?.destroy();
    };
  }, [schema, t]);
  useEffect(() => host?.setReadOnly(readOnly), [host, readOnly]);
  const answered = useMemo(() => fieldErrors(error), [error]);
  useEffect(() => {
    if (host === null || answered.size === 0) return;
    setErrors(host.showErrors(answered));
    summary.current?.focus();
  }, [host, answered]);

  function submit(): void {
    if (host === null || busy || readOnly) return;
    const result = host.submit();
    setErrors(result.errors);
    if (result.errors.length > 0) {
      summary.current?.focus();
      return;
    }
    onSubmit(result.data);
  }
  const atFields = new Set(errors.map((entry) => entry.path));
  const elsewhere = [...answered].filter(([path]) => !atFields.has(path));
  const generalError = error !== null && error !== undefined && (answered.size === 0 || problemOf(error) === null);
  return (
    /* form-js brings its own <form>; two may not be nested. */
    <section
      className="form-view"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <div ref={summary} tabIndex={-1} className="form-summary">
        {errors.length > 0 || (elsewhere.length > 0 && !generalError) ? (
          <Notice tone="bad" title={t('form.summary', { count: errors.length + elsewhere.length })}>
            <ul className="links">
              {errors.map((entry) => (
                <li key={`${entry.path}-${entry.message}`}>
                  <button type="button" className="link-button" onClick={entry.focus}>
                    {entry.label}: {entry.message}
                  </button>
                </li>
              ))}
              {elsewhere.map(([path, message]) => (
                <li key={path}>{message}</li>
              ))}
            </ul>
          </Notice>
        ) : null}
        {generalError ? <ErrorNotice error={error} /> : null}
      </div>
      {failed ? (
        <Notice tone="bad" title={t('form.failed')}>
          <p>{t('form.failedRemedy')}</p>
        </Notice>
      ) : null}
      {host === null && !failed ? <Loading label={t('form.loading')} /> : null}
      <div ref={container} className="form-canvas" />
      {host === null || readOnly ? null : (
        <div className="button-row">
          <button type="button" className="button primary" aria-disabled={busy} onClick={submit}>
            {busy ? t('common.sending') : submitLabel}
          </button>
          {children}
        </div>
      )}
    </section>
  );
}
