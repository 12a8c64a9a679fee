/**
 * Regular expressions for `matches`, `replace`, `split` and `extract` (XPath/XQuery syntax, DMN 1.5 table 73) in time linear in the
 * text: patterns compile to a small program that runs all alternatives side by side (R. Cox, "Regular Expression Matching: the
 * Virtual Machine Approach"). Patterns with back-references, which that cannot do, go to pattern-trying.ts; look-around is refused.
 */
import { PatternError, parsePattern } from './pattern-parser.ts';
import type { CharTest, PatternFlags, PatternNode } from './pattern-parser.ts';
import { holds, type AssertionKind } from './pattern-assertions.ts';
import { findByTrying } from './pattern-trying.ts';
import type { Environment } from './value.ts';

type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly kind: AssertionKind }
  | { readonly op: 'match' };

export interface Pattern {
  readonly program: readonly Instruction[];
  readonly groups: number;
  readonly flags: PatternFlags;
  /** The whole as a tree, where it has back-references. */
  readonly tree: PatternNode | null;
}
/** Start and end of each group, in code points; -1: the group took no part. */
export type Match = readonly number[];

const maxInstructions = 5_000;
/** Visits of instructions that cost one step. */
const visitsPerStep = 16;

/** null with a warning: the pattern or its flags are malformed or not supported. */
export function compilePattern(source: string, flagText: string, env: Environment): Pattern | null {
  if (!/^[smixq]*$/.test(flagText)) return env.warn(`'${flagText}' are no flags of a pattern`);
  const flags: PatternFlags = {
    dotAll: flagText.includes('s'),
    multiline: flagText.includes('m'),
    ignoreCase: flagText.includes('i'),
    extended: flagText.includes('x'),
    literal: flagText.includes('q'),
  };
  env.charge(source.length);
  try {
    const { node, groups } = parsePattern(source, flags);
    if (hasBackReference(node)) return { program: [], groups: groups + 1, flags, tree: node };
    const program: Instruction[] = [];
    emit({ type: 'group', index: 0, of: node }, program);
    program.push({ op: 'match' });
    env.charge(program.length);
    return { program, groups: groups + 1, flags, tree: null };
  } catch (error) {
    if (error instanceof PatternError) return env.warn(`the pattern is not supported: ${error.message}`);
    throw error;
  }
}

function hasBackReference(node: PatternNode): boolean {
  switch (node.type) {
    case 'back':
      return true;
    case 'group':
    case 'repeat':
      return hasBackReference(node.of);
    case 'sequence':
      return node.parts.some(hasBackReference);
    case 'choice':
      return node.options.some(hasBackReference);
    case 'empty':
    case 'char':
    case 'assert':
      return false;
  }
}

function emit(node: PatternNode, program: Instruction[]): void {
  if (program.length > maxInstructions) throw new PatternError(`it is larger than ${maxInstructions} instructions`);
  switch (node.type) {
    case 'empty':
    case 'back':
      return;
    case 'char':
      program.push({ op: 'char', test: node.test });
      return;
    case 'assert':
      program.push({ op: 'assert', kind: node.kind });
      return;
    case 'group':
      program.push({ op: 'save', slot: node.index * 2 });
      emit(node.of, program);
      program.push({ op: 'save', slot: node.index * 2 + 1 });
      return;
    case 'sequence':
      for (const part of node.parts) emit(part, program);
      return;
    case 'choice':
      emitChoice(node.options, program);
      return;
    case 'repeat':
      emitRepeat(node, program);
      return;
  }
}

function emitChoice(options: readonly PatternNode[], program: Instruction[]): void {
  const jumps: number[] = [];
  for (const [index, option] of options.entries()) {
    const last = index === options.length - 1;
    const split = program.length;
    if (!last) program.push({ op: 'match' });
    emit(option, program);
    if (!last) {
      jumps.push(program.length);
      program.push({ op: 'match' });
      program[split] = { op: 'split', first: split + 1, second: program.length };
    }
  }
  for (const jump of jumps) program[jump] = { op: 'jump', to: program.length };
}

