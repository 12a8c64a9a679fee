/** The names that an expression reads. */
import type { FeelNode } from '#engine/feel/ast.ts';

/** Variables read, those that the expression itself binds included: too many do no harm here. Built-in functions are called, not read. */
export function variablesOf(node: FeelNode): ReadonlySet<string> {
  const found = new Set<string>();
  const agenda: unknown[] = [node];
  while (agenda.length > 0) {
    const part = agenda.pop();
    if (part === null || typeof part !== 'object') continue;
    const { type, name, target, ...rest } = part as { type?: unknown; name?: unknown; target?: { type?: unknown } };
    if (type === 'name' && typeof name === 'string') found.add(name);
    if (!(type === 'call' && target?.type === 'name')) agenda.push(target);
    agenda.push(...Object.values(rest));
  }
  return found;
}

const clocks = new Set(['now', 'today', 'random number']);

/** Whether it may give another value although no variable has changed. */
export function changesByItself(node: FeelNode): boolean {
  const calls = JSON.stringify(node).matchAll(/"type":"name","name":"([^"]+)"/g);
  return [...calls].some(([, name]) => clocks.has(name ?? ''));
}
