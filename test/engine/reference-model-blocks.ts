/** Blocks as programs: `compile` answers what a token does that arrives before the block, given what it does after. */
import { exitsOf } from './block-process.ts';
import type {
  Activity,
  Block,
  BlockProcess,
  Boundary,
  Catch,
  Deed,
  EventScope,
  Kind,
  Trigger,
  Work,
} from './block-process.ts';
import { Frame } from './reference-model.ts';
import type { Catcher, Go, Machine, Values, Wait } from './reference-model.ts';
import { compensate, rememberUnfinished, undoOf } from './reference-model-undo.ts';

type Inside = readonly string[];

/** An event that something waits for: its trigger, whether that is awaited once, and what happens. */
interface Awaited {
  readonly id: string;
  readonly trigger: Trigger;
  readonly once: boolean;
  readonly fire: (variables: Values) => void;
  /** Place among the triggers of a multiple event. */
  readonly part?: number;
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

export class Program {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The process begins. */
  start({ body, events }: BlockProcess, variables: Values): void {
    const { root } = this.#machine;
    Object.assign(root.vars, variables);
    root.whenEmpty = () => this.#machine.end('completed');
    this.#scope(root, body, events);
    this.#machine.settle();
  }

  /** Runs the inside of a scope, from its start event to its end event. */
  #scope(frame: Frame, body: Block, events: readonly EventScope[]): void {
    this.#awaitEvents(frame, events);
    this.#machine.mark(`${frame.id}s`);
    this.#machine.later(
      frame,
      this.compile(body, () => this.#machine.mark(`${frame.id}e`), []),
    );
  }

  /** `inside`: branches of joins of the same scope that a token within the block may still fill. */
  compile(block: Block | null, next: Go, inside: Inside): Go {
    switch (block?.kind) {
      case undefined:
        return next;
      case 'sequence':
        return block.blocks.reduceRight<Go>((after, part) => this.compile(part, after, inside), next);
      case 'pass':
        return this.#marking(block.as === 'link' ? [`${block.id}t`, block.id] : [block.id], next);
      case 'script':
        return (scope) => {
          this.#machine.set(scope, { [block.variable]: block.value });
          this.#machine.mark(block.id);
          next(scope);
        };
      case 'activity':
        return this.#activity(block, next, inside);
      case 'split':
        return this.#split(block, next, inside);
      case 'discriminator':
        return this.#discriminator(block, next, inside);
      case 'repeat':
        return this.#repeat(block, next, inside);
      case 'catch':
        return this.#catch(block.event, next, inside);
      case 'race':
        return this.#race(block, next, inside);
      case 'throw':
        return this.#throw(block.id, block.deeds, next, inside);
      case 'end':
        return this.#end(block, inside);
    }
  }

