/** Who may see a citizen whose data is restricted (UU PDP 27/2022): the data protection officer, nobody else. */
import type { PoolClient } from 'pg';
import type { Account } from '#db/accounts.ts';
import { isRestricted } from '#db/subject-rights.ts';
import { Refusal } from './refusal.ts';

/** Group of definitions/dtks. */
const officers = 'pejabat-data';
const protectsData = ({ groups }: Account): boolean => groups.includes(officers);

/** @throws Refusal for everybody but the data protection officer. */
export function assertProtectsData(account: Account): void {
  if (!protectsData(account)) throw new Refusal('notAllowed', 'dataProtectionOnly');
}
/** Whether the citizen's data is not restricted, or the account is the data protection officer's. */
export const mayRead = async (db: PoolClient, account: Account, subjectKey: string): Promise<boolean> =>
  protectsData(account) || !(await isRestricted(db, subjectKey));
/** @throws Refusal when the citizen's data is restricted and the account is not the data protection officer's. */
export async function assertMayRead(db: PoolClient, account: Account, subjectKey: string): Promise<void> {
  if (!(await mayRead(db, account, subjectKey))) throw new Refusal('notAllowed', 'processingRestricted');
}
