/** A random path through a process: engine and reference model get the same commands and are compared after each. */
import type { Variables } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { BlockProcess } from './block-process.ts';
import { EngineRun } from './properties-engine.ts';
import { differenceOf } from './properties-view.ts';
import { ReferenceRun } from './reference-model-run.ts';
import type { Frame, Wait } from './reference-model.ts';
import type { Chance } from './seeded.ts';

/** What is drawn once for many paths. */
export interface Drawn {
  readonly process: BlockProcess;
  readonly model: ProcessModel;
  /** Counters and collections. */
  readonly variables: Variables;
}

export interface Divergence {
  /** In words, the last one is where they differ. */
  readonly commands: readonly string[];
  readonly difference: string;
}

/** Commands in one path at most. */
const longestPath = 40;

interface Names {
  readonly flags: readonly string[];
  /** Flags of conditional events. At most one is set at a time: which of two events at once comes first is left open. */
  readonly conditions: readonly string[];
  readonly errors: readonly string[];
  readonly escalations: readonly string[];
}

/** Flags and codes are named by their kind and a number, see `block-process-random.ts`. */
export function namesIn(process: BlockProcess): Names {
  const text = JSON.stringify(process);
  const all = (pattern: RegExp): string[] => [...new Set(text.match(pattern) ?? [])].map((name) => name.slice(1, -1));
  const [flags, conditions] = [all(/"f\d+"/g), all(/"c\d+"/g)];
  return { flags, conditions, errors: all(/"E\d+"/g), escalations: all(/"X\d+"/g) };
}

