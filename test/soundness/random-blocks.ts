/** Random sound processes of well-nested blocks, and what makes them unsound: one gateway of another kind. */
import type { FlowNode, Gateway, ProcessModel } from '#engine/model.ts';
import type { Chance } from '../engine/seeded.ts';
import {
  catching,
  end,
  eventBased,
  feel,
  flow,
  gateway,
  pass,
  path,
  processOf,
  service,
  start,
  sub,
  timer,
  user,
} from '../engine/model-builder.ts';
import type { FlowLiteral } from '../engine/model-builder.ts';

type GatewayType = Gateway['type'];
/** A gateway that may be replaced, and by what it makes the process unsound. */
interface Target {
  readonly id: string;
  readonly unsoundAs: readonly GatewayType[];
}
export interface Drawn {
  readonly model: ProcessModel;
  readonly targets: readonly Target[];
}

/** Depth of nesting. */
const deepest = 3;

class Drawing {
  readonly nodes: FlowNode[] = [];
  readonly flows: (FlowLiteral | FlowLiteral[])[] = [];
  readonly targets: Target[] = [];
  readonly #chance: Chance;
  #parent: string | null = null;
  #last = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  #add(make: (id: string, extra: { readonly parent: string | null }) => FlowNode): string {
    this.#last += 1;
    const node = make(`n${this.#last}`, { parent: this.#parent });
    this.nodes.push(node);
    return node.id;
  }
  #gateway(type: GatewayType, unsoundAs: readonly GatewayType[]): string {
    const id = this.#add((name, extra) => gateway(name, type, extra));
    if (unsoundAs.length > 0) this.targets.push({ id, unsoundAs });
    return id;
  }
  #task(): string {
    const kind = this.#chance.below(3);
    if (kind === 0) return this.#add((id, extra) => user(id, {}, extra));
    return this.#add(kind === 1 ? service : pass);
  }

  /** A block after `from`; answers its last element. */
  block(from: string, depth: number): string {
    if (depth === 0) return this.#plain(from);
    const inner = depth - 1;
    const draw = this.#chance.of([
      () => this.#sequence(from, inner),
      () => this.#split(from, inner, { type: 'exclusiveGateway', unsoundAs: ['parallelGateway'] }),
      () => this.#split(from, inner, { type: 'parallelGateway', unsoundAs: ['exclusiveGateway'] }),
      () => this.#split(from, inner, { type: 'inclusiveGateway', unsoundAs: [] }),
      () => this.#loop(from, inner),
      () => this.#race(from, inner),
      () => this.#scope(from, inner),
    ]);
    return draw();
  }
  #plain(from: string): string {
    const id = this.#task();
    this.flows.push(flow(from, id));
    return id;
  }
  #sequence(from: string, depth: number): string {
    let last = from;
    for (let left = this.#chance.between(1, 3); left > 0; left -= 1) last = this.block(last, depth);
    return last;
  }
  /** A task follows each join: what meets unjoined at an end event harms nobody. */
  #split(from: string, depth: number, { type, unsoundAs }: { type: GatewayType; unsoundAs: GatewayType[] }): string {
    const split = this.#gateway(type, unsoundAs);
    const join = this.#gateway(type, type === 'inclusiveGateway' ? ['exclusiveGateway', 'parallelGateway'] : unsoundAs);
    this.flows.push(flow(from, split));
    // two conditional flows beside the default: with one, nothing would run in parallel
    const least = type === 'inclusiveGateway' ? 3 : 2;
    for (let left = this.#chance.between(least, 3); left > 0; left -= 1) {
      const before = this.nodes.length;
      const last = this.#branch(split, depth);
      const first = this.nodes[before]?.id ?? '';
      if (type !== 'parallelGateway') this.#decide(split, first, left === 1);
      this.flows.push(flow(last, join));
    }
    return this.#plain(join);
  }
  /** A branch begins with a task, so that its first flow is known. */
  #branch(split: string, depth: number): string {
    const first = this.#plain(split);
    return this.#chance.once(2) ? first : this.block(first, depth);
  }
  #decide(split: string, to: string, isDefault: boolean): void {
    const index = this.flows.findIndex((line) => 'from' in line && line.from === split && line.to === to);
    if (!isDefault) this.flows[index] = flow(split, to, feel(`${split}_${to}`));
    const at = this.nodes.findIndex(({ id }) => id === split);
    const node = this.nodes[at];
    if (isDefault && node !== undefined) this.nodes[at] = { ...node, defaultFlow: `${split}>${to}` };
  }
  #loop(from: string, depth: number): string {
    const head = this.#gateway('exclusiveGateway', ['parallelGateway']);
    const work = this.#add((id, extra) => user(id, {}, extra));
    this.flows.push(path(from, head, work));
    const last = this.block(work, depth);
    const exit = this.#gateway('exclusiveGateway', ['parallelGateway']);
    const after = this.#task();
    this.flows.push(path(last, exit, after), flow(exit, head, feel(`${exit}_${head}`)));
    this.#decide(exit, after, true);
    return after;
  }
  #race(from: string, depth: number): string {
    const split = this.#add(eventBased);
    const join = this.#gateway('exclusiveGateway', ['parallelGateway']);
    this.flows.push(flow(from, split));
    for (let left = 2; left > 0; left -= 1) {
      const event = this.#add((id, extra) => catching(id, timer(`PT${left}H`), extra));
      this.flows.push(flow(split, event), flow(this.block(event, depth), join));
    }
    return this.#plain(join);
  }
  #scope(from: string, depth: number): string {
    const scope = this.#add(sub);
    const outer = this.#parent;
    this.#parent = scope;
    const last = this.block(this.#add(start), depth);
    this.flows.push(flow(last, this.#add(end)), flow(from, scope));
    this.#parent = outer;
    return scope;
  }
}

export function drawSound(chance: Chance): Drawn {
  const drawing = new Drawing(chance);
  drawing.nodes.push(start('s'), end('e'));
  const last = drawing.block('s', deepest);
  drawing.flows.push(flow(last, 'e'));
  return { model: processOf(drawing.nodes, drawing.flows), targets: drawing.targets };
}

export function withGateway(model: ProcessModel, id: string, type: GatewayType): ProcessModel {
  const node = model.nodes[id];
  if (node === undefined || !isGateway(node)) throw new Error(`no gateway ${id}`);
  return { ...model, nodes: { ...model.nodes, [id]: { ...node, type } } };
}

const isGateway = (node: FlowNode): node is Gateway =>
  node.type === 'exclusiveGateway' || node.type === 'parallelGateway' || node.type === 'inclusiveGateway';
