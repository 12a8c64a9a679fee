/** Scopes of variables: each element instance has its own, a name is looked for from the inside out. */
import type { Seq } from './command.ts';
import type { InstanceState } from './instance.ts';
import type { Json, JsonObject, Variables } from './json.ts';

/** A variable by its exact name; undefined: there is none. */
export type Lookup = (name: string) => Json | undefined;

/** What `step` reads of a state; a draft's and a finished one alike. */
export type Scopes = Pick<InstanceState, 'elements'>;

export const ownValue = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Variables as seen from an element instance. */
export function lookupFrom(scopes: Scopes, seq: Seq): Lookup {
  return (name) => {
    for (let at = seq; ;) {
      const element = scopes.elements[at];
      if (!element) return undefined;
      const value = ownValue(element.variables, name);
      if (value !== undefined || at === 0) return value;
      at = element.scope;
    }
  };
}

/** `above` hides what `below` has of the same name. */
export function overlay(above: Variables, below: Lookup): Lookup {
  return (name) => ownValue(above, name) ?? below(name);
}

/** Every variable visible from an element instance: what a job or a called instance is given. */
export function visibleVariables(scopes: Scopes, seq: Seq): Variables {
  const chain: Variables[] = [];
  for (let at = seq; ;) {
    const element = scopes.elements[at];
    if (!element) break;
    chain.push(element.variables);
    if (at === 0) break;
    at = element.scope;
  }
  return Object.assign({}, ...chain.toReversed()) as Variables;
}

/**
 * Which scope each variable goes to when set from `seq`: the nearest one upwards that has the name, else the process
 * (Zeebe: variable propagation). In the order of first use.
 */
export function propagation(scopes: Scopes, seq: Seq, variables: Variables): Map<Seq, Variables> {
  const targets = new Map<Seq, Record<string, Json>>();
  for (const name of Object.keys(variables)) {
    const scope = scopeWith(scopes, seq, name);
    const target = targets.get(scope) ?? {};
    target[name] = variables[name] ?? null;
    targets.set(scope, target);
  }
  return targets;
}

function scopeWith(scopes: Scopes, seq: Seq, name: string): Seq {
  for (let at = seq; at !== 0;) {
    const element = scopes.elements[at];
    if (!element) break;
    if (Object.hasOwn(element.variables, name)) return at;
    at = element.scope;
  }
  return 0;
}

/** `value` written at a path such as `hasil.skor` into `base`; what stands in the way and is no object gives way. */
export function withPath(base: Json | undefined, path: readonly string[], value: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const object = isObject(base) ? base : {};
  return { ...object, [name]: withPath(ownValue(object, name), rest, value) };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
