import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useTranslation } from 'react-i18next';

interface Crumb {
  readonly to: string;
  readonly label: string;
}
interface PageHeaderProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly crumbs?: readonly Crumb[];
  readonly children?: ReactNode;
}

/** The page's one h1; it also names the browser tab. */
export function PageHeader({ title, lead, crumbs, children }: PageHeaderProps): ReactNode {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  return (
    <>
      {crumbs === undefined ? null : (
        <nav className="breadcrumbs" aria-label={t('layout.breadcrumbs')}>
          <ol>
            {crumbs.map((crumb) => (
              <li key={crumb.to}>
                <Link to={crumb.to}>{crumb.label}</Link>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <header className="page-header">
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          {lead === undefined ? null : <p>{lead}</p>}
        </div>
        {children === undefined ? null : <div className="button-row">{children}</div>}
      </header>
    </>
  );
}
