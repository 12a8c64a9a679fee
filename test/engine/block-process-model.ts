/** Block-structured processes as process models: each block becomes elements and flows. */
import type { FeelNode } from '#engine/feel/ast.ts';
import type { Variables } from '#engine/json.ts';
import type {
  CatchTrigger,
  EndingResult,
  FeelExpression,
  FlowNode,
  MultiInstance,
  ProcessModel,
  SingleResult,
  SingleTrigger,
  StandardLoop,
} from '#engine/model.ts';
import { firstElementOf } from './block-process.ts';
import type {
  Activity,
  Block,
  BlockProcess,
  Boundary,
  Branch,
  Catch,
  Ending,
  EventScope,
  Kind,
  Loop,
  Trigger,
} from './block-process.ts';
import {
  adHoc,
  boundary,
  broadcasts,
  call,
  catching,
  compare,
  complex,
  conditional,
  end,
  error,
  escalates,
  escalation,
  eventBased,
  eventSub,
  feel,
  flow,
  forEach,
  gateway,
  job,
  link,
  listener,
  message,
  pass,
  processOf,
  receive,
  rounds,
  script,
  sending,
  service,
  signal,
  start,
  sub,
  throwing,
  throwsError,
  timer,
  transaction,
  undoes,
  user,
  value,
} from './model-builder.ts';
import type { FlowLiteral } from './model-builder.ts';

/** Correlation key of every message. */
export const messageKey = 'k';

/** The model of the process, and the start variables that its counters and collections need; flags are for the caller to choose. */
export function modelOf(process: BlockProcess): { readonly model: ProcessModel; readonly variables: Variables } {
  const drawing = new Drawing();
  drawing.scope(null, 'p', process.body);
  for (const event of process.events) drawing.eventScope(event, null);
  return { model: drawing.model(), variables: drawing.variables };
}

/** The beginning of a flow whose target is not drawn yet. */
interface Exit {
  readonly from: string;
  readonly condition?: FeelExpression;
  readonly isDefault?: true;
  readonly isLink?: true;
}
type Parent = string | null;

class Drawing {
  readonly variables: Record<string, number | string[] | number[]> = {};
  readonly #nodes: FlowNode[] = [];
  readonly #flows: FlowLiteral[] = [];
  readonly #defaults = new Map<string, string>();

  model(): ProcessModel {
    const nodes = this.#nodes.map((node) => ({ ...node, defaultFlow: this.#defaults.get(node.id) ?? null }));
    return processOf(nodes, this.#flows);
  }

  /** Start event, body, end event where a token gets that far. */
  scope(parent: Parent, id: string, body: Block): void {
    this.#add(start(`${id}s`, { parent }));
    this.#end(this.#draw(body, [{ from: `${id}s` }], parent), `${id}e`, parent);
  }

  eventScope({ id, trigger, interrupting, body }: EventScope, parent: Parent): void {
    this.#add(eventSub(id, { parent }));
    const caught: CatchTrigger = trigger.type === 'compensation' ? { type: 'compensation' } : triggerOf(trigger);
    this.#add(start(`${id}s`, { parent: id, trigger: caught, interrupting }));
    this.#end(this.#draw(body, [{ from: `${id}s` }], id), `${id}e`, id);
  }

  #add(node: FlowNode): void {
    this.#nodes.push(node);
  }

