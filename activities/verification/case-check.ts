/** One case by all that is known of it: its rows, its facts, its workflow. Pure: what was read comes in, what differs comes out. */
import { isDeepStrictEqual } from 'node:util';
import type { DifferenceKind, Repair } from '#contract/verification.ts';
import type { RowDifference } from '#db/rebuild.ts';
import { storableJson } from '#db/storable-json.ts';
import type { CaseRow } from '#db/verification/cases.ts';
import type { Detail, Difference as StoredDifference } from '#db/verification/store.ts';
import { stateAfter } from '#engine/apply.ts';
import type { InstanceState } from '#engine/instance.ts';
import { keyWithin } from '#engine/keys.ts';
import type { InstanceFact } from '#workflows/messages.ts';
import type { WorkflowLook } from './look.ts';

export type Difference = StoredDifference<DifferenceKind, Repair>;

export interface CaseEvidence {
  readonly row: CaseRow;
  /** Facts in PostgreSQL, in order. */
  readonly stored: readonly InstanceFact[];
  readonly rows: readonly RowDifference[];
  readonly look: WorkflowLook;
  /** Keys of jobs that are offered to outside workers. */
  readonly parked: ReadonlySet<string>;
  /** After a restore PostgreSQL may rightly be ahead. */
  readonly restored: boolean;
}

const outcomes = { completed: 'COMPLETED', terminated: 'TERMINATED', error: 'ERRORED', notStarted: '' } as const;
const plain = (value: unknown): unknown => JSON.parse(storableJson(value));
/** An instance has at most so many Activities under way; further jobs wait for their turn (workflows/limits.ts). */
const inFlightMost = 40;

/** Numbers as people write them: `3, 5-9`. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let from = 0; from < numbers.length;) {
    let to = from;
    while (numbers[to + 1] === (numbers[to] ?? 0) + 1) to += 1;
    parts.push(from === to ? String(numbers[from]) : `${numbers[from]}-${numbers[to]}`);
    from = to + 1;
  }
  return parts.slice(0, 20).join(', ');
}

function partsOf(stored: InstanceFact, made: InstanceFact): readonly string[] {
  const parts: string[] = [];
  if (stored.atMs !== made.atMs) parts.push('at');
  if (stored.actor !== made.actor) parts.push('actor');
  if (stored.commandKey !== made.commandKey) parts.push('commandKey');
  if (!isDeepStrictEqual(stored.fact, plain(made.fact))) parts.push('body');
  return parts;
}

/** State as the fold of facts; null: they cannot be folded. */
export function fold(facts: readonly InstanceFact[]): InstanceState | null {
  try {
    return stateAfter(facts);
  } catch {
    return null;
  }
}

class CaseCheck {
  readonly #evidence: CaseEvidence;
  readonly found: Difference[] = [];

  constructor(evidence: CaseEvidence) {
    this.#evidence = evidence;
  }

  #add(kind: DifferenceKind, detail: Detail, repair: Repair | null): void {
    this.found.push({ kind, instanceKey: this.#evidence.row.instanceKey, detail, repair });
  }

  /** What the workflow knows counts; one that was terminated may have given way to the facts. */
  get #state(): InstanceState | null {
    const { status, state } = this.#evidence.look;
    return status === 'RUNNING' || status === 'COMPLETED' ? state : null;
  }

