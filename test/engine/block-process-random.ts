/** Draws block-structured processes. The same chance draws the same process. */
import { exitsOf } from './block-process.ts';
import type {
  Activity,
  Block,
  BlockProcess,
  Boundary,
  Branch,
  Catch,
  Deed,
  Ending,
  EventScope,
  Kind,
  Loop,
  TaskType,
  Trigger,
  Work,
} from './block-process.ts';
import type { Chance } from './seeded.ts';

/** Blocks of a process at most: larger ones find nothing that smaller ones do not, and take longer. */
const largestProcess = 14;
const deepestNesting = 4;

/** Where a block is drawn. */
interface Place {
  readonly depth: number;
  /** Codes that something around catches. */
  readonly errors: readonly string[];
  readonly escalations: readonly string[];
  /** Activities of the same scope that come before and can be undone. */
  readonly undoable: string[];
  readonly inTransaction: boolean;
  /** A flow may end here without reaching the end of the block. */
  readonly mayEnd: boolean;
  /** What is drawn may be undone later; not so where tokens may come more than once. */
  readonly mayUndo: boolean;
  /** Within an event sub-process: what is done in the scope around it can be undone from here. */
  readonly inEvent: boolean;
}

export function drawProcess(chance: Chance): BlockProcess {
  return new Artist(chance).process();
}

