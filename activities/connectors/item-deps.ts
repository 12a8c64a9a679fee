/** What the jobs of batch cases need from outside; met by our database and Temporal, for the worker. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import {
  areasOf,
  cleanItems,
  collectItems,
  countAnnounced,
  decideItems,
  flaggedItems,
  itemsAfter,
  itemsDecidedAs,
  noteAnnounced,
  noteAssessments,
  noteResults,
  numbersWithin,
  reopenItems,
  unannounced,
} from '#db/collected-items.ts';
import { publishedDecisions } from '#db/deployments.ts';
import { newKeys } from '#db/queries/start-definition.ts';
import { waitingCases } from '#db/queries/waiting-cases.ts';
import type { Wait, WaitingCase } from '#db/queries/waiting-cases.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { PublishedMessage } from '#workflows/messages.ts';
import { createExchangeMessages } from '../exchange-messages.ts';

/** A function on the database, on its database. */
type On<F> = F extends (pool: Pool, ...rest: infer Rest) => infer Answer ? (...rest: Rest) => Answer : never;

/** db/collected-items.ts on its database. */
export interface ItemStore {
  readonly collect: On<typeof collectItems>;
  readonly after: On<typeof itemsAfter>;
  readonly noteAssessments: On<typeof noteAssessments>;
  readonly areas: On<typeof areasOf>;
  readonly flagged: On<typeof flaggedItems>;
  readonly clean: On<typeof cleanItems>;
  readonly numbersWithin: On<typeof numbersWithin>;
  readonly decide: On<typeof decideItems>;
  readonly decidedAs: On<typeof itemsDecidedAs>;
  readonly noteResults: On<typeof noteResults>;
  readonly reopen: On<typeof reopenItems>;
  readonly unannounced: On<typeof unannounced>;
  readonly noteAnnounced: On<typeof noteAnnounced>;
  readonly countAnnounced: On<typeof countAnnounced>;
}
export interface ItemDeps {
  readonly items: ItemStore;
  readonly waitingCases: (wait: Wait) => Promise<readonly WaitingCase[]>;
  /** Versions of decision tables by id. */
  readonly decisionVersions: () => Promise<Readonly<Record<string, readonly DecisionModel[]>>>;
  readonly newKeys: (count: number) => Promise<readonly string[]>;
  readonly publish: (message: PublishedMessage) => Promise<void>;
  readonly nowMs: () => number;
}

const storeOn = (pool: Pool): ItemStore => ({
  collect: (...rest) => collectItems(pool, ...rest),
  after: (...rest) => itemsAfter(pool, ...rest),
  noteAssessments: (...rest) => noteAssessments(pool, ...rest),
  areas: (...rest) => areasOf(pool, ...rest),
  flagged: (...rest) => flaggedItems(pool, ...rest),
  clean: (...rest) => cleanItems(pool, ...rest),
  numbersWithin: (...rest) => numbersWithin(pool, ...rest),
  decide: (...rest) => decideItems(pool, ...rest),
  decidedAs: (...rest) => itemsDecidedAs(pool, ...rest),
  noteResults: (...rest) => noteResults(pool, ...rest),
  reopen: (...rest) => reopenItems(pool, ...rest),
  unannounced: (...rest) => unannounced(pool, ...rest),
  noteAnnounced: (...rest) => noteAnnounced(pool, ...rest),
  countAnnounced: (...rest) => countAnnounced(pool, ...rest),
});

/** @param pool of role alur_worker. */
export function itemDeps(pool: Pool, client: Client): ItemDeps {
  const exchange = createExchangeMessages(client);
  return {
    items: storeOn(pool),
    waitingCases: (wait) => waitingCases(pool, wait),
    decisionVersions: async () => (await publishedDecisions(pool)).decisionVersions,
    newKeys: (count) => newKeys(pool, count),
    publish: (message) => exchange([{ type: 'publish', message }]),
    nowMs: () => Date.now(),
  };
}
