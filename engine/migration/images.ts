/** What an element of the source is in the target: what the mapping says, else the element of the same id. */
import type { ElementId, FlowNode } from '../model.ts';
import type { Models } from './plan.ts';

export class Images {
  readonly #mapped: ReadonlyMap<string, string>;
  readonly #models: Models;

  constructor(models: Models) {
    this.#models = models;
    this.#mapped = new Map(models.mapping.map(({ source, target }) => [source, target]));
  }

  has(target: string): boolean {
    const { nodes, flows } = this.#models.target;
    return Object.hasOwn(nodes, target) || Object.hasOwn(flows, target);
  }
  /** What the mapping says of an element or flow; undefined: nothing. */
  mapped(source: string): string | undefined {
    return this.#mapped.get(source);
  }
  /** null: it has no place in the target. */
  id(source: ElementId): ElementId | null {
    const id = this.#mapped.get(source) ?? source;
    return Object.hasOwn(this.#models.target.nodes, id) ? id : null;
  }
  node(source: ElementId): FlowNode | undefined {
    const id = this.id(source);
    return id === null ? undefined : this.#models.target.nodes[id];
  }
  /** Sub-processes of the target around an element and that one itself, the outermost first; none for null. */
  chain(id: ElementId | null): readonly ElementId[] {
    const chain: ElementId[] = [];
    for (let at = id; at !== null; at = this.#models.target.nodes[at]?.parent ?? null) chain.unshift(at);
    return chain;
  }
  depth(id: ElementId): number {
    return this.chain(id).length;
  }
  /** Every element of the source whose id changes, with its new one. */
  renamed(): Readonly<Record<ElementId, ElementId>> {
    const { source, target } = this.#models;
    const pairs = [...this.#mapped].filter(
      ([from, to]) => from !== to && Object.hasOwn(source.nodes, from) && Object.hasOwn(target.nodes, to),
    );
    return Object.fromEntries(pairs);
  }
}
