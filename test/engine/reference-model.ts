/**
 * A naive model of block-structured processes, to check the engine against. It shares no idea with it: no graph, no facts, no fold.
 * A process is a program compiled from its tree (`reference-model-blocks.ts`): what comes after a block is a function, a token is a call of
 * it. What waits hangs on frames, one per element at work; whatever the command, the calls are made until nothing is left to call.
 */
import type { Json } from '#engine/json.ts';
import type { Block } from './block-process.ts';

/** A token arrives in this scope. */
export type Go = (scope: Frame) => void;
/** Ends of branches that a token can still get to: joins that may have to wait for it (`reference-model-joins.ts`). */
export type Inside = readonly string[];
/** What a token does that arrives before the block, given what it does after. */
export type Compile = (block: Block | null, next: Go, inside: Inside) => Go;
export type Values = Record<string, Json>;

export type WaitKind = 'job' | 'task' | 'message' | 'signal' | 'condition' | 'timer' | 'child' | 'incident';

/** Something that only a command, or time, brings about. */
export interface Wait {
  readonly kind: WaitKind;
  readonly frame: Frame;
  /** What tells it from other waits of its kind: element, loop counters, purpose. */
  readonly label: string;
  /** What it waits for: a signal's name, a condition's variable. */
  readonly name: string;
  /** What happens then. */
  readonly fire: (variables: Values) => void;
  /** false: it waits on after that. */
  readonly once: boolean;
  /** Place among the triggers of a multiple event. */
  readonly part: number;
  /** Timers, and jobs that wait for their next attempt. */
  dueMs: number | null;
  /** Jobs: attempts left. */
  retries: number;
  /** Conditions: as last seen. */
  holds: boolean;
}

/** Catches errors or escalations that are thrown within a frame. */
export interface Catcher {
  readonly type: 'error' | 'escalation';
  readonly code: string | null;
  /** The event sub-process that begins; it does not catch what is thrown within itself. */
  readonly begins?: string;
  readonly fire: () => void;
}

/** What can be undone, see `reference-model-undo.ts`. */
export interface Undo {
  readonly id: string;
  readonly start: (within: Frame, done: () => void) => void;
  /** The compensation that is to undo it; null: none. */
  holder: Frame | null;
}

/** An element at work, and a scope for what is within. */
export class Frame {
  readonly children = new Set<Frame>();
  readonly vars: Values = {};
  /** Tokens that wait before joins, by join and branch. */
  readonly arrivals = new Map<string, number[]>();
  /** Joins that have gone on before all their tokens were there: branches whose token is in. */
  readonly fired = new Map<string, readonly number[]>();
  /** Tokens that will arrive somewhere in this scope as soon as it is their turn. */
  moving = 0;
  /** Changes when the tokens of the scope are thrown away. */
  era = 0;
  ended = false;
  undos: Undo[] = [];
  /** Handlers work one after the other. */
  inTurn = false;
  /** Of the event sub-processes within come before those on the boundary. */
  inner: Catcher[] = [];
  outer: Catcher[] = [];
  /** Labels of what starts the event sub-processes within. */
  readonly starts = new Set<string>();
  /** Transactions: what happens when all has been undone. */
  cancelled: (() => void) | null = null;
  /** Ad-hoc sub-processes: begins parts, by index, instead of what is active or beside it; null: nothing new begins. */
  choose: ((parts: readonly number[], instead: boolean) => void) | null = null;
  /** A token within has come to the end of a part. */
  pathEnded: (() => void) | null = null;
  /** The elements that its parts begin with. */
  parts: readonly string[] = [];
  /** An event sub-process. */
  isEvent = false;
  /** Scopes: what happens when nothing is left in it. */
  whenEmpty: (() => void) | null = null;

  readonly id: string;
  readonly parent: Frame | null;
  /** Loop counters from outside in: `.2.1`. */
  readonly place: string;
  readonly inside: Inside;
  /** null: bookkeeping, no element of the diagram. */
  readonly shown: boolean;

