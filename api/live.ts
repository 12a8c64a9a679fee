/** Changes of cases for those who watch: one look at the database for all watchers of this process, none without them. */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { findChanges } from '#db/queries/changes.ts';
import type { Change } from '#db/queries/changes.ts';
import { inRegion, regionCovers, wholeCountry } from '#db/region-scope.ts';

const lookMs = 1_500;
/** Each look reaches back this far, so that a slow commit is not missed. */
const backSeconds = 15;
export const watchersMost = 500;

export type Tell = (change: Change) => void;
export interface Live {
  /** The function returned ends the watch; null: too many watch already. */
  readonly watch: (region: string, tell: Tell) => (() => void) | null;
}

export function createLive(pool: Pool, logger: Logger): Live {
  const watchers = new Set<{ readonly region: string; readonly tell: Tell }>();
  /** Last fact told, by case; forgotten when it is older than a look reaches. */
  let told = new Map<string, number>();
  let isFirst = true;
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    try {
      const changes = await inRegion(pool, wholeCountry, (db) => findChanges(db, backSeconds));
      const fresh = changes.filter(({ instanceKey, last }) => (told.get(instanceKey) ?? 0) < last);
      told = new Map(changes.map(({ instanceKey, last }) => [instanceKey, last]));
      for (const change of isFirst ? [] : fresh) {
        for (const { region, tell } of watchers) if (regionCovers(region, change.region)) tell(change);
      }
      isFirst = false;
    } catch (error) {
      logger.warn({ err: error }, 'live changes cannot be read now');
    }
    if (watchers.size > 0) timer = setTimeout(() => void look(), lookMs);
    else {
      timer = null;
      isFirst = true;
    }
  }
  return {
    watch: (region, tell) => {
      if (watchers.size >= watchersMost) return null;
      const watcher = { region, tell };
      watchers.add(watcher);
      timer ??= setTimeout(() => void look(), 0);
      return () => void watchers.delete(watcher);
    },
  };
}
