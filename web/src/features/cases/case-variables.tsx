import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { variablesQuery } from '../../lib/case-queries.ts';
import { valueText, variableName } from '../../lib/terms.ts';

/** Derived facts of the case. Citizen data is not among them: it stays in the vault. */
export function CaseVariables({ caseKey }: { caseKey: string }): ReactNode {
  const { data, error, isPending, refetch } = useQuery(variablesQuery(caseKey));
  if (isPending) return <Loading />;
  if (data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return <VariableTable items={data.items} />;
}

/** Values as JSON text. */
export function VariableTable({
  items,
}: {
  items: readonly { readonly name: string; readonly value: string }[];
}): ReactNode {
  const { t } = useTranslation();
  if (items.length === 0) return <Empty title={t('cases.noData')} />;
  return (
    <div className="table-wrap">
      <table className="table cards">
        <caption className="visually-hidden">{t('cases.tabs.data')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('cases.dataName')}</th>
            <th scope="col">{t('cases.dataValue')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((variable) => (
            <tr key={variable.name}>
              <th scope="row">
                <span>
                  {variableName(variable.name, t)}
                  <br />
                  <code className="muted">{variable.name}</code>
                </span>
              </th>
              <td className="variable-value">
                <VariableValue text={variable.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function VariableValue({ text }: { text: string }): ReactNode {
  const { t } = useTranslation();
  const value = parsed(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return valueText(value, t);
  return (
    <dl className="facts small">
      {Object.entries(value).map(([name, entry]) => (
        <div key={name}>
          <dt>{variableName(name, t)}</dt>
          <dd>{valueText(entry, t)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A truncated value is no longer JSON; it is shown as text then. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
