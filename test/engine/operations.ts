/**
 * Counts what a step reads and writes of an instance: every entry of its tables and of the lists within, through proxies; and every
 * entry that is listed, through the few built-in functions that list. Seconds would tell of the machine, this tells of the engine.
 */
import type { Draft } from '#engine/draft.ts';

const tables = [
  'elements',
  'userTasks',
  'jobs',
  'timers',
  'subscriptions',
  'signalSubscriptions',
  'conditions',
  'compensations',
  'children',
  'incidents',
  'completedBy',
] as const;

let operations = 0;
let isCounting = false;
const count = (more: number): void => {
  if (isCounting) operations += more;
};

const proxies = new WeakMap<object, object>();
const isProxy = new WeakSet<object>();

/** The same value; whatever is done to it, or to anything in it, counts. */
function counted<T>(value: T): T {
  if (typeof value !== 'object' || value === null || isProxy.has(value)) return value;
  const known = proxies.get(value);
  if (known) return known as T;
  const proxy = new Proxy(value, {
    get(target, key, receiver) {
      count(1);
      return counted(Reflect.get(target, key, receiver));
    },
    set(target, key, entry, receiver) {
      count(1);
      return Reflect.set(target, key, entry, receiver);
    },
    has(target, key) {
      count(1);
      return Reflect.has(target, key);
    },
    deleteProperty(target, key) {
      count(1);
      return Reflect.deleteProperty(target, key);
    },
    ownKeys(target) {
      const keys = Reflect.ownKeys(target);
      count(keys.length);
      return keys;
    },
  });
  proxies.set(value, proxy);
  isProxy.add(proxy);
  return proxy;
}

/** Puts the draft's tables behind proxies. They belong to the draft from now on: none is copied any more. */
export function watch(draft: Draft): void {
  for (const table of tables) {
    draft.owned.add(table);
    Object.assign(draft.state, { [table]: counted(draft.state[table]) });
  }
}

/** Entries read, written or listed by the work. */
export function operationsOf(work: () => void): number {
  const restore = [listing(Set.prototype, 'values'), listing(Set.prototype, Symbol.iterator)];
  restore.push(listing(Map.prototype, 'entries'), listing(Map.prototype, 'values'));
  restore.push(listing(Map.prototype, Symbol.iterator), listing(Map.prototype, 'keys'));
  operations = 0;
  isCounting = true;
  try {
    work();
  } finally {
    isCounting = false;
    for (const undo of restore) undo();
  }
  return operations;
}

/** Lets a function that lists a Set or a Map count its entries; answers how to undo that. */
function listing<K extends PropertyKey>(prototype: Record<K, unknown>, key: K): () => void {
  const original = prototype[key] as (this: { readonly size: number }) => unknown;
  const counting = function (this: { readonly size: number }): unknown {
    count(this.size);
    return original.call(this);
  };
  Object.defineProperty(prototype, key, { value: counting, configurable: true, writable: true });
  return () => void Object.defineProperty(prototype, key, { value: original, configurable: true, writable: true });
}
