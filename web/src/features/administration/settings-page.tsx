import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { urlOf } from '#contract/client.ts';
import { deadlineForm as duration, deadlinesSetting as settingName, settingEndpoints } from '#contract/setting.ts';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorNotice, Loading } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, entityTagOf } from '../../lib/api.ts';
import { deadlineName } from '../../lib/terms.ts';
import { DeadlineImpact } from './deadline-impact.tsx';
import { durationWords } from './duration-words.ts';

const params = { name: settingName };
/** Profile → step → ISO 8601 duration. */
type Profiles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Default deadlines by profile: changed, looked at what that means, saved. Running cases keep those they started with. */
export function SettingsPage(): ReactNode {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['setting', settingName],
    queryFn: ({ signal }) => call(settingEndpoints.getSetting, { params }, { signal }),
    refetchOnWindowFocus: false,
  });
  return (
    <>
      <PageHeader title={t('settings.title')} lead={t('settings.lead')} />
      {isPending ? <Loading /> : null}
      {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? null : (
        <Deadlines key={data.updatedAt ?? ''} profiles={data.value as unknown as Profiles} />
      )}
    </>
  );
}

function Deadlines({ profiles }: { profiles: Profiles }): ReactNode {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const say = useToast();
  const [typed, setTyped] = useState(profiles);
  const [checked, setChecked] = useState(false);
  const save = useMutation({
    mutationFn: (value: Profiles) =>
      call(
        settingEndpoints.putSetting,
        { params, body: { value: value } },
        { ifMatch: entityTagOf(urlOf(settingEndpoints.getSetting.path, params, {})) ?? '*' },
      ),
    // The fresh read also brings the next ETag.
    onSuccess: () => {
      say(t('settings.saved'));
      void cache.invalidateQueries({ queryKey: ['setting', settingName] });
    },
  });
  const check = useMutation({
    mutationFn: (value: Profiles) => call(settingEndpoints.checkDeadlines, { body: { value } }),
  });
  const wrong = Object.values(typed).some((steps) => Object.values(steps).some((text) => !duration.test(text)));
  function submit(): void {
    setChecked(true);
    if (!wrong) check.mutate(typed);
  }
  /** What was found of other deadlines is forgotten. */
  function change(profile: string, step: string, text: string): void {
    setTyped((before) => ({ ...before, [profile]: { ...before[profile], [step]: text.trim().toUpperCase() } }));
    check.reset();
  }
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {save.isError ? <ErrorNotice error={save.error} /> : null}
      {Object.entries(typed).map(([profile, steps]) => (
        <section
          key={profile}
          className="card"
          aria-label={t(`settings.profiles.${profile}`, { defaultValue: profile })}
        >
          <header>
            <h2>{t(`settings.profiles.${profile}`, { defaultValue: profile })}</h2>
          </header>
          <div className="card-body settings-grid">
            {Object.entries(steps).map(([step, text]) => (
              <Field
                key={step}
                label={deadlineName(step)}
                hint={durationWords(text, t)}
                error={checked && !duration.test(text) ? t('settings.notADuration') : undefined}
              >
                {({ id, describedBy, invalid }) => (
                  <input
                    id={id}
                    className="input"
                    aria-describedby={describedBy}
                    aria-invalid={invalid}
                    value={text}
                    spellCheck={false}
                    onChange={(event) => change(profile, step, event.target.value)}
                  />
                )}
              </Field>
            ))}
          </div>
        </section>
      ))}
      {check.isError ? <ErrorNotice error={check.error} /> : null}
      {check.data === undefined ? (
        <div className="button-row">
          <button type="submit" className="button primary" aria-disabled={check.isPending}>
            {check.isPending ? t('common.sending') : t('settings.check')}
          </button>
        </div>
      ) : (
        <DeadlineImpact changes={check.data.items} saving={save.isPending} onSave={() => save.mutate(typed)} />
      )}
    </form>
  );
}
