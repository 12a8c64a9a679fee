/** Accounts as the API shows them, and what they may see. */
import type { Account as AccountView } from '#contract/account.ts';
import type { Account } from '#db/accounts.ts';
import type { Viewer } from '#db/queries/user-tasks.ts';
import { regionCovers } from '#db/region-scope.ts';
import { regionNames } from '#db/regions.ts';
import { Refusal } from './refusal.ts';

export async function viewOf(account: Account): Promise<AccountView> {
  const nameOf = await regionNames();
  return {
    ...account,
    roles: [...account.roles],
    groups: [...account.groups],
    regionName: nameOf(account.region),
    createdAt: account.createdAt.toISOString(),
  };
}
export const overseesTasks = (account: Account): boolean =>
  account.roles.includes('supervisor') || account.roles.includes('administrator');
export const viewerOf = (account: Account): Viewer => ({
  name: account.name,
  groups: account.groups,
  everything: overseesTasks(account),
});

/** @throws Refusal when the region lies outside the account's. */
export function assertCovers(account: Account, region: string): void {
  if (!regionCovers(account.region, region)) throw new Refusal('notAllowed', 'outsideRegion');
}
