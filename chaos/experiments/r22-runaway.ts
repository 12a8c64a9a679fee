/** R22: models that would never end, or want everything at once. They become incidents, and their neighbours hardly notice. */
import { setTimeout as delay } from 'node:timers/promises';
import { deploymentEndpoints } from '#contract/deployment.ts';
import { caseKinds } from '../load/case-kinds.ts';
import type { CaseKind } from '../load/case-kinds.ts';
import { body, call, choice, each, effect, end, merge, processXml, script, start } from '../load/models.ts';
import { percentile } from '../load/owed.ts';
import { shuffled } from '../random.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';

const incidentMs = 10_000;
const lookMs = 100;
const patienceMs = 60_000;
const slowdown = 2;
const baseMs = 6_000;
const neighbours = 4;

const circle = (id: string, steps: number): string => {
  const names = Array.from({ length: steps }, (_, index) => `step-${String(index)}`);
  const chain = ['again', ...names, 'enough'];
  return processXml(
    id,
    body(
      {
        start: start(),
        again: merge('again'),
        ...Object.fromEntries(names.map((name) => [name, script(name, 'n + 1', 'n')])),
        enough: choice('enough', 'enough-again'),
        end: end(),
      },
      [
        'start>again',
        ...chain.slice(1).map((name, index) => `${chain[index] ?? ''}>${name}`),
        'enough>again',
        { id: 'out', from: 'enough', to: 'end', when: 'n < 0' },
      ],
    ),
  );
};
const recursion = (id: string, calls: number): string => {
  const names = Array.from({ length: calls }, (_, index) => `call-${String(index)}`);
  return processXml(
    id,
    body(
      { start: start(), ...Object.fromEntries(names.map((name) => [name, call(name, id)])), end: end() },
      ['start', ...names].map((name, index) => `${name}>${names[index] ?? 'end'}`),
    ),
  );
};
const horde = (id: string, items: number): string =>
  processXml(
    id,
    body({ start: start(), each: effect('each', each(`for i in 1..${String(items)} return i`)), end: end() }, [
      'start>each',
      'each>end',
    ]),
  );
const product = (id: string, expression: string): string =>
  processXml(
    id,
    body({ start: start(), cross: script('cross', expression, 'crossed'), end: end() }, ['start>cross', 'cross>end']),
  );

type Model = readonly [id: string, xml: string];
const named = (name: string, of: (id: string) => string): Model => [
  `chaos-runaway-${name}`,
  of(`chaos-runaway-${name}`),
];

/** Twenty of them. */
export const runaways: readonly Model[] = [
  ...[1, 2, 3, 5, 8].map((steps) => named(`circle-${String(steps)}`, (id) => circle(id, steps))),
  ...[1, 2, 3, 4, 5].map((calls) => named(`recursion-${String(calls)}`, (id) => recursion(id, calls))),
  ...[20_000, 50_000, 100_000, 200_000, 500_000].map((items) =>
    named(`horde-${String(items)}`, (id) => horde(id, items)),
  ),
  ...[
    'for a in 1..1000, b in 1..1000, c in 1..1000 return a * b * c',
    'count(for a in 1..5000, b in 1..5000 return a = b)',
    'some a in 1..10000, b in 1..10000 satisfies a + b < 0',
    'sum(for a in 1..3000 return count(for b in 1..3000 return a * b))',
    'every a in 1..20000, b in 1..20000 satisfies a + b > 0',
  ].map((expression, index) => named(`product-${String(index + 1)}`, (id) => product(id, expression))),
];

/** Milliseconds until the case or one that it called has an incident; null: none came. */
async function incidentOf({ installation: { owner } }: Lab, rootKey: string): Promise<number | null> {
  const from = Date.now();
  while (Date.now() - from < patienceMs) {
    const { rowCount } = await owner.query(
      `select from incident join instance on instance.key = incident.instance_key where instance.root_key = $1 limit 1`,
      [rootKey],
    );
    if (rowCount !== null && rowCount > 0) return Date.now() - from;
    await delay(lookMs);
  }
  return null;
}

async function publish({ caller }: Lab, models: readonly Model[]): Promise<void> {
  const form = new FormData();
  for (const [id, xml] of models) form.append('resources', new Blob([xml]), `${id}.bpmn`);
  await caller.upload(deploymentEndpoints.createDeployment, form);
}

export const runaway: Experiment = {
  id: 'R22',
  title: 'runaway models: loop, recursion, MI 100k, FEEL cross join',
  full: { runs: 60 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const { load, installation } = lab;
    const runs = countOf(counts, 'runs');
    const chosen = shuffled(lab.random('R22 models'), runaways).slice(0, Math.min(runs, runaways.length));
    await publish(lab, chosen);
    const times: number[] = [];
    const neighbour: CaseKind = async (subject) => {
      const from = Date.now();
      await caseKinds.service(subject);
      times.push(Date.now() - from);
    };
    let isOver = false;
    const baseUntil = Date.now() + baseMs;
    const base = await load.drive({
      experiment: 'R22base',
      kinds: [neighbour],
      atOnce: neighbours,
      goesOn: () => Date.now() < baseUntil,
    });
    const baseP95 = percentile(times.splice(0), 0.95);
    const pids = installation.processes.map(({ pid }) => pid);
    const beside = load.drive({
      experiment: 'R22',
      kinds: [neighbour],
      atOnce: neighbours,
      goesOn: () => !isOver,
    });
    const misses: string[] = [];
    let slowest = 0;
    for (let run = 0; run < runs; run++) {
      const [id = ''] = chosen[run % chosen.length] ?? [];
      const subject = load.newCase('R22runaway');
      subject.expects('runaway', { isCanceled: true });
      lab.faults.note('runaway', id);
      const from = Date.now();
      await subject.start(id, { n: 0 });
      const tookMs = await incidentOf(lab, subject.instanceKey);
      const sinceMs = Date.now() - from;
      slowest = Math.max(slowest, sinceMs);
      if (tookMs === null || sinceMs > incidentMs)
        misses.push(`${id}: ${tookMs === null ? 'no incident' : `incident after ${String(sinceMs)} ms`}`);
      await subject.cancel();
      await subject.ended();
    }
    isOver = true;
    const drive = await beside;
    const p95 = percentile(times, 0.95);
    const exits = installation.processes.filter(({ pid }, index) => pid !== pids[index]).length;
    return {
      counts: { runs },
      figures: { slowestIncidentMs: slowest, neighboursBaseP95Ms: baseP95, neighboursP95Ms: p95, exits },
      misses: [
        ...misses,
        ...missesOf(base),
        ...missesOf(drive),
        ...(exits > 0 ? [`${String(exits)} processes ended`] : []),
        ...(p95 > slowdown * baseP95 ? [`neighbours' p95 is ${(p95 / baseP95).toFixed(1)} times the base`] : []),
      ],
    };
  },
};
