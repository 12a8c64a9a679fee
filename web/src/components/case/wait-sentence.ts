/** The one reason why a case waits, as a sentence: for whom, since when, until when, what to do. */
import type { TFunction } from 'i18next';
import type { WaitReason } from '#contract/case.ts';
import { formatDateTime, formatRelative } from '../../lib/format.ts';

export interface WaitText {
  readonly sentence: string;
  readonly since: string;
  readonly until: string | null;
  readonly action: string;
}

/** Ids with dots or colons cannot be i18n keys as they are. */
export function textKey(id: string): string {
  return id.replaceAll(/[.:]/g, '-');
}

export function groupName(group: string, t: TFunction): string {
  return t(`groups.${textKey(group)}`, { defaultValue: group });
}

export function waitingFor(reason: WaitReason, t: TFunction): string {
  if (reason.forWhom?.assignee) return reason.forWhom.assignee;
  const groups = reason.forWhom?.groups ?? [];
  if (groups.length > 0) return groups.map((group) => groupName(group, t)).join(', ');
  return t(`wait.party.${reason.kind}`);
}

export function waitText(reason: WaitReason, t: TFunction, language: string, nowMs: number): WaitText {
  const { detail } = reason;
  const values = {
    who: waitingFor(reason, t),
    name: reason.name ?? reason.elementId,
    message:
      detail.messageName === undefined
        ? ''
        : t(`messages.${textKey(detail.messageName)}`, { defaultValue: detail.messageName }),
    job: detail.jobType === undefined ? '' : t(`jobs.${textKey(detail.jobType)}`, { defaultValue: detail.jobType }),
    error: detail.errorMessage ?? '',
    retries: detail.retries ?? 0,
    code:
      detail.incidentCode === undefined
        ? ''
        : t(`incidents.${detail.incidentCode}`, { defaultValue: detail.incidentCode }),
    process: detail.childProcessDefinitionId ?? '',
  };
  const variant = variantOf(reason);
  const since = t('wait.since', {
    relative: formatRelative(reason.since, language, nowMs),
    exact: formatDateTime(reason.since, language),
  });
  const untilKey = reason.overdue ? 'wait.overdueSince' : variant === 'jobRetry' ? 'wait.nextTry' : 'wait.until';
  const until =
    reason.until === null
      ? null
      : t(untilKey, {
          relative: formatRelative(reason.until, language, nowMs),
          exact: formatDateTime(reason.until, language),
        });
  return { sentence: t(`wait.sentence.${variant}`, values), since, until, action: t(`wait.action.${variant}`, values) };
}

function variantOf(reason: WaitReason): string {
  if (reason.kind === 'userTask') return reason.forWhom?.assignee ? 'userTaskAssigned' : 'userTask';
  if (reason.kind === 'job') return reason.until === null ? 'job' : 'jobRetry';
  return reason.kind;
}

/** Public status step (`alur.status`) in words. */
export function statusName(status: string, t: TFunction): string {
  return t(`status.${textKey(status)}`, { defaultValue: status });
}

/** How a case ended, by its end event. */
export function endName(elementId: string, t: TFunction): string {
  return t(`ends.${textKey(elementId)}`, { defaultValue: elementId });
}
