/** Compiled models by definition key: immutable, so they may be kept. */
import type { ClientBase } from 'pg';
import { LruCache } from '#db/lru.ts';
import { findModel } from '#db/queries/definitions.ts';
import type { ProcessModel } from '#engine/model.ts';

export interface ModelCache {
  /** null: no such definition. Reads through the caller's connection: a second one could be waited for in vain. */
  readonly get: (db: Pick<ClientBase, 'query'>, definitionKey: string) => Promise<ProcessModel | null>;
}
const modelsKept = 50;

export function createModelCache(): ModelCache {
  const kept = new LruCache<ProcessModel>(modelsKept);
  return {
    get: async (db, definitionKey) => {
      const known = kept.get(definitionKey);
      if (known !== undefined) return known;
      const model = await findModel(db, definitionKey);
      if (model !== null) kept.set(definitionKey, model);
      return model;
    },
  };
}
