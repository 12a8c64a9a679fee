/** The engine's time on test stacks; elsewhere these addresses do not exist. */
import type { clockEndpoints } from '#contract/clock.ts';
import type { Clock } from '../clock.ts';
import type { HandlersOf } from '../handler.ts';
import { Refusal } from '../refusal.ts';

/** @throws Refusal unless this is a test stack. */
function moveOf({ move }: Clock): (offsetMs: number) => Promise<void> {
  if (move === null) throw new Refusal('notFound', 'noRoute');
  return move;
}

export const clockHandlers: HandlersOf<typeof clockEndpoints> = {
  setClock: async ({ body, deps }) => {
    await moveOf(deps.clock)(body.timestamp - Date.now());
    return undefined;
  },
  resetClock: async ({ deps }) => {
    await moveOf(deps.clock)(0);
    return undefined;
  },
};
