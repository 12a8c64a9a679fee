/** Blocks as programs: `compile` answers what a token does that arrives before the block, given what it does after. */
import { exitsOf } from './block-process.ts';
import type { Block, BlockProcess, Branch, Catch, Deed, Kind, Trigger } from './block-process.ts';
import { compileActivity, compileScope } from './reference-model-activities.ts';
import { awaitEvent, interrupt } from './reference-model-events.ts';
import { endOf, join } from './reference-model-joins.ts';
import { compensate, rememberUnfinished } from './reference-model-undo.ts';
import { Frame } from './reference-model.ts';
import type { Compile, Go, Inside, Machine, Values } from './reference-model.ts';

export class Program {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The process begins. */
  start(process: BlockProcess, variables: Values): void {
    const { root } = this.#machine;
    Object.assign(root.vars, variables);
    root.whenEmpty = () => this.#machine.end('completed');
    compileScope(this.#machine, this.#compile, { id: root.id, ...process })(root);
  }

  readonly #compile: Compile = (block, next, inside) => {
    switch (block?.kind) {
      case undefined:
        return next;
      case 'sequence':
        return block.blocks.reduceRight<Go>((after, part) => this.#compile(part, after, inside), next);
      case 'pass':
        return this.#marking(block.as === 'link' ? [`${block.id}t`, block.id] : [block.id], next);
      case 'script':
        return this.#script(block, next);
      case 'activity':
        return compileActivity(this.#machine, this.#compile, block, { next, inside });
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
  };

  /** Elements that do their work at once. */
  #marking(ids: readonly string[], next: Go): Go {
    return (scope) => {
      for (const id of ids) this.#machine.mark(id);
      next(scope);
    };
  }

  #script({ id, variable, value }: Kind<'script'>, next: Go): Go {
    return (scope) => {
      this.#machine.set(scope, { [variable]: value });
      this.#machine.mark(id);
      next(scope);
    };
  }

  // Gateways

  #split(split: Kind<'split'>, next: Go, inside: Inside): Go {
    const { id, type, branches } = split;
    const after = this.#afterBranches(split, next, inside);
    const ends = type === 'inclusive' ? id : null;
    const programs = this.#compileBranches(
      branches.map(({ block }) => block),
      after,
      { inside, ends },
    );
    const take: Go = (scope) => {
      for (const index of this.#taken(type, branches, scope)) this.#machine.later(scope, programs[index] ?? next);
    };
    return this.#marking(type === 'implicit' ? [`${id}split`] : [`${id}in`, `${id}split`], take);
  }

