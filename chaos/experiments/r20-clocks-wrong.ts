/**
 * R20: the clocks of our own processes jump by an hour forth and back while timers wait, and on this test stack the engine's own time is
 * moved past timers of an hour. No timer may ring early or twice; what now() gave must be the same when a workflow is replayed.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { clockEndpoints } from '#contract/clock.ts';
import type { CaseKind } from '../load/case-kinds.ts';
import { between, pick } from '../random.ts';
import { countOf, driveUnderFaults, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';

const hourMs = 3_600_000;
const waitSeconds = 3;
const atOnce = 8;
/** Cases whose timers ring when the engine's time is moved. */
const movedCases = 4;
const moveMs = 61 * 60_000;

/** Timers that rang before they were due by the engine's own time, or more than once. */
async function wrongTimers({ installation: { owner } }: Lab): Promise<{ early: number; twice: number; set: number }> {
  const { rows } = await owner.query<{ early: string; twice: string; set: string }>(
    `with timer_facts as (
       select f.instance_key, f.body->>'timer' as timer,
              max((f.body->>'dueMs')::numeric) as due,
              count(*) filter (where f.type = 'timerFired') as fired,
              min(extract(epoch from f.at) * 1000) filter (where f.type = 'timerFired') as at
         from fact f join instance i on i.key = f.instance_key
        where f.type in ('timerSet', 'timerFired') and i.process_id in ('chaos-clock', 'chaos-timer')
        group by 1, 2)
     select count(*) filter (where at < due - 1) as early, count(*) filter (where fired > 1) as twice, count(*) as set
       from timer_facts`,
  );
  const [row] = rows;
  return { early: Number(row?.early ?? 0), twice: Number(row?.twice ?? 0), set: Number(row?.set ?? 0) };
}

/** The engine's time is moved past timers of an hour, and back. */
async function moveEngineTime(lab: Lab): Promise<string[]> {
  const waiting: CaseKind = async (subject) => {
    subject.expects('clock', { effects: { effect: 1 } });
    await subject.start('chaos-clock', { wait: 'PT1H' });
    await subject.timed();
    begun.add(subject.ref);
    await subject.ended();
  };
  const begun = new Set<string>();
  const drive = lab.load.drive({
    experiment: 'R20moved',
    kinds: [waiting],
    atOnce: movedCases,
    goesOn: (count) => count < movedCases,
  });
  while (begun.size < movedCases) await delay(100);
  lab.faults.note('time moved', 'engine', `${String(moveMs)} ms`);
  await lab.caller.query(clockEndpoints.setClock, { body: { timestamp: Date.now() + moveMs } });
  const misses = missesOf(await drive);
  await lab.caller.query(clockEndpoints.resetClock, {});
  return misses;
}

export const clocksWrong: Experiment = {
  id: 'R20',
  title: 'clocks ±1 h on API and worker; now() on replay',
  full: { jumps: 50, evaluations: 1_000 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const random = lab.random('R20 jumps');
    let evaluations = 0;
    let soon = 0;
    const timed: CaseKind = async (subject) => {
      subject.expects('clock', { effects: { effect: 1 } });
      await subject.start('chaos-clock', { wait: `PT${String(waitSeconds)}S` });
      const from = Date.now();
      await subject.ended();
      // Its start was acknowledged after the timer was set, so this is on the safe side by one answer.
      if (Date.now() - from < waitSeconds * 1_000 - 1_500) soon += 1;
      evaluations += 1;
    };
    const moved = await moveEngineTime(lab);
    const { drive, faults } = await driveUnderFaults(lab, {
      id: 'R20',
      kinds: [timed],
      atOnce,
      isEnough: (begun) => begun >= countOf(counts, 'evaluations'),
      faults: countOf(counts, 'jumps'),
      pauseMs: [2_000, 4_000],
      inject: async () => {
        const offsetMs = Math.round(pick(random, [-1, 1]) * between(random, 0.5, 1) * hourMs);
        await writeFile(lab.installation.clockFile, String(offsetMs));
        lab.faults.note('clock jump', 'apis and workers', `${String(offsetMs)} ms`);
        return true;
      },
    });
    await writeFile(lab.installation.clockFile, '0');
    // Whatever is asked from now on is replayed from its history.
    for (const worker of lab.installation.workers) {
      worker.kill();
      lab.faults.note('kill -9', worker.name, 'so that everything is replayed');
    }
    const { early, twice, set } = await wrongTimers(lab);
    return {
      counts: { jumps: faults + 2, evaluations: evaluations + movedCases },
      figures: { timers: set, early, twice, soon },
      misses: [
        ...moved,
        ...missesOf(drive),
        ...(early + soon > 0 ? [`${String(early + soon)} timers were early`] : []),
        ...(twice > 0 ? [`${String(twice)} timers rang twice`] : []),
      ],
    };
  },
};
