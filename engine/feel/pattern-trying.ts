/**
 * Patterns with back-references, by trying one way after another: no way is known to match those in linear time. Every try costs a
 * step of the evaluation's budget and the depth is limited, so that a hostile pattern ends like any other costly expression.
 */
import { holds } from './pattern-assertions.ts';
import type { PatternFlags, PatternNode } from './pattern-parser.ts';
import { BudgetExceeded, type Environment } from './value.ts';
import { limits } from '../limits.ts';

interface TriedPattern {
  readonly tree: PatternNode;
  readonly groups: number;
  readonly flags: PatternFlags;
}
/** What follows a node: whether the rest of the pattern matches from there. */
type Rest = (position: number) => boolean;

/** The leftmost match at or after `from`: start and end of each group, -1 where it took no part; null: none. */
export function findByTrying(
  { tree, groups, flags }: TriedPattern,
  text: readonly string[],
  from: number,
  env: Environment,
): readonly number[] | null {
  for (let start = from; start <= text.length; start++) {
    const attempt = new Attempt(text, groups, flags, env);
    const end = attempt.match(tree, start);
    if (end !== null) return [start, end, ...attempt.saved.slice(2)];
  }
  return null;
}

class Attempt {
  readonly saved: number[];
  readonly #text: readonly string[];
  readonly #flags: PatternFlags;
  readonly #env: Environment;
  #depth = 0;

  constructor(text: readonly string[], groups: number, flags: PatternFlags, env: Environment) {
    this.saved = Array.from({ length: groups * 2 }, () => -1);
    this.#text = text;
    this.#flags = flags;
    this.#env = env;
  }

  match(tree: PatternNode, start: number): number | null {
    let end: number | null = null;
    this.#try(tree, start, (position) => {
      end = position;
      return true;
    });
    return end;
  }

  #try(node: PatternNode, at: number, rest: Rest): boolean {
    this.#env.charge(1);
    if (++this.#depth > limits.feelPatternDepth)
      throw new BudgetExceeded(`a pattern with a back-reference needs more than ${limits.feelPatternDepth} levels`);
    const matched = this.#tryNode(node, at, rest);
    this.#depth--;
    return matched;
  }

  #tryNode(node: PatternNode, at: number, rest: Rest): boolean {
    switch (node.type) {
      case 'empty':
        return rest(at);
      case 'char': {
        const char = this.#text[at];
        return char !== undefined && node.test(char) && rest(at + 1);
      }
      case 'assert':
        return holds(node.kind, this.#text, at, this.#flags.multiline) && rest(at);
      case 'back':
        return this.#tryAgain(node, at, rest);
      case 'group':
        return this.#tryGroup(node, at, rest);
      case 'sequence':
        return this.#tryParts(node.parts, 0, at, rest);
      case 'choice':
        return node.options.some((option) => this.#try(option, at, rest));
      case 'repeat':
        return this.#tryRepeat(node, 0, at, rest);
    }
  }

  /** A group that took no part matches the empty text. */
  #tryAgain(node: PatternNode & { type: 'back' }, at: number, rest: Rest): boolean {
    const [start = -1, end = -1] = this.saved.slice(node.group * 2, node.group * 2 + 2);
    const length = start < 0 ? 0 : end - start;
    this.#env.charge(length);
    const plain = (char: string | undefined): string | undefined => (node.ignoreCase ? char?.toLowerCase() : char);
    for (let i = 0; i < length; i++) if (plain(this.#text[start + i]) !== plain(this.#text[at + i])) return false;
    return rest(at + length);
  }

  #tryGroup(node: PatternNode & { type: 'group' }, at: number, rest: Rest): boolean {
    const slot = node.index * 2;
    const before = this.saved.slice(slot, slot + 2);
    const matched = this.#try(node.of, at, (end) => {
      const inner = this.saved.slice(slot, slot + 2);
      this.saved.splice(slot, 2, at, end);
      if (rest(end)) return true;
      this.saved.splice(slot, 2, ...inner);
      return false;
    });
    if (!matched) this.saved.splice(slot, 2, ...before);
    return matched;
  }

  #tryParts(parts: readonly PatternNode[], index: number, at: number, rest: Rest): boolean {
    const part = parts[index];
    return part === undefined ? rest(at) : this.#try(part, at, (end) => this.#tryParts(parts, index + 1, end, rest));
  }

  #tryRepeat(node: PatternNode & { type: 'repeat' }, count: number, at: number, rest: Rest): boolean {
    const again = (): boolean =>
      (node.max === null || count < node.max) &&
      this.#try(node.of, at, (end) => (end > at || count < node.min) && this.#tryRepeat(node, count + 1, end, rest));
    if (count < node.min) return again();
    return node.greedy ? again() || rest(at) : rest(at) || again();
  }
}