  /** `ends`: the join that waits for the ends of the branches; null: none has to know whether a token still comes. */
  #compileBranches(
    branches: readonly (Block | null)[],
    after: readonly Go[],
    { inside, ends }: { readonly inside: Inside; readonly ends: string | null },
  ): Go[] {
    return branches.map((block, index) => {
      const within = ends === null ? inside : [...inside, endOf(ends, index)];
      return this.#compile(block, after[index] ?? nothing, exitsOf(block) > 0 ? within : []);
    });
  }

  /** Indexes of the branches that get a token. */
  #taken(type: Kind<'split'>['type'], branches: readonly Branch[], scope: Frame): number[] {
    const all = branches.map((_, index) => index);
    if (type === 'parallel') return all;
    const held = all.filter((index) => {
      const flag = branches[index]?.flag ?? null;
      return flag !== null && this.#machine.holds(scope, flag);
    });
    if (held.length === 0) return all.filter((index) => branches[index]?.flag === null);
    return type === 'exclusive' ? held.slice(0, 1) : held;
  }

  #afterBranches({ id, type, branches, openMerge }: Kind<'split'>, next: Go, inside: Inside): Go[] {
    if (openMerge) return branches.map(() => next);
    if (type !== 'parallel' && type !== 'inclusive') return branches.map(() => this.#marking([`${id}join`], next));
    const wants = type === 'parallel' ? 'each' : 'all that can come';
    return join(this.#machine, { id, branches: branches.map(({ block }) => block), next, inside, wants });
  }

  #discriminator({ id, branches, needed }: Kind<'discriminator'>, next: Go, inside: Inside): Go {
    const after = join(this.#machine, { id, branches, next, inside, wants: needed });
    const programs = this.#compileBranches(branches, after, { inside, ends: id });
    return this.#marking([`${id}in`, `${id}split`], (scope) => {
      for (const program of programs) this.#machine.later(scope, program);
    });
  }

  #repeat({ id, testFirst, rounds, body }: Kind<'repeat'>, next: Go, inside: Inside): Go {
    const machine = this.#machine;
    const counter = `${id}n`;
    const counted = (scope: Frame): number => Number(machine.get(scope, counter));
    const decide: Go = (scope) => {
      machine.mark(`${id}x`);
      if (counted(scope) >= rounds) next(scope);
      else if (testFirst) round(scope);
      else merge(scope);
    };
    const merge: Go = (scope) => {
      machine.mark(`${id}m`);
      if (testFirst) decide(scope);
      else round(scope);
    };
    const count: Go = (scope) => {
      machine.set(scope, { [counter]: counted(scope) + 1 });
      machine.mark(`${id}c`);
      if (testFirst) merge(scope);
      else decide(scope);
    };
    const round = this.#compile(body, count, inside);
    return merge;
  }

  // Events

  #catch(event: Catch, next: Go, inside: Inside): Go {
    const { id } = event;
    return (scope) => {
      const frame = new Frame(id, scope, { inside });
      const fire = (variables: Values): void => {
        this.#machine.set(frame, variables);
        this.#machine.complete(frame);
        next(scope);
      };
      awaitEvent(this.#machine, frame, { id, trigger: triggerOf(event), once: true, fire });
    };
  }

  #race({ id, branches, openMerge }: Kind<'race'>, next: Go, inside: Inside): Go {
    const after = openMerge ? next : this.#marking([`${id}join`], next);
    const blocks = branches.map(({ block }) => block);
    const programs = this.#compileBranches(
      blocks,
      blocks.map(() => after),
      { inside, ends: null },
    );
    return (scope) => {
      const frame = new Frame(id, scope, { inside });
      for (const [index, { event }] of branches.entries()) {
        const fire = (variables: Values): void => {
          this.#machine.complete(frame);
          this.#machine.set(scope, variables);
          this.#machine.mark(event.id);
          programs[index]?.(scope);
        };
        awaitEvent(this.#machine, frame, { id: event.id, trigger: triggerOf(event), once: true, fire });
      }
    };
  }

  // Throwing and ending

  /** A task, then what `does` does with the frame of the event. */
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
        this.#machine.broadcast(deed.name);
        return goOn();
      case 'escalation':
        this.#machine.throw('escalation', frame, deed.code);
        return goOn();
      case 'job':
        return this.#machine.job(frame, goOn);
      case 'compensation':
        compensate(this.#machine, scope, { activity: deed.activity, done: deed.waits ? goOn : nothing });
        if (!deed.waits) goOn();
    }
  }

  #end({ id, does }: Kind<'end'>, inside: Inside): Go {
    const machine = this.#machine;
    switch (does.type) {
      case 'none':
        return this.#marking([id], nothing);
      case 'terminate':
        return this.#guarded(id, (frame, scope) => (machine.clear(scope, frame), machine.complete(frame)), inside);
      case 'error': {
        const raise = (frame: Frame): void => machine.throwError(frame, does.code, () => raise(frame));
        return this.#guarded(id, raise, inside);
      }
      case 'cancel':
        return this.#guarded(id, (frame, scope) => this.#cancel(frame, scope), inside);
      case 'signal':
      case 'escalation':
      case 'compensation':
      case 'job':
        return this.#throw(id, [does], nothing, inside);
    }
  }

  /** Ends what is active in the transaction, undoes what was done in it, then its cancel event takes the token. */
  #cancel(frame: Frame, transaction: Frame): void {
    const machine = this.#machine;
    machine.complete(frame);
    rememberUnfinished(machine, transaction);
    interrupt(machine, transaction);
    transaction.whenEmpty = null;
    // the boundary events of a looping transaction belong to its body
    const cancelled = transaction.cancelled ?? transaction.parent?.cancelled ?? nothing;
    compensate(machine, transaction, { activity: null, done: cancelled });
  }
}

const nothing = (): void => undefined;

/** A receive task waits for the message of its own name. */
const triggerOf = ({ id, trigger, receives }: Catch): Trigger => (receives ? { type: 'message', name: id } : trigger);
