/** Variables of the engine as the contract writes them: the same values, without `readonly`. */
import type { z } from 'zod';
import type { variables as contractVariables } from '#contract/values.ts';
import type { Variables } from '#engine/json.ts';

export type WireVariables = z.output<typeof contractVariables>;
export const wire = (variables: Variables): WireVariables => variables as WireVariables;
