/**
 * Who sees amounts of help: who watches over cases, and groups named by the tenant (setting `dtks.akses`, member `nominal`; without it
 * nobody else). A default of ours, not law.
 */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Account } from '#db/accounts.ts';
import { readSetting } from '#db/settings.ts';
import { overseesTasks } from './accounts-view.ts';

const settingName = 'dtks.akses';
const access = z.object({ nominal: z.array(z.string()) });

export async function seesAmounts(db: PoolClient, account: Account): Promise<boolean> {
  if (overseesTasks(account)) return true;
  const setting = access.safeParse((await readSetting(db, settingName))?.value);
  return setting.success && account.groups.some((group) => setting.data.nominal.includes(group));
}
