/** How much of each bar one run does, and on what it runs. */
import type { Counts } from './experiments/experiment.ts';
import type { InstallationOptions } from './stack/installation.ts';

export interface Profile {
  readonly name: 'ci' | 'cluster' | 'night';
  /** Of the full counts, in one run. */
  readonly fraction: number;
  /** Share of the full counts that a series of runs of this profile adds up to. */
  readonly seriesFraction: number;
  /** No experiment begins later, in minutes. */
  readonly minutes: number;
  readonly shape: Pick<InstallationOptions, 'workers' | 'apis' | 'temporal'>;
  /** Most instances whose workflow is asked for its state at the end. */
  readonly statesMost: number;
}

/** So many runs of `ci` make a quarter of the full counts. */
const runsPerSeries = 8;

export const profiles: Readonly<Record<Profile['name'], Profile>> = {
  ci: {
    name: 'ci',
    fraction: 1 / 4 / runsPerSeries,
    seriesFraction: 1 / 4,
    minutes: 8,
    shape: { workers: 2, apis: 2, temporal: 'dev' },
    statesMost: 1_500,
  },
  cluster: {
    name: 'cluster',
    fraction: 1 / 4 / runsPerSeries,
    seriesFraction: 1 / 4,
    minutes: 30,
    shape: { workers: 2, apis: 2, temporal: { nodes: 2 } },
    statesMost: 1_500,
  },
  night: {
    name: 'night',
    fraction: 1,
    seriesFraction: 1,
    minutes: 12 * 60,
    shape: { workers: 2, apis: 2, temporal: { nodes: 2 } },
    statesMost: 5_000,
  },
};

export const dueOf = ({ fraction }: Profile, full: Counts): Counts =>
  Object.fromEntries(Object.entries(full).map(([name, count]) => [name, Math.ceil(count * fraction)]));
