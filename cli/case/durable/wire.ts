/** What the contract takes in forms of its own. */
import type { z } from 'zod';
import type { variables as contractVariables } from '#contract/values.ts';
import type { Variables } from '#engine/json.ts';
import type { CaseFile } from '../engine.ts';

export type WireVariables = z.output<typeof contractVariables>;
/** Variables of the engine: the same values, without `readonly`. */
export const wire = (variables: Variables): WireVariables => variables as WireVariables;

/** Files of a deployment. */
export function filesBody(files: readonly CaseFile[]): FormData {
  const form = new FormData();
  for (const { name, content } of files) form.append('resources', new Blob([content]), name);
  return form;
}
