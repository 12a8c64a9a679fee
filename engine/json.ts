/** A JSON value: what variables, facts and state consist of, because only JSON survives a payload unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };
export type Variables = JsonObject;