  constructor(id: string, parent: Frame | null, { place = '', inside = [] as Inside, shown = true } = {}) {
    this.id = id;
    this.parent = parent;
    this.place = (parent?.place ?? '') + place;
    this.inside = inside;
    this.shown = shown;
    parent?.children.add(this);
  }

  get label(): string {
    return `${this.id}@${this.place}`;
  }
}

export type Status = 'active' | 'completed' | 'terminated' | 'errored';

/** A join that goes on with fewer tokens than branches: looked at when everything rests. */
export interface Patient {
  readonly id: string;
  /** Whether it did something. */
  readonly tryIn: (scope: Frame) => boolean;
}

export class Machine {
  nowMs: number;
  status: Status = 'active';
  readonly root = new Frame('p', null, { shown: false });
  readonly waits = new Set<Wait>();
  /** Element ids since they were last taken away. */
  completed: string[] = [];
  terminated: string[] = [];
  readonly patients: Patient[] = [];
  /** Where a token that waits before a join stands, see `Frame.inside`. */
  readonly joinsInside = new Map<string, Inside>();
  readonly #queue: { readonly scope: Frame; readonly era: number; readonly go: Go }[] = [];

  /** By a call activity of another process. */
  readonly isCalled: boolean;

  constructor(nowMs: number, isCalled: boolean) {
    this.nowMs = nowMs;
    this.isCalled = isCalled;
  }

  /** A token arrives there when it is its turn. */
  later(scope: Frame, go: Go): void {
    scope.moving += 1;
    this.#queue.push({ scope, era: scope.era, go });
  }

  /** Makes every call that is to be made, and what follows from there being none left. */
  settle(): void {
    do {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const { scope, era, go } = next;
        if (scope.ended || scope.era !== era) continue;
        scope.moving -= 1;
        go(scope);
      }
    } while (
      this.status === 'active' &&
      (this.#finishEmpty(this.root) || this.#lookAtConditions() || this.#nudge(this.root))
    );
  }

  #finishEmpty(frame: Frame): boolean {
    for (const child of frame.children) if (this.#finishEmpty(child)) return true;
    const isEmpty = frame.children.size === 0 && frame.moving === 0 && frame.arrivals.size === 0;
    if (!isEmpty || frame.whenEmpty === null) return false;
    const finish = frame.whenEmpty;
    frame.whenEmpty = null;
    finish();
    return true;
  }

  #nudge(scope: Frame): boolean {
    for (const patient of this.patients) {
      if ((scope.arrivals.has(patient.id) || scope.fired.has(patient.id)) && patient.tryIn(scope)) return true;
    }
    for (const child of scope.children) if (this.#nudge(child)) return true;
    return false;
  }

  /** An element that does its work at once. */
  mark(id: string): void {
    this.completed.push(id);
  }

  complete(frame: Frame): void {
    if (frame.shown) this.completed.push(frame.id);
    this.#remove(frame);
  }

  /** Ends the frame and everything within before its time. */
  kill(frame: Frame): void {
    this.clear(frame);
    if (frame.shown) this.terminated.push(frame.id);
    this.#remove(frame);
  }

  /** Everything within, but `spared`. */
  clear(frame: Frame, spared: Frame | null = null): void {
    for (const child of frame.children) if (child !== spared) this.kill(child);
    frame.arrivals.clear();
    frame.fired.clear();
    frame.moving = 0;
    frame.era += 1;
  }

