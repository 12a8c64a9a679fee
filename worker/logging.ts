/** Logs as JSON lines. What could hold personal data is never logged; the redaction is the second line of defence. */
import { pino } from 'pino';
import type { Logger } from 'pino';
import { SdkComponent } from '@temporalio/common';
import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/worker';

const redacted = ['variables', 'nik', 'noKk', 'nama', 'password', 'token', 'authorization', 'masterKey'];

export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: { process: 'worker' },
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  });

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

export interface Trouble {
  /** Workflow tasks that this process could not do because its code does otherwise than their history says, and when it was the last time. */
  tasks: number;
  lastMs: number | null;
  /** When the SDK's core last warned of anything: it does when a workflow task could not be ended, and what that task did was lost. */
  warnedMs: number | null;
}
export const noTrouble = (): Trouble => ({ tasks: 0, lastMs: null, warnedMs: null });
/** How the SDK's core says it. */
const isNondeterminism = (message: string, failure: unknown): boolean =>
  message.startsWith('Failing workflow task') && String(failure).includes('TMPRL1100');

/** The SDK's logger in terms of ours; `trouble` is kept up to date. Of a failure only its name and place are kept: its text can quote a payload. */
export function temporalLogger(logger: Logger, trouble: Trouble = noTrouble()): TemporalLogger {
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    if (isNondeterminism(message, meta['failure'])) {
      trouble.tasks += 1;
      trouble.lastMs = Date.now();
    }
    if (meta['sdkComponent'] === SdkComponent.core && (level === 'WARN' || level === 'ERROR'))
      trouble.warnedMs = Date.now();
    const { error, workflowId, runId, taskQueue, activityType, workflowType, state } = meta as Record<string, unknown>;
    const fields = {
      workflowId,
      runId,
      taskQueue,
      activityType,
      workflowType,
      state,
      ...(error instanceof Error ? { error: error.name, stack: placeOf(error) } : {}),
    };
    logger[levels[level]](fields, message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}

const placeOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .join('\n');
