/** The bars in the order they are run. */
import type { Experiment } from './experiment.ts';
import { oneOfEach } from './n01-one-of-each.ts';
import { workerKilled } from './r01-worker-killed.ts';
import { apiKilled } from './r02-api-killed.ts';
import { temporalKilled } from './r03-temporal-killed.ts';
import { postgresStopped } from './r04-postgres-stopped.ts';
import { repliesCut } from './r05-replies-cut.ts';
import { persistenceFaults } from './r06-persistence-faults.ts';
import { slowLinks } from './r07-slow-links.ts';
import { sentThrice } from './r08-sent-thrice.ts';
import { messagesShuffled } from './r09-messages-shuffled.ts';
import { crowd } from './r10-crowd.ts';
import { continued } from './r11-continued.ts';
import { longCase } from './r12-long-case.ts';
import { oversize } from './r13-oversized.ts';
import { clocksWrong } from './r20-clocks-wrong.ts';
import { workerOutage } from './r21-worker-outage.ts';
import { runaway } from './r22-runaway.ts';
import { deployed } from './r24-deployed.ts';

export const experiments: readonly Experiment[] = [
  workerKilled,
  apiKilled,
  temporalKilled,
  oneOfEach,
  postgresStopped,
  repliesCut,
  persistenceFaults,
  slowLinks,
  sentThrice,
  messagesShuffled,
  crowd,
  continued,
  longCase,
  oversize,
  runaway,
  workerOutage,
  deployed,
  clocksWrong,
];