class Artist {
  readonly #chance: Chance;
  readonly #signals: string[] = [];
  #names = 0;
  #left: number;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#left = chance.between(3, largestProcess);
  }

  process(): BlockProcess {
    const outside: Place = {
      depth: 0,
      errors: [],
      escalations: [],
      undoable: [],
      inTransaction: false,
      mayEnd: true,
      mayUndo: true,
      inEvent: false,
    };
    const { events, inside } = this.#events(outside);
    return { body: this.#sequence({ ...inside, undoable: [] }), events };
  }

  #name(prefix = 'n'): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  #sequence(place: Place): Block {
    const blocks: Block[] = [];
    const length = this.#chance.between(1, 3);
    for (let index = 0; index < length; index++) {
      const block = this.#block(place);
      blocks.push(block);
      if (exitsOf(block) === 0) break;
    }
    return blocks.length === 1 && blocks[0] ? blocks[0] : { kind: 'sequence', blocks };
  }

  #block(place: Place): Block {
    this.#left -= 1;
    const mayNest = place.depth < deepestNesting && this.#left > 0;
    const inner = { ...place, depth: place.depth + 1 };
    const draw = this.#chance.weighted<() => Block>([
      [6, () => this.#activity(this.#task(), place)],
      [2, () => this.#pass()],
      [1, () => this.#script()],
      [2, () => ({ kind: 'catch', event: this.#event() })],
      [2, () => this.#throw(place)],
      [place.mayEnd ? 2 : 0, () => this.#end(place)],
      [mayNest ? 6 : 0, () => this.#split(inner)],
      [mayNest ? 2 : 0, () => this.#discriminator(inner)],
      [mayNest ? 2 : 0, () => this.#repeat(inner)],
      [mayNest ? 2 : 0, () => this.#race(inner)],
      [mayNest ? 6 : 0, () => this.#scope(inner)],
      [mayNest ? 1 : 0, () => this.#adHoc(inner)],
    ]);
    return draw();
  }

  #pass(): Block {
    return { kind: 'pass', id: this.#name(), as: this.#chance.of(['task', 'throw', 'gateway', 'link'] as const) };
  }

  #script(): Block {
    return { kind: 'script', id: this.#name(), variable: this.#name('v'), value: this.#chance.below(10) };
  }

  // Activities

  #task(): { readonly type: TaskType } {
    return { type: this.#chance.of(['service', 'service', 'user', 'send', 'receive', 'call', 'manual'] as const) };
  }

  #activity(work: Work, place: Place, boundary: readonly Boundary[] = this.#boundary(place, work)): Activity {
    const id = this.#name();
    const loop = this.#chance.once(6) ? this.#loop(work) : null;
    const undone = place.mayUndo && this.#chance.once(work.type === 'scope' ? 6 : 3);
    if (undone || (place.mayUndo && 'events' in work)) place.undoable.push(id);
    const listens = this.#chance.once(8);
    const listeners = listens ? { start: this.#chance.below(3), end: this.#chance.below(2) } : { start: 0, end: 0 };
    return { kind: 'activity', id, work, loop, boundary, undone, listeners };
  }

  #loop(work: Work | { readonly type: 'scope' }): Loop {
    const chance = this.#chance;
    // the instances that are no longer needed must wait for something, or it shows how far each has come
    const isPatient = work.type !== 'scope' && work.type !== 'manual';
    if (chance.once(3)) {
      const maximum = chance.once(2) ? chance.between(1, 3) : null;
      const below = maximum === null || chance.once(2) ? chance.between(1, 3) : null;
      return { type: 'standard', testBefore: chance.once(2), below, maximum };
    }
    const enough = isPatient && chance.once(3) ? chance.between(1, 3) : null;
    const shape = { sequential: chance.once(2), count: chance.between(0, 3), cardinality: chance.once(3) };
    return { type: 'multi', ...shape, collects: chance.once(2), enough };
  }

  #scope(place: Place): Block {
    const chance = this.#chance;
    const boundary = this.#boundary(place, { type: 'scope' });
    const transaction = chance.once(5);
    const loops = chance.once(5);
    const caught = caughtBy(boundary.map(({ trigger }) => trigger));
    const inside: Place = {
      ...place,
      errors: [...place.errors, ...caught.errors],
      escalations: [...place.escalations, ...caught.escalations],
      inTransaction: transaction,
      undoable: [],
      mayEnd: true,
      inEvent: false,
    };
    const { events: starts, inside: within } = this.#events(inside);
    const events = place.mayUndo && chance.once(6) ? [...starts, this.#undoingEvent(inside)] : starts;
    const body = transaction && chance.once(2) ? this.#cancelling(within) : this.#sequence(within);
    const work: Work = { type: 'scope', transaction, body, events, undoesInTurn: chance.once(2) };
    const cancels = transaction && JSON.stringify(body).includes('"cancel"') ? [this.#cancelBoundary(place)] : [];
    const activity = this.#activity(work, place, [...boundary, ...cancels]);
    return { ...activity, loop: loops ? this.#loop(work) : null };
  }

  /** Something to undo, and what undoes it. */
  #cancelling(place: Place): Block {
    const done = Array.from({ length: 2 }, (): Block => ({
      ...this.#activity(this.#task(), place, []),
      undone: place.mayUndo,
    }));
    const body = this.#sequence(place);
    const cancel: Block = { kind: 'end', id: this.#name(), does: { type: 'cancel' } };
    return { kind: 'sequence', blocks: [...done, body, ...(exitsOf(body) > 0 ? [cancel] : [])] };
  }

  #cancelBoundary(place: Place): Boundary {
    const block = this.#chance.once(2) ? this.#activity(this.#task(), withoutUndo(place), []) : null;
    return { id: this.#name(), trigger: { type: 'cancel' }, interrupting: true, block, merges: this.#chance.once(2) };
  }

  #adHoc(place: Place): Block {
    const chance = this.#chance;
    const parts = Array.from({ length: chance.between(1, 3) }, () => this.#part(place));
    const chosen = parts.flatMap((_, index) => (chance.once(2) ? [index] : []));
    const done = chance.once(2) ? this.#name('f') : null;
    const work: Work = { type: 'adHoc', parts, chosen, sequential: chance.once(3), done, cancelsRest: chance.once(2) };
    return { ...this.#activity(work, withoutUndo(place)), loop: null };
  }

  /** Tasks in a row. */
  #part(place: Place): Block {
    const first = this.#activity(
      { type: this.#chance.of(['service', 'user', 'receive'] as const) },
      withoutUndo(place),
      [],
    );
    const plain: Block = { ...first, loop: null };
    if (this.#chance.once(2)) return plain;
    return { kind: 'sequence', blocks: [plain, this.#activity(this.#task(), withoutUndo(place), [])] };
  }

  #boundary(place: Place, work: Work | { readonly type: 'scope' }): Boundary[] {
    const chance = this.#chance;
    // what is done at once is left before anything could happen to it
    if (work.type === 'manual' || !chance.once(3)) return [];
    return this.#triggers(place).map((drawn) => {
      const interrupting = drawn.type === 'error' || chance.once(2);
      const trigger = interrupting ? once(drawn) : drawn;
      const path = { ...withoutUndo(place), depth: place.depth + 1 };
      const block = chance.once(2) || this.#left <= 0 ? null : this.#sequence(path);
      return { id: this.#name(), trigger, interrupting, block, merges: chance.once(2) };
    });
  }

  // Gateways

  #split(place: Place): Block {
    const chance = this.#chance;
    const type = chance.of(['exclusive', 'inclusive', 'parallel', 'implicit'] as const);
    const id = this.#name();
    const last = chance.between(1, 2);
    const branches = Array.from({ length: last + 1 }, (_, index): Branch => {
      const isEmpty = index === last && chance.once(4);
      return { flag: this.#flagFor(type, index), block: isEmpty ? null : this.#sequence(place) };
    });
    return { kind: 'split', id, type, branches, openMerge: this.#mergesOpenly(type) };
  }
  /** The first branch is the default one. */
  #flagFor(type: Kind<'split'>['type'], index: number): string | null {
    return type === 'parallel' || index === 0 ? null : this.#name('f');
  }
  #mergesOpenly(type: Kind<'split'>['type']): boolean {
    return (type === 'exclusive' || type === 'implicit') && this.#chance.once(2);
  }

  #discriminator(place: Place): Block {
    const count = this.#chance.between(2, 3);
    const branches = Array.from({ length: count }, () => this.#sequence({ ...place, mayEnd: false }));
    return { kind: 'discriminator', id: this.#name(), branches, needed: this.#chance.between(1, count) };
  }

  #repeat(place: Place): Block {
    const chance = this.#chance;
    // ends with a task: two tokens that count in the same moment would depend on their order
    const guard = this.#activity({ type: 'user' }, withoutUndo(place), []);
    const rest = this.#sequence({ ...withoutUndo(place), mayEnd: false });
    const body: Block = { kind: 'sequence', blocks: [rest, { ...guard, loop: null }] };
    return { kind: 'repeat', id: this.#name(), testFirst: chance.once(2), rounds: chance.between(0, 2), body };
  }

  #race(place: Place): Block {
    const chance = this.#chance;
    const receives = chance.once(2);
    const branches = Array.from({ length: chance.between(2, 3) }, () => ({
      event: this.#rival(receives),
      block: chance.once(3) ? null : this.#sequence(place),
    }));
    return { kind: 'race', id: this.#name(), branches, openMerge: chance.once(2) };
  }

  // Events

  #event(): Catch {
    const id = this.#name();
    if (this.#chance.once(4)) return { id, trigger: { type: 'message', name: id }, receives: true };
    return { id, trigger: once(this.#trigger(null, true)), receives: false };
  }

  /** Behind an event-based gateway: receive tasks or message events, not both (BPMN 2.0.2 §10.6.6); one trigger is enough. */
  #rival(receives: boolean): Catch {
    const id = this.#name();
    const trigger = once(this.#trigger(null, false));
    if (trigger.type === 'message' && receives) return { id, trigger: { type: 'message', name: id }, receives };
    const isMultiple = !receives && this.#chance.once(6);
    return { id, trigger: isMultiple ? this.#several('multiple') : trigger, receives: false };
  }

  /** Codes only where `place` is given: only boundary and start events catch them. */
  #trigger(place: Place | null, mayBeSeveral: boolean): Trigger {
    const chance = this.#chance;
    const draw = chance.weighted<() => Trigger>([
      [3, () => ({ type: 'timer', seconds: chance.between(60, 100_000), repeats: chance.once(3) ? 2 : null })],
      [3, () => ({ type: 'message', name: this.#name('m') })],
      [3, () => this.#signal()],
      [2, () => ({ type: 'conditional', flag: this.#name('c') })],
      [mayBeSeveral ? 1 : 0, () => this.#several('multiple')],
      [mayBeSeveral ? 1 : 0, () => this.#several('parallelMultiple')],
      [place === null ? 0 : 4, () => ({ type: 'error', code: chance.once(4) ? null : this.#name('E') })],
      [place === null ? 0 : 4, () => ({ type: 'escalation', code: chance.once(4) ? null : this.#name('X') })],
    ]);
    return draw();
  }

  /** Of the events on one activity or in one scope: what would catch the same twice comes once. */
  #triggers(place: Place): Trigger[] {
    const drawn = Array.from({ length: this.#chance.between(1, 2) }, () => this.#trigger(place, true));
    const texts = drawn.map((trigger) => JSON.stringify(trigger));
    return drawn.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
  }

  #several(type: 'multiple' | 'parallelMultiple'): Trigger {
    return { type, triggers: [this.#trigger(null, false), this.#trigger(null, false)].map(once) };
  }

  #signal(): Trigger {
    const name = this.#name('s');
    this.#signals.push(name);
    return { type: 'signal', name };
  }

  /** Event sub-processes of a scope, and what its body knows of them. */
  #events(place: Place): { readonly events: EventScope[]; readonly inside: Place } {
    const chance = this.#chance;
    if (!chance.once(4) || this.#left <= 0) return { events: [], inside: place };
    const triggers = this.#triggers(place);
    const caught = caughtBy(triggers);
    const events = triggers.map((drawn): EventScope => {
      const interrupting = drawn.type === 'error' || chance.once(2);
      const trigger = interrupting ? once(drawn) : drawn;
      const body = this.#sequence({
        ...withoutUndo(place),
        depth: place.depth + 1,
        mayEnd: true,
        inTransaction: false,
      });
      return { id: this.#name(), trigger, interrupting, body };
    });
    const errors = [...place.errors, ...caught.errors];
    return { events, inside: { ...place, errors, escalations: [...place.escalations, ...caught.escalations] } };
  }

  /** Undoes the scope from within, once that has completed. */
  #undoingEvent(place: Place): EventScope {
    const within = { ...withoutUndo(place), depth: place.depth + 1, inTransaction: false, inEvent: true };
    const body = this.#sequence(within);
    return { id: this.#name(), trigger: { type: 'compensation' }, interrupting: true, body };
  }

  // Throwing and ending

  #throw(place: Place): Block {
    const deeds = [this.#deed(place)];
    // what the second does must not end what the first has set off
    const mayFollow = deeds[0]?.type === 'job' || deeds[0]?.type === 'compensation';
    if (mayFollow && this.#chance.once(3)) deeds.unshift({ type: 'signal', name: this.#signalName() });
    return { kind: 'throw', id: this.#name(), deeds };
  }

  #deed(place: Place): Deed {
    const chance = this.#chance;
    return chance.weighted<() => Deed>([
      [2, () => ({ type: 'signal', name: this.#signalName() })],
      [3, () => ({ type: 'escalation', code: this.#code(place.escalations, 'X') })],
      [place.undoable.length > 0 || place.inEvent ? 8 : 0, () => this.#undoing(place)],
      [1, () => ({ type: 'job' })],
    ])();
  }

  #undoing({ undoable }: Place): Deed {
    const activity = undoable.length === 0 || this.#chance.once(2) ? null : this.#chance.of(undoable);
    return { type: 'compensation', activity, waits: !this.#chance.once(4) };
  }

  #signalName(): string {
    return this.#signals.length > 0 && !this.#chance.once(5) ? this.#chance.of(this.#signals) : 's0';
  }
  #code(caught: readonly string[], prefix: string): string {
    return caught.length > 0 && !this.#chance.once(5) ? this.#chance.of(caught) : `${prefix}0`;
  }

  #end(place: Place): Block {
    const chance = this.#chance;
    const draw = chance.weighted<() => Ending>([
      [2, () => ({ type: 'none' })],
      [2, () => ({ type: 'terminate' })],
      [3, () => ({ type: 'error', code: this.#code(place.errors, 'E') })],
      [2, () => this.#deed(place)],
      [place.inTransaction ? 4 : 0, () => ({ type: 'cancel' })],
    ]);
    return { kind: 'end', id: this.#name(), does: draw() };
  }
}

const withoutUndo = (place: Place): Place => ({ ...place, undoable: [], mayUndo: false });

/** A timer that does not come again by itself. */
const once = (trigger: Trigger): Trigger => (trigger.type === 'timer' ? { ...trigger, repeats: null } : trigger);

/** Codes that are caught; for a trigger that catches all, one of its own. */
function caughtBy(triggers: readonly Trigger[]): { readonly errors: string[]; readonly escalations: string[] } {
  const codes = (type: 'error' | 'escalation', prefix: string): string[] =>
    triggers.flatMap((trigger) => (trigger.type === type ? [trigger.code ?? `${prefix}0`] : []));
  return { errors: codes('error', 'E'), escalations: codes('escalation', 'X') };
}
