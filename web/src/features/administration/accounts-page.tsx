import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { accountEndpoints } from '#contract/account.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Empty, ErrorNotice, Loading } from '../../components/states.tsx';
import { call } from '../../lib/api.ts';
import { groupNames } from '../../lib/terms.ts';
import { useUrlFilters } from '../../lib/url-filters.ts';

const perPage = 50;

export function AccountsPage(): ReactNode {
  const { t } = useTranslation();
  const { get, set } = useUrlFilters();
  const page = Math.max(0, Math.trunc(Number(get('page'))) || 0);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['accounts', page],
    queryFn: ({ signal }) =>
      call(
        accountEndpoints.searchAccounts,
        { body: { sort: [{ field: 'name', order: 'ASC' }], page: { from: page * perPage, limit: perPage } } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader title={t('accounts.title')} lead={t('accounts.lead')} />
      <div className="card">
        {isPending ? <Loading /> : null}
        {error !== null && data === undefined ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {data === undefined ? null : data.items.length === 0 ? (
          <Empty title={t('accounts.empty')} />
        ) : (
          <>
            <div className="table-wrap">
              <table className="table cards">
                <caption className="visually-hidden">{t('accounts.title')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('accounts.columns.name')}</th>
                    <th scope="col">{t('accounts.columns.roles')}</th>
                    <th scope="col">{t('accounts.columns.groups')}</th>
                    <th scope="col">{t('accounts.columns.region')}</th>
                    <th scope="col">{t('accounts.columns.state')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((account) => (
                    <tr key={account.name}>
                      <th scope="row">
                        <span>
                          {account.displayName}
                          <br />
                          <code className="muted">{account.name}</code>
                        </span>
                      </th>
                      <td data-label={t('accounts.columns.roles')}>
                        {account.roles.map((role) => t(`roles.${role}`)).join(', ')}
                      </td>
                      <td data-label={t('accounts.columns.groups')}>{groupNames(account.groups) || '–'}</td>
                      <td data-label={t('accounts.columns.region')}>
                        {account.region === '*' ? t('accounts.everywhere') : (account.regionName ?? account.region)}
                      </td>
                      <td data-label={t('accounts.columns.state')}>
                        <span>
                          <span className={account.disabled ? 'badge quiet' : 'badge good'}>
                            {t(account.disabled ? 'accounts.disabled' : 'accounts.enabled')}
                          </span>
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <Pager
              page={page}
              perPage={perPage}
              total={data.page.totalItems}
              more={data.page.hasMoreTotalItems}
              onPage={(next) => set({ page: next === 0 ? null : String(next) })}
            />
          </>
        )}
      </div>
    </>
  );
}
