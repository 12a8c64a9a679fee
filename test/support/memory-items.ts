/** What batch cases collect, in memory: db/collected-items.ts without a database. Nothing is known of anybody beside the case's own facts. */
import type { ItemStore } from '#activities/connectors/item-deps.ts';
import type { ItemFileDeps } from '#activities/connectors/item-file-deps.ts';
import type { AreaCount, Assessed, Decided } from '#db/collected-items.ts';
import { regionCovers } from '#db/region-scope.ts';
import type { Json, JsonObject } from '#engine/json.ts';

interface Item {
  readonly number: string;
  readonly region: string;
  readonly facts: JsonObject;
  finding: Json;
  flagged: boolean;
  result: JsonObject | null;
  readonly announced: Set<string>;
}

export function memoryItems(): ItemStore & ItemFileDeps['items'] {
  const lists = new Map<string, Map<string, Item>>();
  const of = (list: string): Item[] =>
    [...(lists.get(list)?.values() ?? [])].sort((a, b) => (a.number < b.number ? -1 : 1));
  const within = (list: string, region: string): Item[] => of(list).filter((item) => regionCovers(region, item.region));
  const note = (list: string, { number, result }: Decided): void => {
    const item = lists.get(list)?.get(number);
    if (item !== undefined) item.result = result;
  };
  return {
    collect: (list, waiting) => {
      const items = waiting.map(({ correlationKey: number, region, variables }): [string, Item] => [
        number,
        { number, region, facts: variables, finding: null, flagged: false, result: null, announced: new Set() },
      ]);
      lists.set(list, new Map(items));
      return Promise.resolve();
    },
    after: (list, after, limit) => {
      const known = { gandaDengan: [], kepesertaan: [] };
      const next = of(list).filter(({ number }) => number > after);
      return Promise.resolve(
        next.slice(0, limit).map(({ number, facts }) => ({ number, facts: { ...facts, ...known } })),
      );
    },
    listed: (list, region, { after, limit, flaggedOnly }) =>
      Promise.resolve(
        within(list, region)
          .filter(({ number, flagged }) => number > after && (flagged || !flaggedOnly))
          .slice(0, limit),
      ),
    noteAssessments: (list, assessed: readonly Assessed[]) => {
      for (const { number, finding, flagged } of assessed) {
        const item = lists.get(list)?.get(number);
        if (item !== undefined) Object.assign(item, { finding, flagged });
      }
      return Promise.resolve();
    },
    areas: (list, segments) => {
      const areas = new Map<string, AreaCount>();
      for (const { region: whole, flagged, result } of of(list)) {
        const region = whole.split('.').slice(0, segments).join('.');
        const known = areas.get(region) ?? { region, items: 0, flagged: 0, undecided: 0 };
        areas.set(region, {
          region,
          items: known.items + 1,
          flagged: known.flagged + (flagged ? 1 : 0),
          undecided: known.undecided + (result === null ? 1 : 0),
        });
      }
      return Promise.resolve([...areas.values()]);
    },
    flagged: (list, region, limit) =>
      Promise.resolve(
        within(list, region)
          .filter((item) => item.flagged && item.result === null)
          .slice(0, limit),
      ),
    clean: (list, region) =>
      Promise.resolve(
        within(list, region)
          .filter((item) => !item.flagged && item.result === null)
          .map(({ number }) => number),
      ),
    numbersWithin: (list, region, numbers) =>
      Promise.resolve(
        new Set(
          within(list, region)
            .map(({ number }) => number)
            .filter((number) => numbers.includes(number)),
        ),
      ),
    decide: (list, region, decided, { clean }) => {
      for (const one of decided) note(list, one);
      const items = within(list, region);
      for (const item of items) if (!item.flagged) item.result ??= clean;
      const results: Record<string, number> = {};
      for (const { result } of items) {
        const hasil = result?.['hasil'];
        if (typeof hasil === 'string') results[hasil] = (results[hasil] ?? 0) + 1;
      }
      return Promise.resolve({ results, undecided: items.filter(({ result }) => result === null).length });
    },
    decidedAs: (list, region, results) =>
      Promise.resolve(
        within(list, region)
          .filter(({ result }) => results.some((one) => one === result?.['hasil']))
          .map(({ number, facts }) => ({ number, facts })),
      ),
    noteResults: (list, decided) => {
      for (const one of decided) note(list, one);
      return Promise.resolve();
    },
    reopen: (list, regions) => {
      const reopened = regions.flatMap((region) => within(list, region)).filter(({ result }) => result !== null);
      for (const item of reopened) item.result = null;
      return Promise.resolve(reopened.length);
    },
    unannounced: ({ list, messageName, hasil }, limit) =>
      Promise.resolve(
        of(list)
          .filter(({ result, announced }) => result !== null && !announced.has(messageName))
          .filter(({ result }) => hasil === null || result?.['hasil'] === hasil)
          .slice(0, limit)
          .map(({ number, result }) => ({ number, result: result ?? {} })),
      ),
    noteAnnounced: ({ list, messageName }, numbers) => {
      for (const number of numbers) lists.get(list)?.get(number)?.announced.add(messageName);
      return Promise.resolve();
    },
    countAnnounced: ({ list, messageName }) =>
      Promise.resolve(of(list).filter(({ announced }) => announced.has(messageName)).length),
  };
}
