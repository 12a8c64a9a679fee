/**
 * A naive model of block-structured processes, to check the engine against. It shares no idea with it: no graph, no joins, no scopes.
 * A process is a term; its tokens are the set of tasks that wait in what is left of the term; completing one leaves a smaller term.
 */
export type Block =
  /** `timeout`: after an hour the task is given up and this is done instead. */
  | { readonly kind: 'task'; readonly id: string; readonly timeout: Block | null }
  | { readonly kind: 'pass' }
  | { readonly kind: 'sequence'; readonly blocks: readonly Block[] }
  /** `taken`: indexes of the branches whose condition holds; exactly one for `one`, every one for `all`. */
  | {
      readonly kind: 'one' | 'some' | 'all';
      readonly id: string;
      readonly branches: readonly Block[];
      readonly taken: readonly number[];
    }
  | { readonly kind: 'scope'; readonly id: string; readonly body: Block }
  | {
      readonly kind: 'each';
      readonly id: string;
      readonly body: Block;
      readonly count: number;
      readonly sequential: boolean;
    };

/** What is left of a block. */
type Rest =
  | { readonly kind: 'waiting'; readonly task: string; readonly timeout: Block | null; readonly place: string }
  | { readonly kind: 'then'; readonly first: Rest; readonly next: readonly Block[]; readonly place: string }
  | { readonly kind: 'together'; readonly parts: readonly Rest[] }
  | {
      readonly kind: 'repeat';
      readonly now: Rest;
      readonly next: number;
      readonly block: Extract<Block, { kind: 'each' }>;
      readonly place: string;
    }
  | null;

/** A block's beginning; null: it is done at once. `place`: loop counters around it, outermost first. */
export function begin(block: Block, place = ''): Rest {
  switch (block.kind) {
    case 'task':
      return { kind: 'waiting', task: block.id, timeout: block.timeout, place };
    case 'pass':
      return null;
    case 'sequence':
      return goOn(null, block.blocks, place);
    case 'one':
    case 'some':
    case 'all':
      return together(
        block.branches.filter((_, index) => block.taken.includes(index)).map((part) => begin(part, place)),
      );
    case 'scope':
      return begin(block.body, place);
    case 'each':
      if (block.sequential) return repeat(null, 1, block, place);
      return together(Array.from({ length: block.count }, (_, index) => begin(block.body, `${place}.${index + 1}`)));
  }
}

function goOn(first: Rest, next: readonly Block[], place: string): Rest {
  if (first !== null) return { kind: 'then', first, next, place };
  const [block, ...rest] = next;
  return block === undefined ? null : goOn(begin(block, place), rest, place);
}
function together(parts: readonly Rest[]): Rest {
  const left = parts.filter((part) => part !== null);
  return left.length === 0 ? null : { kind: 'together', parts: left };
}
function repeat(now: Rest, next: number, block: Extract<Block, { kind: 'each' }>, place: string): Rest {
  if (now !== null) return { kind: 'repeat', now, next, block, place };
  if (next > block.count) return null;
  return repeat(begin(block.body, `${place}.${next}`), next + 1, block, place);
}

/** The tokens: `task@place` of every task that waits. */
export function waiting(rest: Rest): string[] {
  switch (rest?.kind) {
    case undefined:
      return [];
    case 'waiting':
      return [`${rest.task}@${rest.place}`];
    case 'then':
      return waiting(rest.first);
    case 'together':
      return rest.parts.flatMap(waiting);
    case 'repeat':
      return waiting(rest.now);
  }
}

/** What is left once the tasks that `ends` names have ended: `completed`, or given up after an hour. */
export function end(rest: Rest, ends: (token: string, timeout: Block | null) => 'completed' | 'late' | null): Rest {
  switch (rest?.kind) {
    case undefined:
      return null;
    case 'waiting': {
      const how = ends(`${rest.task}@${rest.place}`, rest.timeout);
      if (how === 'late' && rest.timeout !== null) return begin(rest.timeout, rest.place);
      return how === 'completed' ? null : rest;
    }
    case 'then':
      return goOn(end(rest.first, ends), rest.next, rest.place);
    case 'together':
      return together(rest.parts.map((part) => end(part, ends)));
    case 'repeat':
      return repeat(end(rest.now, ends), rest.next, rest.block, rest.place);
  }
}