  /** Numbers of facts that should be stored and are not, and of those that should not be. */
  #numbers(): { readonly missing: readonly number[]; readonly extra: readonly number[] } {
    const { stored, row } = this.#evidence;
    const known = this.#state?.factNumber ?? null;
    const there = new Set(stored.map(({ number }) => number));
    const last = Math.max(stored.at(-1)?.number ?? 0, known ?? 0, row.lastFact);
    const all = Array.from({ length: last }, (_, index) => index + 1);
    const isAhead = (number: number): boolean => known !== null && number > known;
    return {
      missing: all.filter((number) => !isAhead(number) && !there.has(number)),
      extra: all.filter(isAhead),
    };
  }

  /** Facts against facts; whether they are as they should be. */
  facts(): boolean {
    const { stored, look, restored } = this.#evidence;
    const before = this.found.length;
    const made = new Map(look.facts.map((fact) => [fact.number, fact]));
    const { missing, extra } = this.#numbers();
    if (missing.length > 0) {
      const canBeTaken = missing.every((number) => made.has(number));
      this.#add('factMissing', { facts: ranges(missing) }, canBeTaken ? 'takeFacts' : null);
    }
    for (const fact of stored) {
      const same = made.get(fact.number);
      const parts = same === undefined ? [] : partsOf(fact, same);
      if (parts.length > 0) this.#add('factDiffers', { fact: fact.number, parts: parts.join(', ') }, 'takeFacts');
    }
    if (extra.length > 0) this.#add('factExtra', { facts: ranges(extra) }, restored ? 'restart' : 'dropFacts');
    const isSound = this.found.length === before;
    if (isSound && stored.length > 0 && fold(stored) === null) this.#add('factUnreadable', {}, null);
    return this.found.length === before;
  }

  /** The fold of the facts against the state of the workflow. */
  state(): void {
    const folded = fold(this.#evidence.stored);
    if (this.#state === null || folded === null) return;
    const live = plain(this.#state) as Record<string, unknown>;
    const own = plain(folded) as Record<string, unknown>;
    const names = [...new Set([...Object.keys(live), ...Object.keys(own)])];
    const parts = names.filter((name) => !isDeepStrictEqual(live[name], own[name]));
    if (parts.length > 0) this.#add('stateDiffers', { parts: parts.join(', ') }, null);
  }

  rows(): void {
    const kinds = { missing: 'rowMissing', extra: 'rowExtra', differs: 'rowDiffers' } as const;
    for (const { table, row, kind, columns } of this.#evidence.rows.slice(0, 20)) {
      const detail = { table, row: Object.values(row).join('/'), columns: columns.join(', ') };
      this.#add(kinds[kind], detail, 'reproject');
    }
  }

  /** Whether what should run runs, and nothing else. */
  status(): void {
    const { row, look, stored, restored } = this.#evidence;
    const isOpen = row.state === 'ACTIVE';
    const foldsOpen = fold(stored)?.status === 'active';
    if (look.status === 'RUNNING') {
      if (look.silent !== null) this.#add('workflowSilent', { message: look.silent }, null);
      if (row.state !== null && !isOpen) this.#add('workflowOfClosedCase', {}, null);
      return;
    }
    const isLost = look.status !== 'COMPLETED';
    if (!isOpen) this.#outcome();
    else if (isLost || (restored && foldsOpen))
      this.#add('workflowLost', { status: look.status }, foldsOpen ? 'restart' : null);
    else this.#add('outcomeDiffers', { row: row.state, workflow: look.status }, null);
  }
  #outcome(): void {
    const { row, look } = this.#evidence;
    if (row.state !== null && look.outcome !== null && outcomes[look.outcome] !== row.state)
      this.#add('outcomeDiffers', { row: row.state, workflow: look.outcome }, null);
  }

  /** Every job that nobody does yet is on its way to somebody. */
  jobs(): void {
    const { row, look, parked } = this.#evidence;
    const { state, pending } = look;
    if (state === null || look.status !== 'RUNNING' || row.suspended || pending.length >= inFlightMost) return;
    const underWay = new Map<string, number>();
    for (const { type } of pending) underWay.set(type, (underWay.get(type) ?? 0) + 1);
    for (const [seq, { jobType, retries, retryAtMs }] of Object.entries(state.jobs)) {
      const jobKey = keyWithin(row.instanceKey, Number(seq));
      if (retries === 0 || retryAtMs !== null || parked.has(jobKey)) continue;
      const left = underWay.get(jobType) ?? 0;
      if (left === 0) this.#add('jobLost', { job: jobKey, type: jobType }, 'rearm');
      underWay.set(jobType, Math.max(0, left - 1));
    }
  }
}

export function checkCase(evidence: CaseEvidence): readonly Difference[] {
  const check = new CaseCheck(evidence);
  if (check.facts()) {
    check.state();
    check.rows();
  }
  check.status();
  check.jobs();
  return check.found;
}
