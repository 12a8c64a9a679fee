/**
 * Block-structured processes as trees: what the random generator draws, what becomes a process model (`block-process-model.ts`) and
 * what the naive reference model interprets. The two share these types and nothing else.
 *
 * Ids of the elements of a block follow from the block's own: `…s` and `…e` are the start and end event of a scope, `…in`,
 * `…split` and `…join` the gateways of a split, `…g` the task that guards a throw or end event. Conditions are `flag = 1`.
 *
 * What disturbs other tokens (throwing, ending with more than a token) follows a task of its own. So only one token moves when it
 * happens, and the order of independent tokens within one step, which the standard leaves open, shows nowhere.
 */

/** A variable that a condition compares with 1. */
export type Flag = string;

export type Trigger =
  /** `repeats`: cycle of so many times, else once. */
  | { readonly type: 'timer'; readonly seconds: number; readonly repeats: number | null }
  | { readonly type: 'message' | 'signal'; readonly name: string }
  | { readonly type: 'conditional'; readonly flag: Flag }
  /** null: catches every code. */
  | { readonly type: 'error' | 'escalation'; readonly code: string | null }
  | { readonly type: 'cancel' }
  | { readonly type: 'multiple' | 'parallelMultiple'; readonly triggers: readonly Trigger[] };

export interface Branch {
  /** null: the default flow, or a flow without a condition where the split has no default (parallel). */
  readonly flag: Flag | null;
  /** null: straight to the merge; only the last branch of a split. */
  readonly block: Block | null;
}

export type Loop =
  | {
      readonly type: 'multi';
      readonly sequential: boolean;
      readonly count: number;
      /** By number, not by a collection. */
      readonly cardinality: boolean;
      /** Gathers variable `…out` of each instance in `…all`. */
      readonly collects: boolean;
      /** Done as soon as so many have completed; null: all. */
      readonly enough: number | null;
    }
  | {
      readonly type: 'standard';
      readonly testBefore: boolean;
      /** Goes on while `loopCounter` is less; null: no condition. */
      readonly below: number | null;
      readonly maximum: number | null;
    };

export interface Boundary {
  readonly id: string;
  readonly trigger: Trigger;
  readonly interrupting: boolean;
  readonly block: Block | null;
  /** The token goes on where the activity's does; else it ends at `…e`. */
  readonly merges: boolean;
}

export interface EventScope {
  /** The event sub-process; its start event is `…s`. */
  readonly id: string;
  /** `compensation`: undoes the scope once that has completed. */
  readonly trigger: Trigger | { readonly type: 'compensation' };
  readonly interrupting: boolean;
  readonly body: Block;
}

export type TaskType = 'service' | 'send' | 'user' | 'receive' | 'call' | 'manual';

export type Work =
  | { readonly type: TaskType }
  | {
      readonly type: 'scope';
      readonly transaction: boolean;
      readonly body: Block;
      readonly events: readonly EventScope[];
      /** Handlers one after the other (property `alur.compensationOrder`). */
      readonly undoesInTurn: boolean;
    }
  | {
      readonly type: 'adHoc';
      readonly parts: readonly Block[];
      /** Indexes of the parts that begin by themselves. */
      readonly chosen: readonly number[];
      readonly sequential: boolean;
      /** Completion condition; null: none. */
      readonly done: Flag | null;
      readonly cancelsRest: boolean;
    };

export interface Activity {
  readonly kind: 'activity';
  readonly id: string;
  readonly work: Work;
  readonly loop: Loop | null;
  readonly boundary: readonly Boundary[];
  /** `…undo` is the boundary event, `…undoes` the handler, a service task. */
  readonly undone: boolean;
  /** Execution listeners: so many before and after. */
  readonly listeners: { readonly start: number; readonly end: number };
}

/** What a throw event or an end event does. */
export type Deed =
  | { readonly type: 'signal'; readonly name: string }
  | { readonly type: 'escalation'; readonly code: string }
  /** null: everything in the scope. */
  | { readonly type: 'compensation'; readonly activity: string | null; readonly waits: boolean }
  | { readonly type: 'job' };
export type Ending =
  | Deed
  | { readonly type: 'none' | 'terminate' | 'cancel' }
  | { readonly type: 'error'; readonly code: string };

export interface Catch {
  readonly id: string;
  readonly trigger: Trigger;
  /** A receive task instead of a message event. */
  readonly receives: boolean;
}

export type Block =
  | { readonly kind: 'sequence'; readonly blocks: readonly Block[] }
  | { readonly kind: 'pass'; readonly id: string; readonly as: 'task' | 'throw' | 'gateway' | 'link' }
  | { readonly kind: 'script'; readonly id: string; readonly variable: string; readonly value: number }
  | Activity
  | {
      readonly kind: 'split';
      readonly id: string;
      /** `implicit`: conditional flows out of a task. */
      readonly type: 'exclusive' | 'inclusive' | 'parallel' | 'implicit';
      readonly branches: readonly Branch[];
      /** Without a gateway: every flow leads to what follows. Only where tokens need no synchronisation. */
      readonly openMerge: boolean;
    }
  /** Complex gateway that joins parallel branches: goes on with the `needed`-th token, and resets with the last. */
  | {
      readonly kind: 'discriminator';
      readonly id: string;
      readonly branches: readonly Block[];
      readonly needed: number;
    }
  /** Loop of gateways; `…c` counts in variable `…n` up to `rounds`. */
  | {
      readonly kind: 'repeat';
      readonly id: string;
      readonly testFirst: boolean;
      readonly rounds: number;
      readonly body: Block;
    }
  | { readonly kind: 'catch'; readonly event: Catch }
  /** Event-based gateway. */
  | {
      readonly kind: 'race';
      readonly id: string;
      readonly branches: readonly { readonly event: Catch; readonly block: Block | null }[];
      readonly openMerge: boolean;
    }
  | { readonly kind: 'throw'; readonly id: string; readonly deeds: readonly Deed[] }
  | { readonly kind: 'end'; readonly id: string; readonly does: Ending };

export type Kind<K extends Block['kind']> = Extract<Block, { readonly kind: K }>;

export interface BlockProcess {
  readonly body: Block;
  readonly events: readonly EventScope[];
}

/** How many flows leave the block; 0: every token of it ends within. */
export function exitsOf(block: Block | null): number {
  switch (block?.kind) {
    case undefined:
      return 1;
    case 'sequence':
      return exitsOf(block.blocks.at(-1) ?? null);
    case 'activity':
      return 1 + total(block.boundary.map((event) => (event.merges ? exitsOf(event.block) : 0)));
    case 'split':
    case 'race': {
      const exits = total(block.branches.map((branch) => exitsOf(branch.block)));
      return block.openMerge ? exits : Math.min(exits, 1);
    }
    case 'discriminator':
      return Math.min(total(block.branches.map(exitsOf)), 1);
    case 'end':
      return 0;
    case 'pass':
    case 'script':
    case 'repeat':
    case 'catch':
    case 'throw':
      return 1;
  }
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** The id of the first element of a part of an ad-hoc sub-process. */
export function firstElementOf(part: Block): string {
  if (part.kind === 'sequence') return firstElementOf(part.blocks[0] ?? part);
  if ('id' in part) return part.id;
  throw new Error('a part of an ad-hoc sub-process begins with an activity');
}