/** Walks one path; null: no divergence. `seen`: given the engine's side when it could go no further. */
export function walk(drawn: Drawn, chance: Chance, seen?: (engine: EngineRun) => void): Divergence | null {
  const names = namesIn(drawn.process);
  const flags = {
    ...Object.fromEntries(names.flags.map((flag) => [flag, chance.below(2)])),
    ...onlyOne(names.conditions, chance.once(2) ? null : chance.below(names.conditions.length)),
  };
  const variables = { ...drawn.variables, ...flags };
  const isCalled = chance.once(4);
  const commands = [`start ${isCalled ? 'as called instance ' : ''}${JSON.stringify(flags)}`];
  let reference: ReferenceRun | null = null;
  try {
    const engine = new EngineRun(drawn.model, variables, isCalled);
    reference = new ReferenceRun(drawn.process, variables, { startMs: engine.nowMs, isCalled });
    for (let turn = 0; turn <= longestPath; turn++) {
      const difference = differenceOf(engine.look(), reference.look());
      if (difference !== null) return { commands, difference };
      const move = chooseMove(reference, names, chance);
      if (move === null) {
        seen?.(engine);
        return null;
      }
      commands.push(move.text);
      move.inReference(reference);
      move.inEngine(engine);
    }
    return null;
  } catch (error) {
    return { commands, difference: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** One command, for both sides. */
interface Move {
  readonly text: string;
  readonly inEngine: (engine: EngineRun) => void;
  readonly inReference: (reference: ReferenceRun) => void;
}

/** One of the commands that are possible now; null: none is. */
function chooseMove(reference: ReferenceRun, names: Names, chance: Chance): Move | null {
  if (!reference.isActive) return null;
  const waits = reference.waits().filter((wait, _, all) => isClear(wait, all));
  if (waits.length === 0) return null;
  if (chance.once(60)) return cancelling;
  if (names.flags.length > 0 && chance.once(15)) return setting({ [chance.of(names.flags)]: chance.below(2) });
  const adHocs = reference.adHocs().filter((frame) => reference.isAlone(frame));
  if (adHocs.length > 0 && chance.once(5)) return choosing(chance.of(adHocs), chance);
  const wait = chance.of(waits);
  // an escalation names its element: only one that is like no other
  const escalations = reference.isAlone(wait.frame) ? names.escalations : [];
  return moveOf(wait, { ...names, escalations }, chance);
}

function choosing(adHoc: Frame, chance: Chance): Move {
  const { label, parts } = adHoc;
  const indexes = Array.from({ length: chance.between(1, 2) }, () => chance.below(parts.length));
  const elements = indexes.map((index) => ({ elementId: parts[index] ?? '', variables: {} }));
  const cancelRemainingInstances = chance.once(4);
  return {
    text: `activate ${elements.map(({ elementId }) => elementId).join()} in ${label}, instead: ${cancelRemainingInstances}`,
    inEngine: (engine) => {
      const element = engine.element(label);
      engine.send({ type: 'activateAdHocElements', element, elements, cancelRemainingInstances });
    },
    inReference: (reference) => reference.choose(adHoc, indexes, cancelRemainingInstances),
  };
}

/**
 * Whether its label says which one is meant: the oldest of those that are alike, as long as they are in the same instance of a scope and
 * so really alike. Tasks and called instances go by the age of their element, which may wait again later than a younger one.
 */
function isClear(wait: Wait, all: readonly Wait[]): boolean {
  const alike = all.filter(({ kind, label, part }) => kind === wait.kind && label === wait.label && part === wait.part);
  if (wait.kind === 'task' || wait.kind === 'child') return alike.length === 1;
  return alike[0] === wait && alike.every(({ frame }) => frame.parent === wait.frame.parent);
}

const cancelling: Move = {
  text: 'cancel the instance',
  inEngine: (engine) => engine.send({ type: 'cancelInstance', reason: '' }),
  inReference: (reference) => reference.cancel(),
};

function setting(variables: Variables): Move {
  return {
    text: `set ${JSON.stringify(variables)}`,
    inEngine: (engine) => engine.send({ type: 'setVariables', scope: 0, variables, local: false }),
    inReference: (reference) => reference.setVariables(variables),
  };
}

/** Every name with 0, but the one at the index with 1. */
const onlyOne = (names: readonly string[], set: number | null): Variables =>
  Object.fromEntries(names.map((name, index) => [name, index === set ? 1 : 0]));

function moveOf(wait: Wait, names: Names, chance: Chance): Move {
  switch (wait.kind) {
    case 'job':
      return jobMove(wait, names, chance);
    case 'task': {
      if (names.escalations.length > 0 && chance.once(6)) return escalating(wait, chance.of(names.escalations));
      const variables = someVariables(wait, names, chance);
      return {
        text: `complete task ${wait.label} ${JSON.stringify(variables)}`,
        inEngine: (engine) => engine.send({ type: 'completeUserTask', task: engine.task(wait.label), variables }),
        inReference: (reference) => reference.happen(wait, variables),
      };
    }
    case 'message': {
      const variables = someVariables(wait, names, chance);
      return {
        text: `correlate message to ${wait.label}/${wait.part}`,
        inEngine: (engine) => {
          const subscription = engine.subscription(wait.label, wait.part);
          engine.send({ type: 'correlateMessage', subscription, messageKey: '1', variables });
        },
        inReference: (reference) => reference.happen(wait, variables),
      };
    }
    case 'signal':
      return chance.once(2) ? broadcasting(wait.name) : signalling(wait);
    case 'condition':
      return setting(onlyOne(names.conditions, chance.once(4) ? null : names.conditions.indexOf(wait.name)));
    case 'timer':
      return passingTime;
    case 'child':
      return childMove(wait, names, chance);
    case 'incident':
      return {
        text: `resolve ${wait.label}`,
        inEngine: (engine) =>
          engine.send({ type: 'resolveIncident', incident: engine.incident(wait.label), retries: null }),
        inReference: (reference) => reference.happen(wait, {}),
      };
  }
}

function signalling(wait: Wait): Move {
  return {
    text: `signal to ${wait.label}/${wait.part}`,
    inEngine: (engine) => {
      const subscription = engine.signalSubscription(wait.label, wait.part);
      engine.send({ type: 'receiveSignal', subscription, signalKey: '1', variables: {} });
    },
    inReference: (reference) => reference.happen(wait, {}),
  };
}
function broadcasting(name: string): Move {
  return {
    text: `broadcast signal ${name}`,
    inEngine: (engine) => engine.broadcast(name),
    inReference: (reference) => reference.broadcast(name),
  };
}
function escalating(wait: Wait, code: string): Move {
  return {
    text: `escalate ${code} from ${wait.frame.label}`,
    inEngine: (engine) => {
      const element = engine.element(wait.frame.label);
      engine.send({ type: 'throwEscalation', element, code, variables: {} });
    },
    inReference: (reference) => reference.escalate(wait.frame, code),
  };
}

const passingTime: Move = {
  text: 'advance to the next due time',
  inEngine: (engine) => {
    engine.nowMs = engine.dueMs;
    engine.send({ type: 'fireDue' });
  },
  inReference: (reference) => reference.passTime(),
};

function jobMove(wait: Wait, names: Names, chance: Chance): Move {
  const job = wait.label;
  if (wait.dueMs !== null) return passingTime;
  const isListener = !job.endsWith(' element');
  if (!isListener && chance.once(7)) {
    const code = names.errors.length > 0 && !chance.once(8) ? chance.of(names.errors) : 'E?';
    return {
      text: `throw error ${code} from job ${job}`,
      inEngine: (engine) =>
        engine.send({ type: 'throwJobError', job: engine.job(job), code, message: '', variables: {} }),
      inReference: (reference) => reference.throwJobError(wait, code),
    };
  }
  if (chance.once(8)) {
    const retries = chance.below(3);
    const retryAfterMs = chance.once(2) ? 0 : chance.between(1, 5_000_000);
    return {
      text: `fail job ${job}, ${retries} attempts left, again after ${retryAfterMs} ms`,
      inEngine: (engine) => engine.send({ type: 'failJob', job: engine.job(job), retries, message: '', retryAfterMs }),
      inReference: (reference) => reference.failJob(wait, retries, retryAfterMs),
    };
  }
  const variables = someVariables(wait, names, chance);
  return {
    text: `complete job ${job} ${JSON.stringify(variables)}`,
    inEngine: (engine) => engine.send({ type: 'completeJob', job: engine.job(job), variables }),
    inReference: (reference) => reference.completeJob(wait, variables),
  };
}

function childMove(wait: Wait, names: Names, chance: Chance): Move {
  const send = (engine: EngineRun, outcome: ChildOutcome): void =>
    engine.send({ type: 'endChild', element: engine.child(wait.label), outcome });
  if (names.errors.length > 0 && chance.once(6)) {
    const code = chance.of(names.errors);
    return {
      text: `called instance of ${wait.label} ends in error ${code}`,
      inEngine: (engine) => send(engine, { type: 'error', code, message: '', variables: {} }),
      inReference: (reference) => reference.failChild(wait, code),
    };
  }
  if (names.escalations.length > 0 && chance.once(8)) return escalating(wait, chance.of(names.escalations));
  if (chance.once(10)) {
    return {
      text: `called instance of ${wait.label} is terminated`,
      inEngine: (engine) => send(engine, { type: 'terminated' }),
      inReference: (reference) => reference.failChild(wait, null),
    };
  }
  const variables = someVariables(wait, names, chance);
  return {
    text: `called instance of ${wait.label} completes ${JSON.stringify(variables)}`,
    inEngine: (engine) => send(engine, { type: 'completed', variables }),
    inReference: (reference) => reference.happen(wait, variables),
  };
}
type ChildOutcome = Parameters<EngineRun['send']>[0] extends infer C
  ? C extends { readonly type: 'endChild'; readonly outcome: infer O }
    ? O
    : never
  : never;

/** What a task or message brings: its part of a collection, and now and then a flag that changes. */
function someVariables(wait: Wait, names: Names, chance: Chance): Variables {
  const out = { [`${wait.frame.id}out`]: chance.below(10) };
  if (names.flags.length > 0 && chance.once(5)) return { ...out, [chance.of(names.flags)]: chance.below(2) };
  return chance.once(2) ? out : {};
}
