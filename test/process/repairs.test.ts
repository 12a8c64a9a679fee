/** Repairs by hand through Temporal: the same commands give the same facts as in memory, but for the times in them. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Command, MigrateInstance } from '#engine/command.ts';
import type { Fact } from '#engine/fact.ts';
import type { Variables } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import { drive } from '../engine/repairs-run.ts';
import { seedOf } from '../engine/seeded.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

const sequences = 20;
/** Commands of one sequence before it is driven to its end, and in all. */
const [most, mostInAll] = [12, 40];

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  // without handlers: every job is parked for whoever completes it by command
  await stack.startWorker();
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const clocked = new Set(['dueMs', 'atMs', 'retryAtMs']);
/** Drawn when something is stored. */
const drawn = new Set(['instanceKey', 'definitionKey', 'fromDefinitionKey', 'modelSha256']);
const timeless = (facts: readonly Fact[]): string[] =>
  facts.map((fact) =>
    JSON.stringify(fact, (key: string, value: unknown) => (clocked.has(key) || drawn.has(key) ? 0 : sorted(value))),
  );

/** A recorded fact has the order of keys that PostgreSQL gives it. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Sequence {
  readonly model: ProcessModel;
  readonly variables: Variables;
  readonly commands: readonly Command[];
  /** Facts there are in memory. */
  readonly expected: number;
}

async function migrate(started: StartedCase, { target, ...command }: MigrateInstance): Promise<unknown> {
  const { definitionKey, modelSha256 } = await stack.publish(target);
  return stack.command(started, { ...command, definitionKey }, { modelSha256 });
}

async function factsThroughTemporal({ model, variables, commands, expected }: Sequence): Promise<Fact[]> {
  const started = await stack.start(await stack.publish(model), variables);
  for (const command of commands) {
    const sent =
      command.type === 'migrateInstance'
        ? migrate(started, { ...command, target: { ...command.target, processId: model.processId } })
        : stack.command(started, command as InstanceCommand);
    // refused in memory too
    await sent.catch(() => null);
  }
  let facts: Fact[] = [];
  const read = async (): Promise<boolean> => {
    facts = (await stack.facts(started)).map(({ fact }) => fact);
    return facts.length >= expected;
  };
  // those of the start come when they come
  await eventually(read, 30_000).catch(() => false);
  return facts;
}

it(`${sequences} random sequences of repairs: no divergence`, async () => {
  const seed = seedOf('repairs through Temporal');
  let compared = 0;
  let migrated = 0;
  for (let index = 0; index < sequences; index++) {
    const kinds = [
      'modifyInstance',
      'sendBack',
      'suspendInstance',
      'resumeInstance',
      'fireTimer',
      'migrateInstance',
    ] as const;
    const driven = drive({ seed, index, most, kinds, isAlone: true });
    const sent = driven.sent.slice(0, mostInAll);
    const [start, ...commands] = sent.map(({ command }) => command);
    if (start?.type !== 'startInstance') throw new Error('A sequence begins with a start.');
    const model = { ...driven.model, processId: `perbaikan-${index}` };
    const named = (text: string): string => text.replaceAll('"p"', `"${model.processId}"`);
    const facts = driven.facts.slice(0, sent.at(-1)?.factNumber);
    const sequence = { model, variables: start.variables, commands, expected: facts.length };
    const there = timeless(await factsThroughTemporal(sequence)).map(named);
    const here = timeless(facts).map(named);
    expect({ seed, index, facts: there }).toEqual({ seed, index, facts: here });
    compared += there.length;
    migrated += facts.filter(({ type }) => type === 'instanceMigrated').length;
  }
  expect(migrated).toBeGreaterThan(0);
  process.stdout.write(`${compared} facts compared, ${migrated} migrations\n`);
}, 600_000);
