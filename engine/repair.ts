/** What an operator does to one wait of an instance: a timer, a job, an incident. */
import type { JobState, TimerState } from './instance.ts';
import type { Asked, CommandOf, Handler } from './handler.ts';
import { reject } from './handler.ts';
import type { Rejection, Seq } from './command.ts';
import { limits } from './limits.ts';
import { emit } from './run.ts';
import { fireTimer as fire } from './triggering.ts';
import { closeIncidents } from './withdraw.ts';

const timerOf = ({ draft }: Asked, timer: Seq): TimerState | undefined => draft.state.timers[timer];
const jobOf = ({ draft }: Asked, job: Seq): JobState | undefined => draft.state.jobs[job];

function refuseTimer(asked: Asked, timer: Seq): Rejection | null {
  return timerOf(asked, timer) ? null : reject('unknownTimer', `There is no running timer ${timer}.`);
}

export const updateTimer: Handler<CommandOf<'updateTimer'>> = {
  refuse: (asked, { timer, dueMs }) =>
    refuseTimer(asked, timer) ??
    (Number.isSafeInteger(dueMs) ? null : reject('invalidChange', 'The due time of a timer is a whole number of ms.')),
  begin: (run, { timer, dueMs }) => emit(run, { type: 'timerRescheduled', timer, dueMs }),
  change: (asked, { timer, dueMs }) => ({ before: { dueMs: timerOf(asked, timer)?.dueMs ?? null }, after: { dueMs } }),
};

export const fireTimer: Handler<CommandOf<'fireTimer'>> = {
  refuse: (asked, { timer }) => refuseTimer(asked, timer),
  begin: (run, { timer }) => {
    const state = run.draft.state.timers[timer];
    if (state) fire(run, timer, { ...state, dueMs: run.nowMs });
  },
  change: (asked, { timer }) => ({ before: { dueMs: timerOf(asked, timer)?.dueMs ?? null }, after: {} }),
};

function refuseRetries(asked: Asked, job: Seq, retries: number): Rejection | null {
  if (!jobOf(asked, job)) return reject('unknownJob', `There is no open job ${job}.`);
  if (Number.isInteger(retries) && retries >= 1 && retries <= limits.jobRetries) return null;
  return reject('invalidChange', `The attempts left of a job are a whole number from 1 to ${limits.jobRetries}.`);
}

const changeOfRetries = (asked: Asked, { job, retries }: { readonly job: Seq; readonly retries: number }) => ({
  before: { retries: jobOf(asked, job)?.retries ?? null },
  after: { retries },
});

export const retryJob: Handler<CommandOf<'retryJob'>> = {
  refuse: (asked, { job, retries }) => {
    const state = jobOf(asked, job);
    const refusal = refuseRetries(asked, job, retries);
    if (refusal || !state) return refusal;
    const runs = state.retries > 0 && state.retryAtMs === null;
    return runs ? reject('invalidChange', 'The job is being worked on: there is nothing to try again.') : null;
  },
  begin: (run, { job, retries }) => {
    closeIncidents(run, run.draft.state.jobs[job]?.element ?? 0);
    emit(run, { type: 'jobRetried', job, retries });
  },
  change: changeOfRetries,
};

export const updateJob: Handler<CommandOf<'updateJob'>> = {
  refuse: (asked, { job, retries }) => {
    const refusal = refuseRetries(asked, job, retries);
    if (refusal) return refusal;
    const isOut = jobOf(asked, job)?.retries === 0;
    return isOut
      ? reject('invalidChange', 'The job has no attempts left: resolve its incident, or try it again.')
      : null;
  },
  begin: (run, { job, retries }) => emit(run, { type: 'jobRetriesChanged', job, retries }),
  change: changeOfRetries,
};
