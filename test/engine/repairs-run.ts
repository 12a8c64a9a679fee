/** Random processes under random repairs in the middle of ordinary work; then each is driven to its end. */
import type { Command } from '#engine/command.ts';
import type { Fact } from '#engine/fact.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { Step } from '#engine/step.ts';
import { modelOf } from './block-process-model.ts';
import { drawProcess } from './block-process-random.ts';
import { Watched } from './fuzz-run.ts';
import { startOf } from './properties-engine.ts';
import { drawRepair } from './repairs-commands.ts';
import type { repairs } from './repairs-commands.ts';
import { deedsFor, incidents, mishap, timeless } from './repairs-drive.ts';
import type { Deed } from './repairs-drive.ts';
import { Chance } from './seeded.ts';
import { startMs } from './story.ts';

export interface Campaign {
  readonly seed: number;
  readonly index: number;
  /** Things done before it is driven to its end. */
  readonly most: number;
  /** Absent: all of them. */
  readonly kinds?: readonly (keyof typeof repairs)[];
  /** Nothing happens by itself or outside of the instance: no time passes, nothing is called or broadcast. */
  readonly isAlone?: true;
}

export interface Sent {
  readonly command: Command;
  /** Number of the last fact afterwards. */
  readonly factNumber: number;
}

export interface Driven {
  readonly sent: readonly Sent[];
  readonly facts: readonly Fact[];
  /** What it began with. */
  readonly model: ProcessModel;
  /** Repairs that were carried out, by type. */
  readonly done: readonly Command['type'][];
  /** How it ended; it cannot when nothing but an incident that comes again, or tokens before joins (`waiting`), is left. */
  readonly end: 'completed' | 'terminated' | 'errored' | 'incident' | 'waiting' | 'goesOn';
  readonly problem: string | null;
}

/** A case that goes on longer than this without an end goes round in a circle. */
const mostDeeds = 600;

export function drive(campaign: Campaign): Driven {
  const walk = new Walk(campaign);
  try {
    walk.work();
    walk.finish();
    return walk.driven(null);
  } catch (error) {
    return walk.driven(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

class Walk {
  readonly #chance: Chance;
  readonly #campaign: Campaign;
  readonly #watched: Watched;
  #drawn: ReturnType<typeof modelOf>;
  /** What the case follows: another after a migration. */
  #model: ProcessModel;
  readonly #sent: Sent[] = [];
  readonly #facts: Fact[] = [];
  readonly #done: Command['type'][] = [];
  #nowMs = startMs;

  constructor(campaign: Campaign) {
    this.#campaign = campaign;
    this.#chance = new Chance(campaign.seed, campaign.index);
    do this.#drawn = modelOf(drawProcess(this.#chance));
    while (feedsItself(this.#drawn.model) || (campaign.isAlone && reachesOut(this.#drawn.model)));
    this.#model = this.#drawn.model;
    this.#watched = new Watched(this.#model);
  }

  get #state() {
    return this.#watched.state;
  }

  work(): void {
    this.#do({ command: startOf(this.#drawn.variables) });
    for (let index = 0; index < this.#campaign.most && this.#state.status === 'active'; index++) {
      if (this.#chance.once(3) && this.#repair()) continue;
      const deeds = this.#deeds(false);
      const deed = this.#chance.once(10) && !this.#campaign.isAlone ? mishap(this.#chance, this.#state) : null;
      if (deed ?? deeds.length > 0) this.#do(deed ?? this.#chance.of(deeds));
    }
  }

  #deeds(isEnding: boolean): Deed[] {
    const deeds = deedsFor(this.#model, this.#state, isEnding);
    return this.#campaign.isAlone ? timeless(deeds, this.#state) : deeds;
  }

  /** Most of what is drawn at random is refused: a few tries. */
  #repair(): boolean {
    for (let tries = 0; tries < 6; tries++) {
      const subject = { model: this.#model, state: this.#state, nowMs: this.#nowMs };
      const command = drawRepair(this.#chance, subject, this.#campaign.kinds);
      if (!command || !this.#do({ command })) continue;
      this.#done.push(command.type);
      return true;
    }
    return false;
  }

  /** Throws when it neither ends nor tells why it cannot. */
  finish(): void {
    if (this.#state.suspendedAtMs !== null) this.#do({ command: { type: 'resumeInstance' } });
    let resolved = 0;
    for (let index = 0; this.#state.status === 'active'; index++) {
      if (index > mostDeeds) {
        // what ends a loop may be gone in the version that it has migrated to
        if (this.#done.includes('migrateInstance')) return;
        throw new Error('It goes on and on without an end.');
      }
      const [deed] = this.#deeds(true);
      const [incident] = incidents(this.#state);
      if (deed) this.#do(deed);
      else if (incident && resolved < 20) {
        resolved += 1;
        this.#do(incident);
      } else break;
    }
  }

  driven(problem: string | null): Driven {
    const { status, incidents: open } = this.#state;
    const rest = Object.keys(open).length > 0 ? 'incident' : this.#deeds(true).length > 0 ? 'goesOn' : 'waiting';
    const end = status === 'active' || status === 'new' ? rest : status;
    return { sent: this.#sent, facts: this.#facts, model: this.#drawn.model, done: this.#done, end, problem };
  }

  /** false: refused. */
  #do({ command, atMs = this.#nowMs }: Deed): boolean {
    this.#nowMs = Math.max(this.#nowMs, atMs);
    const step = this.#send(command);
    this.#sent.push({ command, factNumber: this.#state.factNumber });
    if (!step.ok) return false;
    this.#facts.push(...step.facts);
    if (command.type === 'migrateInstance') this.#model = command.target;
    return true;
  }

  #send(command: Command): Step {
    try {
      return this.#watched.send(command, { nowMs: this.#nowMs, actor: 'ani' });
    } catch (error) {
      // told with the command that it happened at
      this.#sent.push({ command, factNumber: -1 });
      throw error;
    }
  }
}

/** Whether it throws a signal that lets something more begin in it, which may throw it again: such a process need not end. */
function feedsItself({ nodes }: ProcessModel): boolean {
  const text = (part: unknown): string => JSON.stringify(part);
  const thrown = Object.values(nodes).flatMap((node) =>
    'results' in node
      ? node.results.flatMap((result) => (result.type === 'signal' ? text(result.signal.name) : []))
      : [],
  );
  return Object.values(nodes).some(
    (node) =>
      (node.type === 'boundaryEvent' || node.type === 'startEvent') &&
      !node.interrupting &&
      thrown.some((name) => text(node.trigger).includes(name)),
  );
}

const reachesOut = ({ nodes }: ProcessModel): boolean =>
  Object.values(nodes).some(
    (node) => node.type === 'callActivity' || ('results' in node && node.results.some(({ type }) => type === 'signal')),
  );

/** All that is needed to have it again and to understand it. */
export const explain = ({ seed, index }: Campaign, { sent, problem }: Driven): string =>
  [`ALUR_SEED=${seed}, process ${index}`, ...sent.map(({ command }) => JSON.stringify(command)), problem].join('\n');
