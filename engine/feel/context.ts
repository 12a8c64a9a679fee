/** What an evaluation is given from outside. */
import type { Json } from '../json.ts';

export interface FeelContext {
  /** A variable by its exact name; undefined: there is none. */
  readonly lookup: (name: string) => Json | undefined;
  /** The instance's time, for `now()` and `today()`. */
  readonly nowMs: number;
  /** Zone of `now()` and `today()`: UTC, an offset, or Asia/Jakarta, Asia/Makassar, Asia/Jayapura. Default UTC. */
  readonly zone?: string;
}
