import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { personEndpoints, type Family, type FoundPerson } from '#contract/person.ts';
import { Field } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { call } from '../../lib/api.ts';
import { formatDate } from '../../lib/format.ts';
import { FamilyMembers } from './family-members.tsx';
import './registry.css';

const ways = ['name', 'nik', 'card'] as const;
type Way = (typeof ways)[number];
interface Asked {
  readonly way: Way;
  readonly name: string;
  readonly birthDate: string;
  readonly number: string;
}
type Found =
  | { readonly kind: 'persons'; readonly persons: readonly FoundPerson[]; readonly more: boolean }
  | { readonly kind: 'family'; readonly family: Family | null };

const digits = 16;
const isComplete = ({ way, name, birthDate, number }: Asked): boolean =>
  way === 'name' ? name.trim().length >= 2 && birthDate !== '' : number.replaceAll(/\D/g, '').length === digits;

/** Finds people of the own region. What is typed goes into no address and no cache; the search is in the audit trail. */
export function PersonsPage(): ReactNode {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>({ way: 'name', name: '', birthDate: '', number: '' });
  const [checked, setChecked] = useState(false);
  const search = useMutation({ mutationFn: find, gcTime: 0 });
  const change = (part: Partial<Asked>): void => setAsked({ ...asked, ...part });
  const missing = checked && !isComplete(asked);
  return (
    <>
      <PageHeader title={t('register.searchTitle')} lead={t('register.searchLead')} />
      <form
        className="card register-search"
        role="search"
        aria-label={t('register.searchTitle')}
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (isComplete(asked) && !search.isPending) search.mutate(asked);
        }}
      >
        <div className="card-body stack">
          <fieldset className="register-ways">
            <legend>{t('register.by')}</legend>
            {ways.map((way) => (
              <label key={way}>
                <input
                  type="radio"
                  name="way"
                  checked={asked.way === way}
                  onChange={() => change({ way, number: '' })}
                />
                {t(`register.ways.${way}`)}
              </label>
            ))}
          </fieldset>
          {asked.way === 'name' ? (
            <NameFields asked={asked} missing={missing} onChange={change} />
          ) : (
            <TextField
              label={t(`register.ways.${asked.way}`)}
              hint={t('register.numberHint')}
              error={missing ? t('register.numberMissing') : undefined}
              inputMode="numeric"
              value={asked.number}
              onChange={(number) => change({ number })}
            />
          )}
          <div className="button-row">
            <button type="submit" className="button primary" aria-disabled={search.isPending}>
              {t('register.search')}
            </button>
          </div>
        </div>
      </form>
      <section className="stack" aria-live="polite">
        {search.isPending ? <Loading /> : null}
        {search.isError ? <ErrorNotice error={search.error} /> : null}
        {search.data === undefined || search.isPending ? null : <FoundView found={search.data} />}
      </section>
    </>
  );
}

async function find({ way, name, birthDate, number }: Asked): Promise<Found> {
  if (way === 'card') {
    const { items } = await call(personEndpoints.searchFamilies, { body: { filter: { cardNumber: number } } });
    return { kind: 'family', family: items[0] ?? null };
  }
  const filter = way === 'nik' ? { nik: number } : { name: name.trim(), birthDate };
  const { items, page } = await call(personEndpoints.searchPersons, { body: { filter, page: { limit: 50 } } });
  return { kind: 'persons', persons: items, more: page.hasMoreTotalItems };
}

interface NameFieldsProps {
  readonly asked: Asked;
  readonly missing: boolean;
  readonly onChange: (part: Partial<Asked>) => void;
}
function NameFields({ asked, missing, onChange }: NameFieldsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="register-fields">
      <TextField
        label={t('identity.name')}
        hint={t('register.nameHint')}
        error={missing && asked.name.trim().length < 2 ? t('register.nameMissing') : undefined}
        value={asked.name}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        type="date"
        label={t('register.birthDate')}
        hint={t('register.birthDateHint')}
        error={missing && asked.birthDate === '' ? t('register.birthDateMissing') : undefined}
        value={asked.birthDate}
        onChange={(birthDate) => onChange({ birthDate })}
      />
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly type?: 'text' | 'date';
  readonly inputMode?: 'numeric';
  readonly value: string;
  readonly onChange: (value: string) => void;
}
function TextField({ label, hint, error, type = 'text', inputMode, value, onChange }: TextFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          type={type}
          inputMode={inputMode}
          autoComplete="off"
          className="input"
          aria-describedby={describedBy}
          aria-invalid={invalid}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function FoundView({ found }: { found: Found }): ReactNode {
  const { t } = useTranslation();
  const nobody = (
    <Empty title={t('register.nobody')}>
      <p>{t('register.nobodyHint')}</p>
    </Empty>
  );
  if (found.kind === 'family')
    return found.family === null ? (
      nobody
    ) : (
      <section className="card" aria-label={t('register.family')}>
        <header>
          <h2>{t('register.family')}</h2>
        </header>
        <div className="card-body">
          <p>{found.family.regionName ?? found.family.region}</p>
          <FamilyMembers family={found.family} />
        </div>
      </section>
    );
  if (found.persons.length === 0) return nobody;
  return (
    <div className="card">
      <PersonTable persons={found.persons} />
      {found.more ? <p className="card-body small muted">{t('register.more')}</p> : null}
    </div>
  );
}

function PersonTable({ persons }: { persons: readonly FoundPerson[] }): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <div className="table-wrap">
      <table className="table cards">
        <caption className="visually-hidden">{t('register.searchTitle')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('identity.name')}</th>
            <th scope="col">{t('identity.nik')}</th>
            <th scope="col">{t('register.birthDate')}</th>
            <th scope="col">{t('cases.region')}</th>
          </tr>
        </thead>
        <tbody>
          {persons.map((person) => (
            <tr key={person.personKey}>
              <th scope="row">
                <span>
                  <Link to={`/persons/${person.personKey}`}>{person.nama}</Link>
                  {person.deceasedOn === null ? null : <span className="badge quiet">{t('register.deceased')}</span>}
                </span>
              </th>
              <td className="number" data-label={t('identity.nik')}>
                {person.nikMasked}
              </td>
              <td data-label={t('register.birthDate')}>{formatDate(person.tanggalLahir, i18n.language)}</td>
              <td data-label={t('cases.region')}>{person.regionName ?? person.region}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
