/** A JSON value: what variables, facts and state consist of, because only JSON survives a payload unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };
export type Variables = JsonObject;

/** Whether an object has any own name, without listing them all. */
export function hasAny(table: object): boolean {
  for (const name in table) if (Object.hasOwn(table, name)) return true;
  return false;
}
