/** A run for people, as a table by bar, and for machines, as one line. */
import { experiments } from './experiments/all.ts';
import type { Profile } from './profile.ts';
import type { BarResult, RunResult } from './run.ts';
import { countOfKind } from './series.ts';
import type { SeriesRun } from './series.ts';

const findingsShown = 40;
const missesShown = 3;

export function jsonLine(result: RunResult): string {
  const { seed, faults, acknowledged, recoveryMs } = result;
  return JSON.stringify({
    seed,
    faults: faults.length,
    acknowledged,
    lost: countOfKind(result, 'lost'),
    doubled: countOfKind(result, 'doubled'),
    stuck: countOfKind(result, 'stuck'),
    recoveryMs,
  });
}

/** `result` null: only the series. */
export function textOf(result: RunResult | null, series: readonly SeriesRun[], profile: Profile): string {
  const lines = result === null ? [] : [...runLines(result), ''];
  return [...lines, ...seriesLines(series, profile)].join('\n');
}

function runLines(result: RunResult): string[] {
  const { seed, commit, acknowledged, faults, bars, left, findings, recoveryMs, instances, repeats } = result;
  const total = [
    `seed ${String(seed)} on ${commit}: ${String(faults.length)} faults, ${String(acknowledged)} commands acknowledged, ${String(instances)} instances`,
    `lost ${String(countOfKind(result, 'lost'))}, doubled ${String(countOfKind(result, 'doubled'))}, stuck ${String(countOfKind(result, 'stuck'))}; effects tried again under their key: ${String(repeats)}`,
    `recovery p50 ${String(recoveryMs.p50)} ms, p99 ${String(recoveryMs.p99)} ms; ${String(Math.round(result.durationMs / 1_000))} s in all`,
  ];
  return [
    ...table(['bar', 'done', 'figures', 'recovery p50/p99', 'missed'], bars.map(barLine)),
    ...(left.length === 0 ? [] : [`No time was left for ${left.join(', ')}.`]),
    '',
    ...total,
    ...findings.slice(0, findingsShown).map(({ kind, ref, what }) => `  ${kind} ${ref ?? ''}: ${what}`),
  ];
}

const pairs = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

const barLine = ({ id, title, counts, figures, recoveryMs, misses }: BarResult): string[] => [
  `${id} ${title}`,
  pairs(counts),
  pairs(figures),
  recoveryMs.samples === 0 ? '–' : `${String(recoveryMs.p50)}/${String(recoveryMs.p99)} ms`,
  misses.slice(0, missesShown).join('; '),
];

function seriesLines(series: readonly SeriesRun[], { name, seriesFraction }: Profile): string[] {
  const runs = series.filter(({ profile }) => profile === name);
  const sum = (of: (run: SeriesRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const rows = experiments.map(({ id, full }) => {
    const done = Object.entries(full).map(([count, most]) => {
      const reached = sum(({ bars }) => bars.find((bar) => bar.id === id)?.counts[count] ?? 0);
      return `${count} ${String(reached)} of ${String(Math.ceil(most * seriesFraction))}`;
    });
    return [id, done.join(', ')];
  });
  return [
    `The series of profile ${name}: ${String(runs.length)} runs, ${String(sum(({ faults }) => faults))} faults, ${String(sum(({ acknowledged }) => acknowledged))} acknowledged, lost ${String(sum(({ lost }) => lost))}, doubled ${String(sum(({ doubled }) => doubled))}, stuck ${String(sum(({ stuck }) => stuck))}`,
    ...table(['bar', 'done'], rows),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