  #marking(ids: readonly string[], next: Go): Go {
    return (scope) => {
      for (const id of ids) this.#machine.mark(id);
      next(scope);
    };
  }

  // Splits

  #split(block: Kind<'split'>, next: Go, inside: Inside): Go {
    const { id, type, branches } = block;
    const after = this.#merges(block, next, inside);
    const programs = branches.map(({ block: part }, index) => {
      const fills = type === 'inclusive' && exitsOf(part) > 0 ? [`${id}/${index}`] : [];
      const isLost = exitsOf(part) === 0;
      return this.compile(part, after[index] ?? next, isLost ? [] : [...inside, ...fills]);
    });
    return (scope) => {
      if (type !== 'implicit') this.#machine.mark(`${id}in`);
      this.#machine.mark(`${id}split`);
      for (const index of this.#taken(block, scope)) this.#machine.later(scope, programs[index] ?? next);
    };
  }

  /** Indexes of the branches that get a token. */
  #taken({ type, branches }: Kind<'split'>, scope: Frame): number[] {
    const all = branches.map((_, index) => index);
    if (type === 'parallel') return all;
    const held = all.filter((index) => {
      const flag = branches[index]?.flag ?? null;
      return flag !== null && this.#machine.holds(scope, flag);
    });
    if (held.length === 0) return all.filter((index) => branches[index]?.flag === null);
    return type === 'exclusive' ? held.slice(0, 1) : held;
  }

  /** What comes after each branch. */
  #merges({ id, type, branches, openMerge }: Kind<'split'>, next: Go, inside: Inside): Go[] {
    if (openMerge) return branches.map(() => next);
    if (type === 'parallel' || type === 'inclusive') {
      const blocks = branches.map(({ block }) => block);
      return this.#join(id, blocks, { next, inside, enough: type === 'parallel' ? 'each' : 'all that can come' });
    }
    return branches.map(() => this.#marking([`${id}join`], next));
  }

  /** What comes after each branch of a join that waits for several. */
  #join(
    id: string,
    branches: readonly (Block | null)[],
    { next, inside, enough }: { next: Go; inside: Inside; enough: 'each' | 'all that can come' | number },
  ): Go[] {
    const machine = this.#machine;
    const leaving = branches.flatMap((block, index) => (exitsOf(block) > 0 ? [index] : []));
    const goOn = this.#marking([`${id}join`], next);
    machine.joinsInside.set(id, inside);
    const take = (scope: Frame, taken: readonly number[]): void => {
      const waiting = scope.arrivals.get(id) ?? [];
      for (const index of taken) waiting[index] = (waiting[index] ?? 0) - 1;
      if (waiting.every((count) => count <= 0)) scope.arrivals.delete(id);
    };
    const present = (scope: Frame): number[] => leaving.filter((index) => (scope.arrivals.get(id)?.[index] ?? 0) > 0);
    const awaited = (scope: Frame, missing: readonly number[]): boolean =>
      missing.some((index) => this.#mayFill(scope, `${id}/${index}`));
    const arrive = (scope: Frame, index: number): void => {
      const waiting = scope.arrivals.get(id) ?? branches.map(() => 0);
      waiting[index] = (waiting[index] ?? 0) + 1;
      scope.arrivals.set(id, waiting);
      if (enough === 'each' && present(scope).length === leaving.length) {
        take(scope, leaving);
        machine.later(scope, goOn);
      }
    };
    const tokens = (scope: Frame): number => total(scope.arrivals.get(id) ?? []);
    if (typeof enough === 'number') {
      const reset = (scope: Frame, before: ReadonlySet<number>): boolean => {
        const late = present(scope).filter((index) => !before.has(index));
        const missing = leaving.filter((index) => !before.has(index) && !late.includes(index));
        if (awaited(scope, missing)) return false;
        take(scope, late);
        scope.fired.delete(id);
        return true;
      };
      const tryIn = (scope: Frame): boolean => {
        const before = scope.fired.get(id);
        if (before) return reset(scope, before);
        const here = present(scope);
        if (here.length === 0 || tokens(scope) < enough) return false;
        take(scope, here);
        scope.fired.set(id, new Set(here));
        machine.later(scope, goOn);
        return true;
      };
      machine.patients.push({ id, tryIn });
    }
    if (enough === 'all that can come') {
      const tryIn = (scope: Frame): boolean => {
        const here = present(scope);
        const missing = leaving.filter((index) => !here.includes(index));
        if (here.length === 0 || awaited(scope, missing)) return false;
        take(scope, here);
        machine.later(scope, goOn);
        return true;
      };
      if (leaving.length > 1) machine.patients.push({ id, tryIn });
    }
    return branches.map((block, index) => {
      const waits = leaving.length > 1 || typeof enough === 'number';
      const arrives: Go = waits ? (scope) => arrive(scope, index) : goOn;
      return exitsOf(block) > 1 ? this.#marking([`${id}joinm${index}`], arrives) : arrives;
    });
  }

  /** Whether some token of the scope is where it may still fill the branch. */
  #mayFill(scope: Frame, branch: string): boolean {
    for (const child of scope.children) if (child.inside.includes(branch)) return true;
    return [...scope.arrivals.keys()].some((join) => this.#machine.joinsInside.get(join)?.includes(branch) ?? false);
  }

  #discriminator({ id, branches, needed }: Kind<'discriminator'>, next: Go, inside: Inside): Go {
    const after = this.#join(id, branches, { next, inside, enough: needed });
    const programs = branches.map((block, index) =>
      this.compile(block, after[index] ?? next, exitsOf(block) > 0 ? [...inside, `${id}/${index}`] : []),
    );
    return (scope) => {
      this.#machine.mark(`${id}in`);
      this.#machine.mark(`${id}split`);
      for (const program of programs) this.#machine.later(scope, program);
    };
  }

  #repeat({ id, testFirst, rounds, body }: Kind<'repeat'>, next: Go, inside: Inside): Go {
    const machine = this.#machine;
    const counter = `${id}n`;
    const again = (scope: Frame): boolean => Number(machine.get(scope, counter)) < rounds;
    const count = (scope: Frame): void => {
      machine.set(scope, { [counter]: Number(machine.get(scope, counter)) + 1 });
      machine.mark(`${id}c`);
    };
    const decide: Go = (scope) => {
      machine.mark(`${id}x`);
      if (again(scope)) (testFirst ? round : merge)(scope);
      else next(scope);
    };
    const merge: Go = (scope) => {
      machine.mark(`${id}m`);
      (testFirst ? decide : round)(scope);
    };
    const round = this.compile(
      body,
      (scope) => {
        count(scope);
        (testFirst ? merge : decide)(scope);
      },
      inside,
    );
    return merge;
  }

  // Events

  #catch({ id, trigger, receives }: Catch, next: Go, inside: Inside): Go {
    return (scope) => {
      const frame = new Frame(id, scope, { inside });
      const fire = (variables: Values): void => {
        this.#machine.set(frame, variables);
        this.#machine.complete(frame);
        next(scope);
      };
      const awaited: Trigger = receives ? { type: 'message', name: id } : trigger;
      this.#await(frame, { id, trigger: awaited, once: true, fire });
    };
  }

  #race({ id, branches, openMerge }: Kind<'race'>, next: Go, inside: Inside): Go {
    const after = openMerge ? next : this.#marking([`${id}join`], next);
    const paths = branches.map(({ event, block }) => {
      const isLost = exitsOf(block) === 0;
      return { event, go: this.compile(block, after, isLost ? [] : inside) };
    });
    return (scope) => {
      const frame = new Frame(id, scope, { inside });
      for (const { event, go } of paths) {
        const fire = (variables: Values): void => {
          this.#machine.complete(frame);
          this.#machine.set(scope, variables);
          this.#machine.mark(event.id);
          go(scope);
        };
        const trigger: Trigger = event.receives ? { type: 'message', name: event.id } : event.trigger;
        this.#await(frame, { id: event.id, trigger, once: true, fire });
      }
    };
  }

  /** Waits for the event as long as the frame lasts. */
  #await(frame: Frame, event: Awaited): Wait[] {
    const { id, trigger, once, fire, part = 0 } = event;
    const label = `${id}@${frame.place}`;
    const machine = this.#machine;
    switch (trigger.type) {
      case 'timer':
        return [this.#timer(frame, event, trigger)];
      case 'message':
      case 'signal':
        return [machine.wait(trigger.type, frame, fire, { label, name: trigger.name, once, part })];
      case 'conditional':
        return [machine.wait('condition', frame, fire, { label, name: trigger.flag, once, part })];
      case 'multiple':
        return this.#awaitAny(frame, event, trigger.triggers);
      case 'parallelMultiple':
        return this.#awaitAll(frame, event, trigger.triggers);
      case 'error':
      case 'escalation':
      case 'cancel':
        return [];
    }
  }

  /** The first of them is the event. */
  #awaitAny(frame: Frame, event: Awaited, triggers: readonly Trigger[]): Wait[] {
    const any = (variables: Values): void => {
      if (event.once) for (const wait of waits) this.#machine.waits.delete(wait);
      event.fire(variables);
    };
    const waits = triggers.flatMap((trigger, part) => this.#await(frame, { ...event, trigger, part, fire: any }));
    return waits;
  }

  /** The last of them is the event; the others bring their variables before. */
  #awaitAll(frame: Frame, event: Awaited, triggers: readonly Trigger[]): Wait[] {
    const occurred = new Set<number>();
    return triggers.flatMap((trigger, part) => {
      const fire = (variables: Values): void => {
        occurred.add(part);
        if (occurred.size < triggers.length) {
          this.#machine.set(frame, variables);
          return;
        }
        occurred.clear();
        event.fire(variables);
      };
      return this.#await(frame, { ...event, trigger, part, fire });
    });
  }

  #timer(
    frame: Frame,
    { id, fire, once, part = 0 }: Awaited,
    { seconds, repeats }: Extract<Trigger, { type: 'timer' }>,
  ): Wait {
    const machine = this.#machine;
    let left = repeats === null || once ? 1 : repeats;
    const set = (dueMs: number): Wait => {
      const ring = (variables: Values): void => {
        left -= 1;
        if (left > 0) set(dueMs + seconds * 1000);
        fire(variables);
      };
      return machine.wait('timer', frame, ring, { label: `${id}@${frame.place}`, dueMs, part });
    };
    return set(machine.nowMs + seconds * 1000);
  }

  // Throwing and ending

  /** A task, then what `does` says: answers the event's frame to it. */
  #guarded(id: string, does: (frame: Frame, scope: Frame) => void, inside: Inside): Go {
    return (scope) => {
      const guard = new Frame(`${id}g`, scope, { inside });
      this.#machine.wait('task', guard, (variables) => {
        this.#machine.set(guard, variables);
        this.#machine.complete(guard);
        does(new Frame(id, scope, { inside }), scope);
      });
    };
  }

  #throw(id: string, deeds: readonly Deed[], next: Go, inside: Inside): Go {
    const does = (frame: Frame, scope: Frame): void =>
      this.#perform(deeds, frame, scope, () => {
        this.#machine.complete(frame);
        next(scope);
      });
    return this.#guarded(id, does, inside);
  }

  /** One deed after the other; then, if the frame has survived them, `done`. */
  #perform(deeds: readonly Deed[], frame: Frame, scope: Frame, done: () => void): void {
    const [deed, ...rest] = deeds;
    const goOn = (): void => {
      if (!frame.ended) this.#perform(rest, frame, scope, done);
    };
    switch (deed?.type) {
      case undefined:
        return done();
      case 'signal':
        this.#machine.broadcasts.push(deed.name);
        return goOn();
      case 'escalation':
        this.#machine.throw('escalation', scope, deed.code);
        return goOn();
      case 'job':
        this.#job(frame, goOn);
        return;
      case 'compensation':
        compensate(this.#machine, scope, { activity: deed.activity, done: deed.waits ? goOn : () => undefined });
        if (!deed.waits) goOn();
    }
  }

  #end({ id, does }: Kind<'end'>, inside: Inside): Go {
    const machine = this.#machine;
    switch (does.type) {
      case 'none':
        return this.#marking([id], () => undefined);
      case 'terminate':
        return this.#guarded(
          id,
          (frame, scope) => {
            machine.clear(scope, frame);
            machine.complete(frame);
          },
          inside,
        );
      case 'error': {
        const raise = (frame: Frame): void => {
          if (machine.throw('error', frame, does.code)) return;
          machine.incident(frame, 'UNHANDLED_ERROR_EVENT', () => raise(frame));
        };
        return this.#guarded(id, raise, inside);
      }
      case 'cancel':
        return this.#guarded(id, (frame, scope) => this.#cancel(frame, scope), inside);
      case 'signal':
      case 'escalation':
      case 'compensation':
      case 'job':
        return this.#throw(id, [does], () => undefined, inside);
    }
  }

  /** Ends what is active in the transaction, undoes what was done in it, then its cancel event takes the token. */
  #cancel(frame: Frame, transaction: Frame): void {
    const machine = this.#machine;
    machine.complete(frame);
    rememberUnfinished(machine, transaction);
    this.#interrupt(transaction);
    transaction.whenEmpty = null;
    compensate(machine, transaction, {
      activity: null,
      done: () => (transaction.cancelled ?? transaction.parent?.cancelled)?.(),
    });
  }

  // Activities

  #activity(activity: Activity, next: Go, inside: Inside): Go {
    const paths = activity.boundary.map((event) => {
      const after: Go = event.merges ? next : this.#marking([`${event.id}e`], () => undefined);
      const returns = event.merges && exitsOf(event.block) > 0;
      return { event, go: this.compile(event.block, after, returns ? inside : []) };
    });
    return (scope) => {
      const frame = new Frame(activity.id, scope, { inside, shown: activity.loop === null });
      const done = (): void => {
        const undo = undoOf(this.#machine, activity, frame);
        this.#machine.complete(frame);
        if (undo !== null) scope.undos.push(undo);
        next(scope);
      };
      const arm = (): void => {
        for (const { event, go } of paths) this.#arm(frame, scope, event, go);
      };
      if (activity.loop === null) this.#do(activity, frame, arm, done);
      else this.#loop(activity, frame, arm, done);
    };
  }

  /** The boundary event waits as long as the activity lasts. */
  #arm(frame: Frame, scope: Frame, { id, trigger, interrupting }: Boundary, go: Go): void {
    const machine = this.#machine;
    const fire = (variables: Values): void => {
      if (interrupting) machine.kill(frame);
      machine.set(scope, variables);
      machine.mark(id);
      machine.later(scope, go);
    };
    if (trigger.type === 'cancel') frame.cancelled = () => fire({});
    else if (trigger.type === 'error' || trigger.type === 'escalation') {
      frame.outer.push({ type: trigger.type, code: trigger.code, fire: () => fire({}) });
    } else this.#await(frame, { id, trigger, once: interrupting, fire });
  }

  /** Start listeners, the work itself, end listeners. */
  #do(activity: Activity, frame: Frame, arm: () => void, done: () => void): void {
    const { start, end } = activity.listeners;
    const finish = (): void => {
      this.#machine.closeEvents(frame);
      this.#listen(frame, 'end', end, done);
    };
    this.#listen(frame, 'start', start, () => {
      arm();
      this.#work(activity, frame, finish);
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

  #job(frame: Frame, done: () => void): void {
    const answered = (variables: Values): void => {
      this.#machine.set(frame, variables);
      done();
    };
    this.#machine.wait('job', frame, answered, { label: `${frame.label} element` });
  }

  #work({ id, work }: Activity, frame: Frame, finish: () => void): void {
    const machine = this.#machine;
    const delivered = (variables: Values): void => {
      machine.set(frame, variables);
      finish();
    };
    switch (work.type) {
      case 'manual':
        return finish();
      case 'service':
      case 'send':
        return this.#job(frame, finish);
      case 'user':
        machine.wait('task', frame, delivered);
        return;
      case 'receive':
        machine.wait('message', frame, delivered, { name: id });
        return;
      case 'call':
        machine.wait('child', frame, delivered);
        return;
      case 'scope':
        frame.whenEmpty = finish;
        frame.inTurn = work.undoesInTurn;
        this.#scope(frame, work.body, work.events);
        return;
      case 'adHoc':
        this.#adHoc(work, frame, finish);
    }
  }

  /** Each part begins as often as it is chosen; when the last path has ended, or enough is done, so has the whole. */
  #adHoc(work: Extract<Work, { type: 'adHoc' }>, frame: Frame, finish: () => void): void {
    const machine = this.#machine;
    const programs = work.parts.map((part) => this.compile(part, () => ended(), []));
    const chosen: number[] = [];
    let isClosed = false;
    const isEmpty = (): boolean => frame.children.size === 0 && frame.moving === 0;
    const begin = (): void => {
      while (chosen.length > 0 && (!work.sequential || isEmpty()))
        machine.later(frame, programs[chosen.shift() ?? 0] ?? ended);
    };
    const ended = (): void => {
      if (!isClosed && work.done !== null && machine.holds(frame, work.done)) {
        isClosed = true;
        chosen.length = 0;
        if (work.cancelsRest) machine.clear(frame);
      }
      if (!isClosed) begin();
      if ((isClosed || work.done === null) && isEmpty()) finish();
    };
    const choose = (indexes: readonly number[]): void => {
      chosen.push(...indexes);
      begin();
    };
    frame.choose = choose;
    if (work.chosen.length === 0 && work.done === null) finish();
    else choose(work.chosen);
  }

  #loop(activity: Activity, body: Frame, arm: () => void, done: () => void): void {
    arm();
    const { loop } = activity;
    if (loop?.type === 'multi') this.#multiInstance(activity, loop, body, done);
    else if (loop?.type === 'standard') this.#standardLoop(activity, loop, body, done);
  }

  #multiInstance(
    activity: Activity,
    loop: Extract<Activity['loop'], { type: 'multi' }>,
    body: Frame,
    done: () => void,
  ): void {
    const machine = this.#machine;
    const { count, sequential, collects, enough } = loop;
    const outputs: Values[string][] = Array.from({ length: count }, () => null);
    let completed = 0;
    const finish = (): void => {
      machine.clear(body);
      // the list is set outside the body, which ends with it
      if (collects && body.parent !== null) machine.set(body.parent, { [`${activity.id}all`]: outputs });
      done();
    };
    const create = (counter: number): void => {
      const inner = new Frame(activity.id, body, { place: `.${counter}` });
      Object.assign(inner.vars, { loopCounter: counter });
      if (!loop.cardinality) inner.vars['item'] = counter - 1;
      if (collects) inner.vars[`${activity.id}out`] = null;
      const goOn = (): void => {
        if (collects) outputs[counter - 1] = machine.get(inner, `${activity.id}out`) ?? null;
        machine.complete(inner);
        completed += 1;
        if (completed === count || (enough !== null && completed >= enough)) finish();
        else if (sequential) create(counter + 1);
      };
      machine.later(inner, () => this.#do(activity, inner, () => undefined, goOn));
    };
    if (count === 0) return finish();
    for (let counter = 1; counter <= (sequential ? 1 : count); counter++) create(counter);
  }

  #standardLoop(
    activity: Activity,
    { testBefore, below, maximum }: Extract<Activity['loop'], { type: 'standard' }>,
    body: Frame,
    done: () => void,
  ): void {
    const machine = this.#machine;
    const isAllowed = (counter: number): boolean => maximum === null || counter <= maximum;
    const begin = (counter: number): void => {
      const inner = new Frame(activity.id, body, { place: `.${counter}` });
      inner.vars['loopCounter'] = counter;
      this.#do(
        activity,
        inner,
        () => undefined,
        () => {
          machine.complete(inner);
          const next = counter + 1;
          const holds = below === null || counter < below;
          if (holds && isAllowed(next)) machine.later(body, () => begin(next));
          else done();
        },
      );
    };
    const holdsFirst = !testBefore || below === null || below > 0;
    if (holdsFirst && isAllowed(1)) machine.later(body, () => begin(1));
    else done();
  }

  // Event sub-processes

  #awaitEvents(scope: Frame, events: readonly EventScope[]): void {
    for (const event of events) this.#awaitEvent(scope, event);
  }

  #awaitEvent(scope: Frame, event: EventScope): void {
    const { id, trigger, interrupting, body } = event;
    if (trigger.type === 'compensation') return;
    const fire = (variables: Values): void => {
      if (interrupting) this.#interrupt(scope);
      this.#machine.set(scope, variables);
      const frame = new Frame(id, scope);
      frame.whenEmpty = () => this.#machine.complete(frame);
      this.#scope(frame, body, []);
    };
    const catcher = (type: Catcher['type'], code: string | null): void =>
      void scope.inner.push({ type, code, begins: id, fire: () => fire({}) });
    if (trigger.type === 'error' || trigger.type === 'escalation') catcher(trigger.type, trigger.code);
    else {
      scope.starts.add(`${id}s@${scope.place}`);
      this.#await(scope, { id: `${id}s`, trigger, once: interrupting, fire });
    }
  }

  /** The normal flow of the scope ends, and no other event sub-process of it begins any more. */
  #interrupt(scope: Frame): void {
    this.#machine.clear(scope);
    this.#machine.closeEvents(scope);
  }
}
