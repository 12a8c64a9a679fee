/** Block-structured processes as process models, and as arbitraries for properties. */
import fc from 'fast-check';
import type { Variables } from '#engine/json.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import {
  boundary,
  compare,
  end,
  feel,
  flow,
  forEach,
  gateway,
  pass,
  path,
  processOf,
  service,
  start,
  sub,
  timer,
} from './model-builder.ts';
import type { FlowLiteral } from './model-builder.ts';
import type { Block } from './reference-model.ts';

interface Built {
  readonly nodes: FlowNode[];
  readonly flows: FlowLiteral[];
  readonly variables: Record<string, number | number[]>;
  names: number;
}

/** A model that does what the block says, and the start variables its conditions need. */
export function modelOf(block: Block): { readonly model: ProcessModel; readonly variables: Variables } {
  const built: Built = { nodes: [start('s'), end('e')], flows: [], variables: {}, names: 0 };
  const [first, last] = place(built, block, null);
  built.flows.push(...path('s', first), ...path(last, 'e'));
  return { model: processOf(built.nodes, [built.flows]), variables: built.variables };
}

/** Adds the block's nodes; answers the ids of its first and last. */
function place(built: Built, block: Block, parent: string | null): [string, string] {
  switch (block.kind) {
    case 'pass': {
      const id = fresh(built);
      built.nodes.push(pass(id, { parent }));
      return [id, id];
    }
    case 'task':
      return placeTask(built, block, parent);
    case 'sequence': {
      const parts = block.blocks.map((part) => place(built, part, parent));
      for (const [index, [, last]] of parts.slice(0, -1).entries()) {
        built.flows.push(flow(last, parts[index + 1]?.[0] ?? ''));
      }
      return [parts[0]?.[0] ?? '', parts.at(-1)?.[1] ?? ''];
    }
    case 'one':
    case 'some':
    case 'all':
      return placeSplit(built, block, parent);
    case 'scope':
    case 'each':
      return placeScope(built, block, parent);
  }
}

type Kind<K extends Block['kind']> = Extract<Block, { readonly kind: K }>;
const fresh = (built: Built): string => `p${built.names++}`;

function placeTask(built: Built, { id, timeout }: Kind<'task'>, parent: string | null): [string, string] {
  built.nodes.push(service(id, { parent }));
  if (timeout === null) return [id, id];
  const [late, merge] = [`${id}late`, fresh(built)];
  built.nodes.push(boundary(late, id, timer('PT1H'), { parent }), gateway(merge, 'exclusiveGateway', { parent }));
  const [first, last] = place(built, timeout, parent);
  built.flows.push(...path(id, merge), ...path(late, first), ...path(last, merge));
  return [id, merge];
}

const gatewayOf = { one: 'exclusiveGateway', some: 'inclusiveGateway', all: 'parallelGateway' } as const;

function placeSplit(built: Built, block: Kind<'one' | 'some' | 'all'>, parent: string | null): [string, string] {
  const [split, merge] = [`${block.id}split`, `${block.id}join`];
  const type = gatewayOf[block.kind];
  built.nodes.push(gateway(split, type, { parent }), gateway(merge, type, { parent }));
  for (const [index, branch] of block.branches.entries()) {
    const name = `${block.id}x${index}`;
    built.variables[name] = block.taken.includes(index) ? 1 : 0;
    const [first, last] = place(built, branch, parent);
    built.flows.push(flow(split, first, block.kind === 'all' ? null : compare(name, '=', 1)), flow(last, merge));
  }
  return [split, merge];
}

function placeScope(built: Built, block: Kind<'scope' | 'each'>, parent: string | null): [string, string] {
  const { id } = block;
  const items = `${id}items`;
  const loop = block.kind === 'each' ? forEach({ inputCollection: feel(items), sequential: block.sequential }) : {};
  if (block.kind === 'each') built.variables[items] = Array.from({ length: block.count }, (_, index) => index);
  built.nodes.push(sub(id, { parent, ...loop }), start(`${id}s`, { parent: id }), end(`${id}e`, { parent: id }));
  const [first, last] = place(built, block.body, id);
  built.flows.push(...path(`${id}s`, first), ...path(last, `${id}e`));
  return [id, id];
}

/** Random blocks; every task and gateway gets a name of its own. */
export const blocks: fc.Arbitrary<Block> = fc
  .letrec<{ block: Block }>((tie) => {
    const task = fc.record({
      kind: fc.constant('task' as const),
      id: fc.constant(''),
      timeout: fc.option(tie('block'), { freq: 6 }),
    });
    const branches = fc.array(tie('block'), { minLength: 1, maxLength: 3 });
    const split = fc.record({
      kind: fc.constantFrom('one' as const, 'some' as const, 'all' as const),
      id: fc.constant(''),
      branches,
      taken: fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }),
    });
    return {
      block: fc.oneof(
        { maxDepth: 5, depthSize: 'medium' },
        task,
        fc.constant({ kind: 'pass' as const }),
        fc.record({
          kind: fc.constant('sequence' as const),
          blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
        }),
        split,
        fc.record({ kind: fc.constant('scope' as const), id: fc.constant(''), body: tie('block') }),
        fc.record({
          kind: fc.constant('each' as const),
          id: fc.constant(''),
          body: tie('block'),
          count: fc.nat(3),
          sequential: fc.boolean(),
        }),
      ),
    };
  })
  .block.map((block) => named(block, { next: 0 }));

function named(block: Block, names: { next: number }): Block {
  const id = `n${names.next++}`;
  switch (block.kind) {
    case 'pass':
      return block;
    case 'task':
      return { ...block, id, timeout: block.timeout && named(block.timeout, names) };
    case 'sequence':
      return { ...block, blocks: block.blocks.map((part) => named(part, names)) };
    case 'one':
    case 'some':
    case 'all': {
      const count = block.branches.length;
      const some = [...new Set(block.taken.map((index) => index % count))];
      const taken =
        block.kind === 'all' ? block.branches.map((_, index) => index) : block.kind === 'one' ? some.slice(0, 1) : some;
      return { ...block, id, taken, branches: block.branches.map((part) => named(part, names)) };
    }
    case 'scope':
    case 'each':
      return { ...block, id, body: named(block.body, names) };
  }
}