  #remove(frame: Frame): void {
    frame.ended = true;
    frame.parent?.children.delete(frame);
    for (const wait of this.waits) if (wait.frame === frame) this.waits.delete(wait);
  }

  /** No event sub-process of the scope begins any more. */
  closeEvents(scope: Frame): void {
    scope.inner = [];
    for (const wait of this.waits) if (wait.frame === scope && scope.starts.has(wait.label)) this.waits.delete(wait);
  }

  wait(kind: WaitKind, frame: Frame, fire: Wait['fire'], extra: Partial<Wait> = {}): Wait {
    const plain = { label: frame.label, name: '', once: true, part: 0, dueMs: null, retries: 3, holds: false };
    const full: Wait = { kind, frame, fire, ...plain, ...extra };
    this.waits.add(full);
    return full;
  }

  /** A job for the element's own work. */
  job(frame: Frame, done: () => void): void {
    const answered = (variables: Values): void => {
      this.set(frame, variables);
      done();
    };
    this.wait('job', frame, answered, { label: `${frame.label} element` });
  }

  /** As they are now: what happens meanwhile does not change the list. */
  waitsFor(kind: WaitKind, name: string | null = null): Wait[] {
    return [...this.waits].filter((wait) => wait.kind === kind && (name === null || wait.name === name));
  }

  /** What was waited for has come. */
  trigger(wait: Wait, variables: Values): void {
    if (wait.once) this.waits.delete(wait);
    wait.fire(variables);
  }

  /** A signal thrown within reaches whoever waits for it at that moment. */
  broadcast(name: string): void {
    for (const wait of this.waitsFor('signal', name)) if (this.waits.has(wait)) this.trigger(wait, {});
  }

  /** Where the name is found from the frame outwards, else in the process. */
  set(frame: Frame, variables: Values): void {
    for (const [name, value] of Object.entries(variables)) {
      let at = frame;
      while (at.parent !== null && !Object.hasOwn(at.vars, name)) at = at.parent;
      at.vars[name] = value;
    }
  }

  get(frame: Frame, name: string): Json | undefined {
    for (let at: Frame | null = frame; at !== null; at = at.parent)
      if (Object.hasOwn(at.vars, name)) return at.vars[name];
    return undefined;
  }
  holds(frame: Frame, flag: string): boolean {
    return this.get(frame, flag) === 1;
  }

  /** Those that have become true happen. Whether any did. */
  #lookAtConditions(): boolean {
    let happened = false;
    for (const wait of this.waitsFor('condition')) {
      if (!this.waits.has(wait)) continue;
      const before = wait.holds;
      wait.holds = this.holds(wait.frame, wait.name);
      if (!wait.holds || before) continue;
      this.trigger(wait, {});
      happened = true;
    }
    return happened;
  }

  /**
   * From the frame outwards. In each one a catcher of exactly the code comes before one of all codes, then the event sub-processes within
   * before the boundary; an escalation tries those within first, whatever the code. Whether any caught it.
   */
  throw(type: Catcher['type'], from: Frame, code: string): boolean {
    let passed: string | null = null;
    for (let at: Frame | null = from; at !== null; at = at.parent) {
      const { inner } = at;
      // one round of a looping activity is on a level with the border of the whole
      const outer = at.parent?.id === at.id ? [...at.outer, ...at.parent.outer] : at.outer;
      for (const level of type === 'error' ? [[...inner, ...outer]] : [inner, outer]) {
        const fitting = level.filter((catcher) => catcher.type === type && catcher.begins !== passed);
        const found = fitting.find((one) => one.code === code) ?? fitting.find((one) => one.code === null);
        if (found === undefined) continue;
        found.fire();
        return true;
      }
      passed = at.id;
    }
    return false;
  }

  /** An element that cannot go on until a person resolves its incident. */
  incident(frame: Frame, code: string, again: () => void): void {
    this.wait('incident', frame, again, { label: `${frame.label} ${code}` });
  }

  /** An error that nothing catches ends a called instance; else a person may have it tried `again`. */
  throwError(from: Frame, code: string, again: () => void): void {
    if (this.throw('error', from, code)) return;
    if (this.isCalled) this.end('errored');
    else this.incident(from, 'UNHANDLED_ERROR_EVENT', again);
  }

  end(status: Status): void {
    this.clear(this.root);
    this.waits.clear();
    this.status = status;
  }
}
