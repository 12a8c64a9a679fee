/** The bars in the order they are run. */
import type { Experiment } from './experiment.ts';
import { workerKilled } from './r01-worker-killed.ts';
import { apiKilled } from './r02-api-killed.ts';

export const experiments: readonly Experiment[] = [workerKilled, apiKilled];
