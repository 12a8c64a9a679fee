/** Functions on contexts and on values of any type. DMN 1.5 §10.3.4.7, §10.3.4.2; `get or else`, `assert`, `put` are Camunda's. */
import { EvaluationFailure, entryOf, isContext, isList, setEntry } from '../value.ts';
import { isSame } from '../sameness.ts';
import { builtin, byName, signature } from './signature.ts';
import type { Builtin, Context, Environment, Value } from '../value.ts';
import { limits } from '../../limits.ts';

type Args = readonly (Value | undefined)[];

function getValue([context, key]: Args): Value {
  const keys = isList(key) ? key : [key ?? null];
  let current: Value = (context as Context) ?? null;
  for (const name of keys) {
    if (typeof name !== 'string' || !isContext(current)) return null;
    current = entryOf(current, name) ?? null;
  }
  return keys.length === 0 ? null : current;
}

function withEntry(context: Context, key: string, value: Value, env: Environment): Value {
  const copy: Record<string, Value> = {};
  env.charge(Object.keys(context).length);
  for (const name of Object.keys(context)) setEntry(copy, name, context[name] ?? null);
  return setEntry(copy, key, value) ? copy : env.warn(`'${key}' is no name for a context entry`);
}

function put([context, key, value]: Args, env: Environment): Value {
  return withEntry(context as Context, key as string, value ?? null, env);
}

/** `context put(context, keys, value)`: along a path of names, creating contexts on the way. */
function putPath([context, keys, value]: Args, env: Environment): Value {
  const names = keys as readonly Value[];
  if (names.length === 0 || names.length > limits.feelDepth || !names.every((name) => typeof name === 'string')) {
    return env.warn("'context put' needs a list of names");
  }
  return putAt(context as Context, names, value ?? null, env);
}
function putAt(context: Context, names: readonly string[], value: Value, env: Environment): Value {
  const [name = '', ...rest] = names;
  if (rest.length === 0) return withEntry(context, name, value, env);
  const inner = entryOf(context, name) ?? {};
  if (!isContext(inner)) return env.warn(`'${name}' is no context`);
  const changed = putAt(inner, rest, value, env);
  return changed === null ? null : withEntry(context, name, changed, env);
}

function merge(contexts: readonly Value[], env: Environment): Value {
  if (!contexts.every(isContext)) return env.warn("'context merge' takes contexts only");
  const merged: Record<string, Value> = {};
  for (const context of contexts) {
    env.charge(Object.keys(context).length + 1);
    for (const name of Object.keys(context)) setEntry(merged, name, context[name] ?? null);
  }
  return merged;
}

function fromEntries([entries]: Args, env: Environment): Value {
  const result: Record<string, Value> = {};
  for (const entry of entries as readonly Value[]) {
    env.charge(1);
    const key = isContext(entry) ? entryOf(entry, 'key') : undefined;
    const value = isContext(entry) ? entryOf(entry, 'value') : undefined;
    if (typeof key !== 'string' || value === undefined || Object.hasOwn(result, key) || !setEntry(result, key, value)) {
      return env.warn("'context' needs entries with distinct keys and values");
    }
  }
  return result;
}

function assertion([value, condition, cause]: Args): Value {
  if (condition === true) return value ?? null;
  throw new EvaluationFailure(
    typeof cause === 'string' ? cause.slice(0, limits.messageLength) : 'an assertion of the expression failed',
  );
}

export const contextFunctions: readonly Builtin[] = [
  builtin(
    'get value',
    signature('context: context, key: string', getValue),
    signature('m: context, key: string', getValue),
    signature('context: context, keys: list', getValue),
  ),
  builtin(
    'get entries',
    ...['context', 'm'].map((name) =>
      signature(`${name}: context`, ([context], env) => {
        const names = Object.keys(context as Context);
        env.charge(names.length);
        return names.map((key) => ({ key, value: (context as Context)[key] ?? null }));
      }),
    ),
  ),
  builtin(
    'context put',
    signature('context: context, key: string, value: any', put),
    signature('context: context, keys: list, value: any', putPath),
  ),
  builtin('put', signature('context: context, key: string, value: any', put)),
  builtin(
    'context merge',
    signature('contexts: list', ([contexts], env) => merge(contexts as readonly Value[], env)),
    signature('...contexts: context', (contexts, env) => merge(contexts as readonly Value[], env)),
  ),
  builtin(
    'put all',
    signature('...contexts: context', (contexts, env) => merge(contexts as readonly Value[], env)),
  ),
  builtin('context', signature('entries: list', fromEntries)),
  builtin(
    'not',
    signature('negand: any', ([negand], env) =>
      typeof negand === 'boolean' ? !negand : negand === null ? null : env.warn("'not' of no boolean"),
    ),
  ),
  builtin(
    'is',
    signature('value1: any, value2: any', ([left, right], env) => isSame(left ?? null, right ?? null, env)),
    // by name, an argument that is left out is null
    byName(signature('value1: any', ([left], env) => isSame(left ?? null, null, env))),
    byName(signature('value2: any', ([right], env) => isSame(null, right ?? null, env))),
  ),
  builtin(
    'is defined',
    signature('value: any', ([value]) => value !== null),
  ),
  builtin(
    'get or else',
    signature('value: any, default: any', ([value, otherwise]) => value ?? otherwise ?? null),
  ),
  builtin('assert', signature('value: any, condition: any, cause?: string', assertion)),
];
