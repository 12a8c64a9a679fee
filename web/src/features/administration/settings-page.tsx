import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { urlOf } from '#contract/client.ts';
import { settingEndpoints } from '#contract/setting.ts';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorNotice, Loading } from '../../components/states.tsx';
import { useToast } from '../../components/toast.tsx';
import { call, entityTagOf } from '../../lib/api.ts';
import { deadlineName } from '../../lib/terms.ts';

const settingName = 'dtks.tenggat';
const params = { name: settingName };
/** Profile → step → ISO 8601 duration. */
type Profiles = Readonly<Record<string, Readonly<Record<string, string>>>>;
const duration = /^P(?=\d|T\d)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;

/** Default deadlines by profile. Running cases keep those they started with. */
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
  const wrong = Object.values(typed).some((steps) => Object.values(steps).some((text) => !duration.test(text)));
  function submit(): void {
    setChecked(true);
    if (!wrong) save.mutate(typed);
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
                    onChange={(event) =>
                      setTyped((before) => ({
                        ...before,
                        [profile]: { ...before[profile], [step]: event.target.value.trim().toUpperCase() },
                      }))
                    }
                  />
                )}
              </Field>
            ))}
          </div>
        </section>
      ))}
      <div className="button-row">
        <button type="submit" className="button primary" aria-disabled={save.isPending}>
          {save.isPending ? t('common.sending') : t('settings.save')}
        </button>
      </div>
    </form>
  );
}

const units = [
  [1, 'week'],
  [2, 'day'],
  [4, 'hour'],
  [5, 'minute'],
  [6, 'second'],
] as const;

/** P7D → "7 hari". */
function durationWords(text: string, t: TFunction): string {
  const match = duration.exec(text);
  if (match === null) return t('settings.notADuration');
  return units
    .filter(([index]) => match[index] !== undefined)
    .map(([index, unit]) => t(`settings.units.${unit}`, { count: Number.parseInt(match[index] ?? '0', 10) }))
    .join(' ');
}
