/** Activities: their loops, listeners, boundary events and work. */
import { exitsOf, firstElementOf } from './block-process.ts';
import type { Activity, Block, Boundary, EventScope, Loop, Work } from './block-process.ts';
import { awaitEvent, awaitStart, beginEvent } from './reference-model-events.ts';
import { undoInside, undoWithHandler } from './reference-model-undo.ts';
import { Frame } from './reference-model.ts';
import type { Compile, Go, Inside, Machine, Undo, Values } from './reference-model.ts';

type WorkOf<T extends Work['type']> = Extract<Work, { readonly type: T }>;
type LoopOf<T extends Loop['type']> = Extract<Loop, { readonly type: T }>;

/** What happens in a scope, from its start event to its end event. */
export type Inner = (frame: Frame) => void;

export function compileScope(
  machine: Machine,
  compile: Compile,
  { id, body, events }: { readonly id: string; readonly body: Block; readonly events: readonly EventScope[] },
): Inner {
  const begin = compile(body, () => machine.mark(`${id}e`), []);
  const starts = events.map((event) => ({ event, run: compileEvent(machine, compile, event) }));
  return (frame) => {
    for (const { event, run } of starts) awaitStart(machine, frame, event, run);
    machine.mark(`${id}s`);
    machine.later(frame, begin);
  };
}

const compileEvent = (machine: Machine, compile: Compile, { id, body }: EventScope): Inner =>
  compileScope(machine, compile, { id, body, events: [] });

export function compileActivity(
  machine: Machine,
  compile: Compile,
  activity: Activity,
  { next, inside }: { readonly next: Go; readonly inside: Inside },
): Go {
  const paths = activity.boundary.map((event) => {
    const after: Go = event.merges ? next : () => machine.mark(`${event.id}e`);
    const returns = event.merges && exitsOf(event.block) > 0;
    return { event, go: compile(event.block, after, returns ? inside : []) };
  });
  const performance = new Performance(machine, compile, activity);
  return (scope) => {
    const frame = new Frame(activity.id, scope, { inside, shown: activity.loop === null });
    const arm = (): void => {
      for (const { event, go } of paths) armBoundary(machine, frame, event, go);
    };
    performance.begin(frame, arm, () => {
      machine.complete(frame);
      next(scope);
    });
  };
}

/** The boundary event waits as long as the activity lasts. */
function armBoundary(machine: Machine, frame: Frame, { id, trigger, interrupting }: Boundary, go: Go): void {
  const scope = frame.parent ?? frame;
  const fire = (variables: Values): void => {
    if (interrupting) machine.kill(frame);
    machine.set(scope, variables);
    machine.mark(id);
    machine.later(scope, go);
  };
  if (trigger.type === 'cancel') frame.cancelled = () => fire({});
  else if (trigger.type === 'error' || trigger.type === 'escalation') {
    frame.outer.push({ type: trigger.type, code: trigger.code, fire: () => fire({}) });
  } else awaitEvent(machine, frame, { id, trigger, once: interrupting, fire });
}

/** How one activity is done, as often as a token comes. */
class Performance {
  readonly #machine: Machine;
  readonly #activity: Activity;
  /** Of a sub-process. */
  readonly #inner: Inner | null;
  /** Of an ad-hoc sub-process: a token that comes to the end of a part has this happen. */
  readonly #parts: readonly Go[];
  /** Of the event sub-process that undoes the activity. */
  readonly #undoing: { readonly id: string; readonly run: Inner } | null;

  constructor(machine: Machine, compile: Compile, activity: Activity) {
    this.#machine = machine;
    this.#activity = activity;
    const { id, work } = activity;
    this.#inner = work.type === 'scope' ? compileScope(machine, compile, { id, ...work }) : null;
    const parts = work.type === 'adHoc' ? work.parts : [];
    this.#parts = parts.map((part) => compile(part, (scope) => scope.pathEnded?.(), []));
    const undoing =
      work.type === 'scope' ? work.events.find(({ trigger }) => trigger.type === 'compensation') : undefined;
    this.#undoing = undoing ? { id: undoing.id, run: compileEvent(machine, compile, undoing) } : null;
  }

