/** What operators do to an instance by hand, drawn at random from what it has: half of it is fitting, the rest is for `step` to refuse. */
import type { Command, ModifyInstruction, Seq } from '#engine/command.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { ElementId, ProcessModel } from '#engine/model.ts';
import { edit } from './migrate-random.ts';
import type { Chance } from './seeded.ts';

export interface Subject {
  readonly model: ProcessModel;
  readonly state: InstanceState;
  readonly nowMs: number;
}
/** null: there is nothing that it could be done to. */
type Drawer = (chance: Chance, subject: Subject) => Command | null;

const seqsOf = (table: Readonly<Record<Seq, unknown>>): Seq[] => Object.keys(table).map(Number);
const oneOf = <T>(chance: Chance, choices: readonly T[]): T | null => (choices.length > 0 ? chance.of(choices) : null);
const nodeIn = (chance: Chance, { model }: Subject): ElementId => chance.of(Object.keys(model.nodes));

/** Names of a version that is never published. */
const unpublished = { modelSha256: '0'.repeat(64), definitionKey: '1', version: 2 } as const;

/** How often each is drawn, and how. */
export const repairs = {
  modifyInstance: [
    8,
    (chance, subject) => {
      const instructions = Array.from({ length: chance.between(1, 3) }, () => instruction(chance, subject));
      return { type: 'modifyInstance', instructions };
    },
  ],
  sendBack: [
    8,
    (chance, subject) => {
      const from = chance.once(2) ? oneOf(chance, seqsOf(subject.state.elements)) : null;
      return { type: 'sendBack', to: nodeIn(chance, subject), from };
    },
  ],
  suspendInstance: [1, () => ({ type: 'suspendInstance' })],
  resumeInstance: [4, (_, { state }) => (state.suspendedAtMs === null ? null : { type: 'resumeInstance' })],
  updateTimer: [
    2,
    (chance, { state, nowMs }) => {
      const timer = oneOf(chance, seqsOf(state.timers));
      return timer === null ? null : { type: 'updateTimer', timer, dueMs: nowMs + chance.below(100_000) };
    },
  ],
  fireTimer: [
    2,
    (chance, { state }) => {
      const timer = oneOf(chance, seqsOf(state.timers));
      return timer === null ? null : { type: 'fireTimer', timer };
    },
  ],
  retryJob: [
    1,
    (chance, { state }) => {
      const job = oneOf(chance, seqsOf(state.jobs));
      return job === null ? null : { type: 'retryJob', job, retries: chance.between(1, 3) };
    },
  ],
  updateJob: [
    1,
    (chance, { state }) => {
      const job = oneOf(chance, seqsOf(state.jobs));
      return job === null ? null : { type: 'updateJob', job, retries: chance.between(1, 3) };
    },
  ],
  migrateInstance: [
    4,
    (chance, { model }) => {
      const { target, mapping } = edit(chance, model);
      return { type: 'migrateInstance', ...unpublished, target, mapping, timers: {} };
    },
  ],
} satisfies { readonly [T in Command['type']]?: readonly [weight: number, draw: Drawer] };

/** A repair of one of these kinds; null: this time there is nothing for it. */
export function drawRepair(
  chance: Chance,
  subject: Subject,
  kinds: readonly (keyof typeof repairs)[] = Object.keys(repairs) as (keyof typeof repairs)[],
): Command | null {
  const draw = chance.weighted<Drawer>(
    kinds.map((kind): readonly [number, Drawer] => repairs[kind] as [number, Drawer]),
  );
  return draw(chance, subject);
}

function instruction(chance: Chance, subject: Subject): ModifyInstruction {
  const elements = Object.values(subject.state.elements);
  const { seq: element, elementId } = chance.of(elements);
  const ancestor = chance.once(5) ? chance.of(elements).seq : null;
  const targetElementId = nodeIn(chance, subject);
  const variables = chance.once(4) ? [{ scopeId: null, variables: { perbaikan: chance.below(9) } }] : [];
  const draw = chance.weighted<() => ModifyInstruction>([
    [4, () => ({ type: 'activate', elementId: targetElementId, ancestor, variables })],
    [2, () => ({ type: 'terminate', element })],
    [1, () => ({ type: 'terminateAll', elementId })],
    [5, () => ({ type: 'move', source: { element }, targetElementId, ancestor, variables })],
    [2, () => ({ type: 'move', source: { elementId }, targetElementId, ancestor, variables })],
  ]);
  return draw();
}
