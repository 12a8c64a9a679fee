/** The tables of the benchmark, for people and as JSON. Ratios are what counts: times are of one machine at one hour. */
import { spreadOf } from '../statistics.ts';
import type { Spread } from '../statistics.ts';
import { table } from '../table.ts';
import type { AgeWindow, Sample, Throughput } from './measure.ts';
import type { PeerRound } from './peers.ts';
import type { SideName } from './sides.ts';

export interface Memory {
  readonly side: SideName;
  readonly cases: number;
  readonly bytesPerThousand: number;
}
export interface Growth {
  readonly open: number;
  readonly throughput: Throughput;
}
export interface Report {
  readonly titles: Readonly<Record<string, string>>;
  readonly load: readonly Throughput[];
  readonly memory: readonly Memory[];
  readonly ages: readonly { readonly side: SideName; readonly windows: readonly AgeWindow[] }[];
  readonly growth: readonly Growth[];
  readonly peers: readonly PeerRound[];
}

/** The value below which this part of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

interface Measure {
  readonly title: string;
  readonly of: (sample: Sample) => number | null;
}
const measures = {
  instancesPerSecond: { title: 'instances/s', of: ({ instances, seconds }) => instances / seconds },
  completionsPerSecond: { title: 'completions/s', of: ({ completions, seconds }) => completions / seconds },
  workerCpuMs: { title: 'worker CPU ms/instance', of: ({ workerCpuMs }) => workerCpuMs },
  temporalCpuMs: { title: 'Temporal CPU ms/instance', of: ({ temporalCpuMs }) => temporalCpuMs },
  postgresCpuMs: { title: 'PostgreSQL CPU ms/instance', of: ({ postgresCpuMs }) => postgresCpuMs },
  historyEvents: { title: 'history events/instance', of: ({ historyEvents }) => historyEvents },
  historyBytes: { title: 'history bytes/instance', of: ({ historyBytes }) => historyBytes },
  walBytes: { title: 'WAL bytes/instance', of: ({ walBytes }) => walBytes },
  rows: { title: 'rows/instance', of: ({ rows }) => rows },
  startP50: { title: 'start → first task p50 ms', of: ({ startMs }) => quantile(startMs, 0.5) },
  startP99: { title: 'start → first task p99 ms', of: ({ startMs }) => quantile(startMs, 0.99) },
  completeP50: { title: 'completion p50 ms', of: ({ completeMs }) => quantile(completeMs, 0.5) },
  completeP99: { title: 'completion p99 ms', of: ({ completeMs }) => quantile(completeMs, 0.99) },
  nextP50: { title: 'completion → next task p50 ms', of: ({ nextMs }) => quantile(nextMs, 0.5) },
  nextP99: { title: 'completion → next task p99 ms', of: ({ nextMs }) => quantile(nextMs, 0.99) },
  conflicts: { title: 'conflicts', of: ({ conflicts }) => conflicts },
} as const satisfies Record<string, Measure>;
type MeasureName = keyof typeof measures;

/** null: some sample does not know, or there is none of this kind. */
function spread(samples: readonly Sample[], measure: MeasureName): Spread | null {
  const values = samples.map(measures[measure].of).filter((value) => value !== null && !Number.isNaN(value));
  return values.length === 0 ? null : spreadOf(values as readonly number[]);
}

interface Cell {
  readonly side: SideName;
  readonly value: Spread;
  /** Alur's median over this one's; the least and the most of the ratios round by round. */
  readonly alurIs: Spread | null;
}
function cellsOf({ sides }: Throughput, measure: MeasureName): readonly Cell[] {
  const alur = sides.find(({ side }) => side === 'alur');
  const own = alur === undefined ? null : spread(alur.samples, measure);
  return sides.flatMap(({ side, samples }): Cell[] => {
    const value = spread(samples, measure);
    if (value === null) return [];
    if (side === 'alur' || own === null || alur === undefined) return [{ side, value, alurIs: null }];
    const { of } = measures[measure];
    const { least, most } = spreadOf(
      alur.samples.map((sample, round) => (of(sample) ?? NaN) / ((samples[round] && of(samples[round])) ?? NaN)),
    );
    return [{ side, value, alurIs: { median: own.median / value.median, least, most } }];
  });
}

/** Three digits that count. */
const rounded = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
const ratio = ({ median, least, most }: Spread): string =>
  Number.isFinite(median) ? `${median.toFixed(2)}× (${least.toFixed(2)} to ${most.toFixed(2)})` : '–';

