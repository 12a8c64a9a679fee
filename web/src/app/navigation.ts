/** What each role finds in the main navigation, and where it lands after signing in. */
import type { Account } from '#contract/account.ts';
import type { Role } from '#contract/values.ts';

export interface NavigationItem {
  readonly to: string;
  /** i18n key. */
  readonly label: string;
  readonly roles: readonly Role[];
}

export const navigation: readonly NavigationItem[] = [
  { to: '/tasks', label: 'nav.tasks', roles: ['operator'] },
  { to: '/start', label: 'nav.start', roles: ['operator', 'administrator'] },
  { to: '/supervision', label: 'nav.supervision', roles: ['supervisor', 'administrator'] },
  { to: '/persons', label: 'nav.persons', roles: ['operator', 'supervisor', 'administrator'] },
  { to: '/definitions', label: 'nav.definitions', roles: ['supervisor', 'administrator'] },
  { to: '/accounts', label: 'nav.accounts', roles: ['administrator'] },
  { to: '/settings', label: 'nav.settings', roles: ['administrator'] },
];

export function navigationOf(account: Account): readonly NavigationItem[] {
  return navigation.filter((item) => item.roles.some((role) => account.roles.includes(role)));
}

export function homeOf(account: Account): string {
  return navigationOf(account)[0]?.to ?? '/tasks';
}
