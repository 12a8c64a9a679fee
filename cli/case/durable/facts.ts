/** The facts of a case's instances as the API tells them, read once each. */
import { caseEndpoints } from '#contract/case.ts';
import type { Client } from '#contract/client.ts';
import { applyAll, initialState } from '#engine/apply.ts';
import type { Fact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';

const factsPerCall = 5_000;
/** No fact comes after these. */
const ended: ReadonlySet<InstanceState['status']> = new Set(['completed', 'terminated', 'errored']);

export class FactReader {
  readonly #client: Client;
  readonly #known = new Map<string, { readonly facts: Fact[]; state: InstanceState }>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** All facts so far, with the state that is their fold. */
  async read(caseKey: string): Promise<{ readonly facts: readonly Fact[]; readonly state: InstanceState }> {
    const known = this.#known.get(caseKey) ?? { facts: [], state: initialState() };
    this.#known.set(caseKey, known);
    if (ended.has(known.state.status)) return known;
    for (;;) {
      const query = { after: known.facts.length, limit: factsPerCall };
      const { items, next } = await this.#client(caseEndpoints.getCaseFacts, { params: { caseKey }, query });
      const facts = items.map(({ fact }) => fact as unknown as Fact);
      known.state = applyAll(known.state, facts);
      known.facts.push(...facts);
      if (next === null) return known;
    }
  }
}