  #end(exits: readonly Exit[], id: string, parent: Parent): void {
    if (exits.length === 0) return;
    this.#add(end(id, { parent }));
    this.#connect(exits, id);
  }

  #connect(exits: readonly Exit[], to: string): void {
    for (const { from, condition, isDefault, isLink } of exits) {
      this.#flows.push(isLink ? link(from, to) : flow(from, to, condition ?? null));
      if (isDefault) this.#defaults.set(from, `${from}>${to}`);
    }
  }

  /** Adds the node behind the exits; answers its own exit. */
  #follow(node: FlowNode, exits: readonly Exit[]): Exit[] {
    this.#add(node);
    this.#connect(exits, node.id);
    return [{ from: node.id }];
  }

  /** Draws the block behind the exits of what comes before; answers its exits. */
  #draw(block: Block, before: readonly Exit[], parent: Parent): Exit[] {
    switch (block.kind) {
      case 'sequence':
        return block.blocks.reduce<Exit[]>((exits, part) => this.#draw(part, exits, parent), [...before]);
      case 'pass':
        return this.#pass(block, before, parent);
      case 'script':
        return this.#follow(script(block.id, block.variable, number(block.value), { parent }), before);
      case 'activity':
        return this.#activity(block, before, parent);
      case 'split':
        return this.#split(block, before, parent);
      case 'discriminator':
        return this.#discriminator(block, before, parent);
      case 'repeat':
        return this.#repeat(block, before, parent);
      case 'catch':
        return this.#follow(catchNode(block.event, parent), before);
      case 'race':
        return this.#race(block, before, parent);
      case 'throw': {
        const guarded = this.#follow(user(`${block.id}g`, {}, { parent }), before);
        const results = block.deeds.flatMap((deed) => resultsOf(deed, block.id) as SingleResult[]);
        return this.#follow(throwing(block.id, { parent, results }), guarded);
      }
      case 'end': {
        const isGuarded = block.does.type !== 'none';
        const guarded = isGuarded ? this.#follow(user(`${block.id}g`, {}, { parent }), before) : before;
        this.#follow(end(block.id, { parent, results: resultsOf(block.does, block.id) }), guarded);
        return [];
      }
    }
  }

  #pass({ id, as }: Kind<'pass'>, before: readonly Exit[], parent: Parent): Exit[] {
    switch (as) {
      case 'task':
        return this.#follow(pass(id, { parent }), before);
      case 'throw':
        return this.#follow(throwing(id, { parent }), before);
      case 'gateway':
        return this.#follow(gateway(id, 'exclusiveGateway', { parent }), before);
      case 'link': {
        this.#follow(throwing(`${id}t`, { parent, results: [{ type: 'link' }] }), before);
        return this.#follow(catching(id, { type: 'link' }, { parent }), [{ from: `${id}t`, isLink: true }]);
      }
    }
  }

  #activity(activity: Activity, before: readonly Exit[], parent: Parent): Exit[] {
    const { id, loop, listeners } = activity;
    if (loop?.type === 'multi' && !loop.cardinality) {
      this.variables[`${id}items`] = Array.from({ length: loop.count }, (_, index) => index);
    }
    const asked = [
      ...Array.from({ length: listeners.start }, () => listener('start', 'l')),
      ...Array.from({ length: listeners.end }, () => listener('end', 'l')),
    ];
    const exits = this.#follow(this.#activityNode(activity, { parent, listeners: asked, ...loopOf(id, loop) }), before);
    this.#inside(activity);
    if (activity.undone) this.#undo(id, parent);
    return [...exits, ...activity.boundary.flatMap((event) => this.#boundary(event, id, parent))];
  }

  #activityNode({ id, work }: Activity, extra: object): FlowNode {
    switch (work.type) {
      case 'service':
        return service(id, extra);
      case 'send':
        return sending(id, extra);
      case 'user':
        return user(id, {}, extra);
      case 'receive':
        return receive(id, id, messageKey, extra);
      case 'call':
        return call(id, 'called', extra);
      case 'manual':
        return pass(id, extra);
      case 'scope': {
        const properties: Record<string, string> = work.undoesInTurn ? { 'alur.compensationOrder': 'sequential' } : {};
        return (work.transaction ? transaction : sub)(id, { ...extra, properties });
      }
      case 'adHoc': {
        this.variables[`${id}chosen`] = work.chosen.map((index) =>
          firstElementOf(work.parts.at(index) ?? { kind: 'sequence', blocks: [] }),
        );
        return adHoc(id, {
          ...extra,
          sequential: work.sequential,
          activeElements: feel(`${id}chosen`),
          completionCondition: work.done === null ? null : compare(work.done, '=', 1),
          cancelRemainingInstances: work.cancelsRest,
        });
      }
    }
  }

  #inside({ id, work }: Activity): void {
    if (work.type === 'scope') {
      this.scope(id, id, work.body);
      for (const event of work.events) this.eventScope(event, id);
    }
    if (work.type === 'adHoc') for (const part of work.parts) this.#draw(part, [], id);
  }

  #boundary(event: Boundary, attachedTo: string, parent: Parent): Exit[] {
    const { id, trigger, interrupting, block, merges } = event;
    this.#add(boundary(id, attachedTo, triggerOf(trigger), { parent, interrupting }));
    const exits = block === null ? [{ from: id }] : this.#draw(block, [{ from: id }], parent);
    if (merges) return exits;
    this.#end(exits, `${id}e`, parent);
    return [];
  }

  #undo(id: string, parent: Parent): void {
    const handler = `${id}undoes`;
    this.#add(boundary(`${id}undo`, id, { type: 'compensation' }, { parent, handler }));
    this.#add(service(handler, { parent, isForCompensation: true }));
  }

  #split(block: Kind<'split'>, before: readonly Exit[], parent: Parent): Exit[] {
    const { id, type } = block;
    const from = `${id}split`;
    if (type === 'implicit') this.#follow(pass(from, { parent }), before);
    else this.#fork(id, gateway(from, gatewayOf[type], { parent }), before);
    const exits = block.branches.map((branch): Exit[] => {
      const begin = exitInto(from, type, branch);
      return branch.block === null ? [begin] : this.#draw(branch.block, [begin], parent);
    });
    if (block.openMerge) return exits.flat();
    const synchronises = type === 'parallel' || type === 'inclusive';
    return synchronises
      ? this.#join(gateway(`${id}join`, gatewayOf[type], { parent }), exits, parent)
      : this.#merge(`${id}join`, exits.flat(), parent);
  }

  /** A gateway of its own merges what comes in: with several incoming flows a fork would be a join as well. */
  #fork(id: string, fork: FlowNode, before: readonly Exit[]): void {
    this.#follow(fork, this.#merge(`${id}in`, before, fork.parent));
  }

  #merge(id: string, exits: readonly Exit[], parent: Parent): Exit[] {
    return exits.length === 0 ? [] : this.#follow(gateway(id, 'exclusiveGateway', { parent }), exits);
  }

  /** A gateway that waits for one flow of each branch: several flows of a branch are merged first (`…m0`, `…m1` …). */
  #join(join: FlowNode, branches: readonly Exit[][], parent: Parent): Exit[] {
    const single = branches.map((exits, index) =>
      exits.length > 1 ? this.#merge(`${join.id}m${index}`, exits, parent) : exits,
    );
    return single.flat().length === 0 ? [] : this.#follow(join, single.flat());
  }

  #discriminator(block: Kind<'discriminator'>, before: readonly Exit[], parent: Parent): Exit[] {
    const { id, needed, branches } = block;
    this.#fork(id, gateway(`${id}split`, 'parallelGateway', { parent }), before);
    const exits = branches.map((branch) => this.#draw(branch, [{ from: `${id}split` }], parent));
    const condition = compare('activationCount', '>=', needed);
    return this.#join(complex(`${id}join`, condition, { parent }), exits, parent);
  }

  #repeat(block: Kind<'repeat'>, before: readonly Exit[], parent: Parent): Exit[] {
    const { id, testFirst, rounds: wanted, body } = block;
    const counter = `${id}n`;
    this.variables[counter] = 0;
    const again = { condition: compare(counter, '<', wanted) };
    this.#follow(gateway(`${id}m`, 'exclusiveGateway', { parent }), before);
    const count = script(`${id}c`, counter, plusOne(counter), { parent });
    const decide = gateway(`${id}x`, 'exclusiveGateway', { parent });
    if (testFirst) {
      this.#follow(decide, [{ from: `${id}m` }]);
      const exits = this.#draw(body, [{ from: decide.id, ...again }], parent);
      this.#connect(this.#follow(count, exits), `${id}m`);
    } else {
      const exits = this.#draw(body, [{ from: `${id}m` }], parent);
      this.#connect([{ from: this.#follow(decide, this.#follow(count, exits))[0]?.from ?? '', ...again }], `${id}m`);
    }
    return [{ from: decide.id, isDefault: true }];
  }

  #race({ id, branches, openMerge }: Kind<'race'>, before: readonly Exit[], parent: Parent): Exit[] {
    this.#follow(eventBased(id, { parent }), before);
    const exits = branches.flatMap(({ event, block }) => {
      const caught = this.#follow(catchNode(event, parent), [{ from: id }]);
      return block === null ? caught : this.#draw(block, caught, parent);
    });
    return openMerge ? exits : this.#merge(`${id}join`, exits, parent);
  }
}

