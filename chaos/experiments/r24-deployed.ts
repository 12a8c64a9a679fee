/**
 * R24: another build of the worker is deployed and rolled back while cases are open, and a build whose workflows would do something else than
 * the histories say: that shows at once, and rolling back heals it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { CaseKind } from '../load/case-kinds.ts';
import { harmless, makeBuild, nondeterministic } from '../stack/builds.ts';
import { projectDir } from '../stack/programs.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';
import { failedTasksOf } from './histories.ts';

const roundsPerStage = 2;
const deployMs = 180_000;
const seenMs = 60_000;
const lookMs = 250;

/** A moment that cases wait for. */
class Stage {
  #open: () => void = () => undefined;
  readonly reached = new Promise<void>((resolve) => {
    this.#open = resolve;
  });
  begin(): void {
    this.#open();
  }
}

/** Milliseconds from its deployment until a worker tells PostgreSQL that cases stand still because of it; null: none does. */
async function signOf({ installation }: Lab, work: () => Promise<void>): Promise<number | null> {
  const { owner } = installation;
  const { rows: clock } = await owner.query<{ now: string }>('select now()::text as now');
  await work();
  for (const from = Date.now(); Date.now() - from < seenMs; await delay(lookMs)) {
    const { rowCount } = await owner.query('select from worker_heartbeat where nondeterministic_at > $1::timestamptz', [
      clock[0]?.now ?? 'now',
    ]);
    if (rowCount !== null && rowCount > 0) return Date.now() - from;
  }
  return null;
}

export const deployed: Experiment = {
  id: 'R24',
  title: 'deploy n -> n+1 -> roll back with open cases; a nondeterministic build',
  full: { cases: 200, badBuilds: 3 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const { installation, faults, load } = lab;
    const { home } = installation.options;
    const [next, bad] = [
      await makeBuild(home, 'next', harmless),
      await makeBuild(home, 'nondeterministic', nondeterministic),
    ];
    const badBuilds = countOf(counts, 'badBuilds');
    const stages = Array.from({ length: 3 + badBuilds }, () => new Stage());
    const rounds = roundsPerStage * (stages.length + 1);
    const patient: CaseKind = async (subject) => {
      subject.expects('loop', { tasks: rounds, variables: { n: rounds } });
      await subject.start('chaos-loop', { n: 0, rounds });
      for (let round = 0; round < rounds; round++) {
        if (round > 0 && round % roundsPerStage === 0) await stages[round / roundsPerStage - 1]?.reached;
        await subject.complete(await subject.nextTask());
      }
      await subject.ended();
    };
    const due = countOf(counts, 'cases');
    const driving = load.drive({ experiment: 'R24', kinds: [patient], atOnce: due, goesOn: (begun) => begun < due });
    const deploy = async (tree: string, what: string): Promise<void> => {
      faults.note('deploy', 'workers', what);
      await installation.deployWorkers(tree, deployMs);
    };
    const begin = (stage: number): void => stages[stage]?.begin();
    begin(0);
    await deploy(next, 'n + 1');
    begin(1);
    await deploy(projectDir, 'rolled back');
    begin(2);
    // The cases come to rest at the next stage before anything is counted.
    await delay(2_000);
    const failed = await failedTasksOf(lab, 'R24');
    const misses: string[] = failed > 0 ? [`${String(failed)} workflow tasks failed`] : [];
    const sights: number[] = [];
    for (let index = 0; index < badBuilds; index++) {
      const sight = await signOf(lab, async () => {
        await deploy(bad, 'nondeterministic');
        begin(3 + index);
      });
      if (sight === null) misses.push(`a nondeterministic build was not seen within ${String(seenMs / 1_000)} s`);
      else sights.push(sight);
      await deploy(projectDir, 'rolled back');
    }
    const drive = await driving;
    return {
      counts: { cases: drive.ended, badBuilds },
      figures: { failedTasks: failed, seenAfterMs: Math.max(0, ...sights) },
      misses: [...misses, ...missesOf(drive)],
    };
  },
};
