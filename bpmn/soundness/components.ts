/** Strongly connected components (Tarjan, 1972), without recursion. */

/** Each component's members; a component comes after those it leads to. `successors` of node n: its direct ones. */
export function components(
  size: number,
  successors: (node: number) => readonly number[],
): readonly (readonly number[])[] {
  const found: number[][] = [];
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const numberAt = (map: ReadonlyMap<number, number>, node: number): number => map.get(node) ?? Infinity;
  const lower = (node: number, to: number): void => void low.set(node, Math.min(numberAt(low, node), to));
  for (let root = 0; root < size; root += 1) {
    if (index.has(root)) continue;
    const calls: { readonly node: number; readonly open: number[] }[] = [];
    const enter = (node: number): void => {
      index.set(node, index.size);
      low.set(node, index.size - 1);
      stack.push(node);
      onStack.add(node);
      calls.push({ node, open: [...successors(node)] });
    };
    enter(root);
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      const next = call.open.pop();
      if (next === undefined) {
        calls.pop();
        const caller = calls.at(-1);
        if (caller !== undefined) lower(caller.node, numberAt(low, call.node));
        if (low.get(call.node) === index.get(call.node)) found.push(popThrough(call.node, stack, onStack));
      } else if (!index.has(next)) enter(next);
      else if (onStack.has(next)) lower(call.node, numberAt(index, next));
    }
  }
  return found;
}

function popThrough(node: number, stack: number[], onStack: Set<number>): number[] {
  const members = stack.splice(stack.lastIndexOf(node));
  for (const member of members) onStack.delete(member);
  return members;
}