const gatewayOf = {
  exclusive: 'exclusiveGateway',
  inclusive: 'inclusiveGateway',
  parallel: 'parallelGateway',
} as const;

function exitInto(from: string, type: Kind<'split'>['type'], { flag }: Branch): Exit {
  if (flag !== null) return { from, condition: compare(flag, '=', 1) };
  return type === 'parallel' ? { from } : { from, isDefault: true };
}

function catchNode({ id, trigger, receives }: Catch, parent: Parent): FlowNode {
  return receives ? receive(id, id, messageKey, { parent }) : catching(id, triggerOf(trigger), { parent });
}

function triggerOf(trigger: Trigger): CatchTrigger {
  if (trigger.type !== 'multiple' && trigger.type !== 'parallelMultiple') return singleOf(trigger);
  return { type: trigger.type, triggers: trigger.triggers.map(singleOf) };
}

function singleOf(trigger: Trigger): SingleTrigger {
  switch (trigger.type) {
    case 'timer': {
      const { seconds, repeats } = trigger;
      return repeats === null ? timer(`PT${seconds}S`) : timer(`R${repeats}/PT${seconds}S`, 'cycle');
    }
    case 'message':
      return message(trigger.name, messageKey);
    case 'signal':
      return signal(trigger.name);
    case 'conditional':
      return conditional(compare(trigger.flag, '=', 1), [trigger.flag]);
    case 'error':
      return error(trigger.code);
    case 'escalation':
      return escalation(trigger.code);
    case 'cancel':
      return { type: 'cancel' };
    case 'multiple':
    case 'parallelMultiple':
      throw new Error('a trigger among several is a single one');
  }
}

