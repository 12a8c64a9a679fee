/** Built-in functions by name. DMN 1.5 §10.3.4, and the extensions Camunda's modelers offer. None reads a clock or random source. */
import { FunctionValue } from '../value.ts';
import type { Builtin } from '../value.ts';
import { aggregates } from './aggregates.ts';
import { contextFunctions } from './contexts.ts';
import { conversions } from './conversions.ts';
import { extensions } from './extensions.ts';
import { listFunctions } from './lists.ts';
import { numericFunctions } from './numbers.ts';
import { rangeFunctions } from './ranges.ts';
import { stringFunctions } from './strings.ts';
import { temporalFunctions } from './temporals.ts';

const all: readonly Builtin[] = [
  ...aggregates,
  ...contextFunctions,
  ...conversions,
  ...extensions,
  ...listFunctions,
  ...numericFunctions,
  ...rangeFunctions,
  ...stringFunctions,
  ...temporalFunctions,
];

/** Never changed after loading: cases share it safely. */
export const builtins: ReadonlyMap<string, FunctionValue> = new Map(
  all.map((builtin) => [builtin.name, new FunctionValue(builtin)]),
);
