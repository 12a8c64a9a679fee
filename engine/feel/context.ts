/** What an evaluation is given from outside. */
import type { Value } from './value.ts';

export interface FeelContext {
  /** A variable by its exact name; undefined: there is none. */
  readonly lookup: (name: string) => Value | undefined;
  /** The instance's time, for `now()` and `today()`. */
  readonly nowMs: number;
  /** Zone of `now()` and `today()`: an offset or a name of the IANA database. Default UTC. */
  readonly zone?: string;
  /** The variables are FEEL values already (of another evaluation, of a TCK file): their texts stay texts whatever type is declared. */
  readonly typed?: true;
}
