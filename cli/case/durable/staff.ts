/** People who do the user tasks of cases: for each task an account that may, as its model wants. */
import { randomBytes } from 'node:crypto';
import { accountEndpoints } from '#contract/account.ts';
import { ProblemError } from '#contract/client.ts';
import type { Client } from '#contract/client.ts';
import type { UserTask } from '#contract/user-task.ts';
import { accountName } from '#contract/values.ts';
import { openSession } from '../../client.ts';
import { text } from '../../texts.ts';
import { durableLimits } from './limits.ts';

export class Staff {
  readonly #admin: Client;
  readonly #baseUrl: string;
  /** In the names of accounts, so that another run on the same stack has its own. */
  readonly #run = randomBytes(3).toString('hex');
  /** Accounts of ours, by name; every one works in the groups it has been needed for. */
  readonly #people = new Map<string, { readonly client: Client; readonly groups: Set<string> }>();

  constructor(admin: Client, baseUrl: string) {
    this.#admin = admin;
    this.#baseUrl = baseUrl;
  }

  /** Somebody who may complete the task. Throws when the account exists already: it belongs to somebody. */
  async personFor({ assignee, candidateUsers, candidateGroups, elementId }: UserTask): Promise<Client> {
    if (assignee === null && candidateUsers.length + candidateGroups.length === 0) return this.#admin;
    const own = `case.${this.#run}.${elementId.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '-')}`;
    const name = assignee ?? candidateUsers[0] ?? own;
    const person = this.#people.get(name) ?? (await this.#hire(name, candidateGroups));
    const missing = candidateGroups.filter((group) => !person.groups.has(group));
    for (const group of missing) person.groups.add(group);
    if (missing.length > 0) {
      await this.#admin(accountEndpoints.updateAccount, { params: { name }, body: { groups: [...person.groups] } });
    }
    return person.client;
  }

  async #hire(name: string, groups: readonly string[]) {
    if (!accountName.safeParse(name).success) throw new Error(text('personName', { name }));
    const password = randomBytes(24).toString('base64url');
    const about = { displayName: name, roles: ['operator' as const], region: '*' };
    try {
      await this.#admin(accountEndpoints.createAccount, { body: { ...about, name, password, groups: [...groups] } });
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'alreadyExists') throw error;
      throw new Error(text('personTaken', { name }), { cause: error });
    }
    const client = openSession({ baseUrl: this.#baseUrl, name, password, patienceMs: durableLimits.callMs });
    const person = { client, groups: new Set(groups) };
    this.#people.set(name, person);
    return person;
  }
}
