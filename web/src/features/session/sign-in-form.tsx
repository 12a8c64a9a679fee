import { useMutation } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../components/states.tsx';
import { useSession } from '../../lib/session.tsx';

/** Name and password; pasting and password managers work (WCAG 3.3.8). */
export function SignInForm({ name: knownName, children }: { name?: string; children?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { signIn } = useSession();
  const id = useId();
  const [name, setName] = useState(knownName ?? '');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [missing, setMissing] = useState(false);
  const enter = useMutation({ mutationFn: () => signIn(name.trim(), password), gcTime: 0 });
  function submit(): void {
    const incomplete = name.trim() === '' || password === '';
    setMissing(incomplete);
    if (!incomplete) enter.mutate();
  }
  return (
    <form
      className="stack sign-in-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {enter.isError ? <ErrorNotice error={enter.error} /> : null}
      {missing ? (
        <p className="field-error" role="alert">
          {t('session.missing')}
        </p>
      ) : null}
      <div className="field">
        <label htmlFor={`${id}-name`}>{t('session.name')}</label>
        <input
          id={`${id}-name`}
          className="input"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>{t('session.password')}</label>
        <span className="password-row">
          <input
            id={`${id}-password`}
            className="input"
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <button type="button" className="button" aria-pressed={shown} onClick={() => setShown((before) => !before)}>
            {shown ? t('session.hidePassword') : t('session.showPassword')}
          </button>
        </span>
      </div>
      <div className="button-row">
        <button type="submit" className="button primary" aria-disabled={enter.isPending}>
          {enter.isPending ? t('session.signingIn') : t('session.signIn')}
        </button>
        {children}
      </div>
    </form>
  );
}