function emitRepeat(node: PatternNode & { type: 'repeat' }, program: Instruction[]): void {
  for (let i = 0; i < node.min; i++) emit(node.of, program);
  const fork = (at: number, into: number, past: number): void => {
    program[at] = node.greedy ? { op: 'split', first: into, second: past } : { op: 'split', first: past, second: into };
  };
  if (node.max === null) {
    const start = program.length;
    program.push({ op: 'match' });
    emit(node.of, program);
    program.push({ op: 'jump', to: start });
    fork(start, start + 1, program.length);
    return;
  }
  const forks: number[] = [];
  for (let i = node.min; i < node.max; i++) {
    forks.push(program.length);
    program.push({ op: 'match' });
    emit(node.of, program);
  }
  for (const at of forks) fork(at, at + 1, program.length);
}

interface Thread {
  readonly pc: number;
  readonly saved: readonly number[];
}

/** The leftmost match at or after `from`; null: none. */
export function findMatch(pattern: Pattern, text: readonly string[], from: number, env: Environment): Match | null {
  const { program } = pattern;
  if (pattern.tree !== null) return findByTrying({ ...pattern, tree: pattern.tree }, text, from, env);
  const seen = new Int32Array(program.length).fill(-1);
  let threads: Thread[] = [];
  let found: Match | null = null;
  let visits = 0;
  const spend = (): void => {
    if (++visits % visitsPerStep === 0) env.charge(1);
  };
  const follow = (list: Thread[], start: Thread, position: number): void => {
    const stack: Thread[] = [start];
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      spend();
      const instruction = program[thread.pc];
      if (instruction === undefined || seen[thread.pc] === position) continue;
      seen[thread.pc] = position;
      const { saved } = thread;
      if (instruction.op === 'jump') stack.push({ pc: instruction.to, saved });
      else if (instruction.op === 'split')
        stack.push({ pc: instruction.second, saved }, { pc: instruction.first, saved });
      else if (instruction.op === 'save')
        stack.push({ pc: thread.pc + 1, saved: withSlot(saved, instruction.slot, position) });
      else if (instruction.op === 'assert') {
        if (holds(instruction.kind, text, position, pattern.flags.multiline)) stack.push({ pc: thread.pc + 1, saved });
      } else list.push(thread);
    }
  };
  const noneSaved: readonly number[] = Array.from({ length: pattern.groups * 2 }, () => -1);
  for (let position = from; position <= text.length; position++) {
    if (found === null) follow(threads, { pc: 0, saved: noneSaved }, position);
    if (threads.length === 0 && found !== null) break;
    const next: Thread[] = [];
    // `follow` marks by position; threads of the next position are entered with position + 1.
    for (const thread of threads) {
      spend();
      const instruction = program[thread.pc];
      if (instruction?.op === 'match') {
        found = thread.saved;
        break;
      }
      const char = text[position];
      if (instruction?.op === 'char' && char !== undefined && instruction.test(char))
        follow(next, { pc: thread.pc + 1, saved: thread.saved }, position + 1);
    }
    threads = next;
  }
  return found;
}
function withSlot(saved: readonly number[], slot: number, position: number): readonly number[] {
  const copy = saved.slice();
  copy[slot] = position;
  return copy;
}

/** All matches from left to right, none overlapping. */
export function findMatches(pattern: Pattern, text: readonly string[], env: Environment): Match[] {
  const matches: Match[] = [];
  for (let from = 0; from <= text.length;) {
    env.charge(1);
    const match = findMatch(pattern, text, from, env);
    if (match === null) break;
    matches.push(match);
    const [start = 0, end = 0] = match;
    from = end > start ? end : end + 1;
  }
  return matches;
}