export function textOf(report: Report): string {
  return [
    ...report.load.map((throughput) => throughputText(throughput, report.titles)),
    ...(report.memory.length === 0 ? [] : [memoryText(report)]),
    ...(report.ages.length === 0 ? [] : [ageText(report)]),
    ...(report.growth.length === 0 ? [] : [growthText(report)]),
    ...(report.peers.length === 0 ? [] : [peersText(report)]),
  ].join('\n\n');
}

function throughputText(throughput: Throughput, titles: Report['titles']): string {
  const { title, clients, sides } = throughput;
  const others = sides.filter(({ side }) => side !== 'alur');
  const lines = Object.entries(measures).map(([name, { title: measure }]) => {
    const cells = cellsOf(throughput, name as MeasureName);
    const cell = (side: SideName): Cell | undefined => cells.find((candidate) => candidate.side === side);
    const value = (side: SideName): string => {
      const found = cell(side);
      return found === undefined ? '–' : rounded(found.value.median);
    };
    return [
      measure,
      value('alur'),
      ...others.flatMap(({ side }) => {
        const compared = cell(side)?.alurIs;
        return [value(side), compared === null || compared === undefined ? '' : ratio(compared)];
      }),
    ];
  });
  const head = ['', 'Alur', ...others.flatMap(({ side }) => [titles[side] ?? side, 'Alur is'])];
  return `${title}, ${clients} clients: medians of the rounds; ratio of the medians (least to most of the rounds)\n\n${table(head, lines)}`;
}

const memoryText = ({ memory, titles }: Report): string =>
  `Memory of cached cases of the proposal\n\n${table(
    ['', 'cases', 'MB per 1,000'],
    memory.map(({ side, cases, bytesPerThousand }) => [
      titles[side] ?? side,
      String(cases),
      rounded(bytesPerThousand / 1024 / 1024),
    ]),
  )}`;

function ageText({ ages, titles }: Report): string {
  const lines = ages.flatMap(({ side, windows }) =>
    windows.map(({ from, to, workerCpuMs, completeMs }) => [
      titles[side] ?? side,
      `${from}–${to}`,
      rounded(workerCpuMs),
      rounded(quantile(completeMs, 0.5)),
      rounded(quantile(completeMs, 0.99)),
    ]),
  );
  return `Age: one case completes task after task\n\n${table(['', 'completions', 'worker CPU ms', 'p50 ms', 'p99 ms'], lines)}`;
}

function growthText({ growth, titles }: Report): string {
  const first = growth[0];
  const lines = growth.flatMap(({ open, throughput }) =>
    throughput.sides.flatMap(({ side, samples }) => {
      const base = first?.throughput.sides.find((candidate) => candidate.side === side)?.samples ?? [];
      return (['instancesPerSecond', 'workerCpuMs', 'temporalCpuMs', 'postgresCpuMs', 'completeP50'] as const).map(
        (measure) => {
          const [now, then] = [spread(samples, measure)?.median ?? NaN, spread(base, measure)?.median ?? NaN];
          return [
            titles[side] ?? side,
            String(open),
            measures[measure].title,
            rounded(now),
            `${(now / then).toFixed(2)}×`,
          ];
        },
      );
    }),
  );
  return `Open cases, 32 clients\n\n${table(['', 'open', '', 'median', `of that with ${first?.open ?? 0}`], lines)}`;
}

function peersText({ peers, load }: Report): string {
  const lines = peers.map(({ engine, clients, ...round }) => {
    const alur = load
      .find((throughput) => throughput.process === 'proposal' && throughput.clients === clients)
      ?.sides.find(({ side }) => side === 'alur');
    const own = alur === undefined ? null : spread(alur.samples, 'instancesPerSecond');
    return [
      engine,
      String(clients),
      rounded(round.instancesPerSecond),
      own === null ? '' : `${(own.median / round.instancesPerSecond).toFixed(2)}×`,
      rounded(round.engineCpuMs),
      rounded(round.postgresCpuMs),
      `${rounded(round.completeP50)} / ${rounded(round.completeP99)}`,
      String(round.conflicts),
    ];
  });
  const head = ['', 'clients', 'instances/s', 'Alur is', 'engine CPU ms', 'PostgreSQL CPU ms', 'completion p50/p99 ms'];
  return `Other engines on the same PostgreSQL, in process, without HTTP: each round of the proposal\n\n${table([...head, 'conflicts'], lines)}`;
}

/** The same as one JSON value, every sample included. */
export function jsonOf(report: Report): object {
  const ratios = (throughput: Throughput): object =>
    Object.fromEntries(Object.keys(measures).map((name) => [name, cellsOf(throughput, name as MeasureName)]));
  return {
    ...report,
    load: report.load.map((throughput) => ({ ...throughput, measures: ratios(throughput) })),
    growth: report.growth.map(({ open, throughput }) => ({ open, throughput, measures: ratios(throughput) })),
  };
}