function resultsOf(does: Ending, id: string): (SingleResult | EndingResult)[] {
  switch (does.type) {
    case 'none':
      return [];
    case 'signal':
      return [broadcasts(does.name)];
    case 'escalation':
      return [escalates(does.code)];
    case 'compensation':
      return [undoes(does.activity, does.waits)];
    case 'job':
      return [{ type: 'message', send: { kind: 'job', job: job(id), headers: {} } }];
    case 'error':
      return [throwsError(does.code)];
    case 'terminate':
    case 'cancel':
      return [{ type: does.type }];
  }
}

const number = (given: number): FeelExpression => feel(String(given), { type: 'number', value: given });
function plusOne(name: string): FeelExpression {
  const tree: FeelNode = {
    type: 'arithmetic',
    op: '+',
    left: { type: 'name', name },
    right: { type: 'number', value: 1 },
  };
  return feel(`${name} + 1`, tree);
}

function loopOf(
  id: string,
  loop: Loop | null,
): { readonly multiInstance?: MultiInstance; readonly standardLoop?: StandardLoop } {
  if (loop === null) return {};
  if (loop.type === 'standard') {
    const { testBefore, below, maximum } = loop;
    const condition = below === null ? null : compare('loopCounter', '<', below);
    return rounds({ testBefore, condition, maximum: maximum === null ? null : value(maximum) });
  }
  return forEach({
    sequential: loop.sequential,
    inputCollection: loop.cardinality ? null : feel(`${id}items`),
    cardinality: loop.cardinality ? value(loop.count) : null,
    inputElement: loop.cardinality ? null : 'item',
    outputCollection: loop.collects ? `${id}all` : null,
    outputElement: loop.collects ? feel(`${id}out`) : null,
    completionCondition: loop.enough === null ? null : compare('numberOfCompletedInstances', '>=', loop.enough),
  });
}