  /** `arm` makes the boundary events wait; `done` comes once the activity is about to complete. */
  begin(frame: Frame, arm: () => void, done: () => void): void {
    const { loop, id, undone, work } = this.#activity;
    if (work.type === 'scope') frame.inTurn = work.undoesInTurn;
    const finish = (): void => {
      if (undone) frame.parent?.undos.push(undoWithHandler(this.#machine, id));
      else this.#rememberInside(frame);
      done();
    };
    if (loop === null) {
      this.#once(frame, arm, finish);
      return;
    }
    arm();
    if (loop.type === 'multi') this.#multiInstance(loop, frame, finish);
    else this.#standardLoop(loop, frame, finish);
  }

  /** What was completed within can be undone, by the event sub-process for it if there is one. */
  #rememberInside(frame: Frame): void {
    const undo = undoInside(this.#machine, frame, frame.shown ? this.#undoingEvent() : null);
    if (undo !== null) frame.parent?.undos.push(undo);
  }

  #undoingEvent(): Undo['start'] | null {
    const undoing = this.#undoing;
    if (undoing === null) return null;
    return (restored, done) => beginEvent(this.#machine, restored, { ...undoing, done });
  }

  /** Start listeners, the work itself, end listeners. */
  #once(frame: Frame, arm: () => void, done: () => void): void {
    const { start, end } = this.#activity.listeners;
    const finish = (): void => {
      this.#machine.closeEvents(frame);
      frame.choose = null;
      this.#listen(frame, 'end', end, done);
    };
    this.#listen(frame, 'start', start, () => {
      arm();
      this.#work(frame, finish);
    });
  }

  /** One listener's job after the other. */
  #listen(frame: Frame, event: 'start' | 'end', count: number, done: () => void, index = 0): void {
    if (index === count) return done();
    const answered = (variables: Values): void => {
      // what comes before the work is for the work alone
      if (event === 'start') Object.assign(frame.vars, variables);
      else this.#machine.set(frame, variables);
      this.#listen(frame, event, count, done, index + 1);
    };
    this.#machine.wait('job', frame, answered, { label: `${frame.label} ${event}${index}` });
  }

  #work(frame: Frame, finish: () => void): void {
    const { id, work } = this.#activity;
    const machine = this.#machine;
    const answered = (variables: Values): void => {
      machine.set(frame, variables);
      finish();
    };
    switch (work.type) {
      case 'manual':
        return finish();
      case 'service':
      case 'send':
        return machine.job(frame, finish);
      case 'user':
        machine.wait('task', frame, answered);
        return;
      case 'receive':
        machine.wait('message', frame, answered, { name: id });
        return;
      case 'call':
        machine.wait('child', frame, answered);
        return;
      case 'scope':
        frame.whenEmpty = finish;
        return this.#inner?.(frame);
      case 'adHoc':
        return this.#adHoc(work, frame, finish);
    }
  }

  /** Each part begins as often as it is chosen; when the last path has ended, or enough is done, so has the whole. */
  #adHoc(work: WorkOf<'adHoc'>, frame: Frame, finish: () => void): void {
    const machine = this.#machine;
    const chosen: number[] = [];
    const isEmpty = (): boolean => frame.children.size === 0 && frame.moving === 0;
    const begin = (): void => {
      while (chosen.length > 0 && (!work.sequential || isEmpty())) {
        const part = this.#parts[chosen.shift() ?? 0];
        if (part) machine.later(frame, part);
      }
    };
    frame.pathEnded = () => {
      if (frame.choose !== null && work.done !== null && machine.holds(frame, work.done)) {
        frame.choose = null;
        if (work.cancelsRest) machine.clear(frame);
      }
      if (frame.choose !== null) begin();
      if ((frame.choose === null || work.done === null) && isEmpty()) finish();
    };
    frame.choose = (parts, instead) => {
      if (instead) machine.clear(frame);
      chosen.push(...parts);
      begin();
    };
    frame.parts = work.parts.map(firstElementOf);
    if (work.chosen.length === 0 && work.done === null) finish();
    else frame.choose(work.chosen, false);
  }

  #multiInstance(
    { count, sequential, cardinality, collects, enough }: LoopOf<'multi'>,
    body: Frame,
    done: () => void,
  ): void {
    const machine = this.#machine;
    const { id } = this.#activity;
    const outputs: Values[string][] = Array.from({ length: count }, () => null);
    let completed = 0;
    const finish = (): void => {
      machine.clear(body);
      // the list is set outside the body, which ends with it
      if (collects && body.parent !== null) machine.set(body.parent, { [`${id}all`]: outputs });
      done();
    };
    const create = (counter: number): void => {
      const inner = this.#instanceOf(body, counter);
      if (!cardinality) inner.vars['item'] = counter - 1;
      if (collects) inner.vars[`${id}out`] = null;
      machine.later(inner, () =>
        this.#instance(inner, () => {
          outputs[counter - 1] = machine.get(inner, `${id}out`) ?? null;
          completed += 1;
          if (completed === count || (enough !== null && completed >= enough)) finish();
          else if (sequential) create(counter + 1);
        }),
      );
    };
    if (count === 0) return finish();
    for (let counter = 1; counter <= (sequential ? 1 : count); counter++) create(counter);
  }

  #standardLoop({ testBefore, below, maximum }: LoopOf<'standard'>, body: Frame, done: () => void): void {
    const machine = this.#machine;
    const goesRound = (rounds: number): boolean =>
      (maximum === null || rounds < maximum) && (below === null || rounds < below || (rounds === 0 && !testBefore));
    const go = (rounds: number): void => {
      if (!goesRound(rounds)) return done();
      const inner = this.#instanceOf(body, rounds + 1);
      machine.later(inner, () => this.#instance(inner, () => go(rounds + 1)));
    };
    go(0);
  }

  /** The frame of one instance or round. */
  #instanceOf(body: Frame, counter: number): Frame {
    const inner = new Frame(this.#activity.id, body, { place: `.${counter}` });
    inner.vars['loopCounter'] = counter;
    inner.inTurn = body.inTurn;
    return inner;
  }

  /** One instance or round. */
  #instance(frame: Frame, done: () => void): void {
    this.#once(
      frame,
      () => undefined,
      () => {
        this.#rememberInside(frame);
        this.#machine.complete(frame);
        done();
      },
    );
  }
}
