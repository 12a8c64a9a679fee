/** The one reason why a case waits, as a sentence: for whom, since when, until when, what to do. */
import type { TFunction } from 'i18next';
import type { WaitReason } from '#contract/case.ts';
import { formatDateTime, formatRelative } from '../../lib/format.ts';
import { elementName, groupNames, messageName, processName } from '../../lib/terms.ts';

export interface WaitText {
  readonly sentence: string;
  readonly since: string;
  readonly until: string | null;
  readonly action: string;
}
interface Reader {
  readonly t: TFunction;
  readonly language: string;
  readonly nowMs: number;
}

export function waitingFor(reason: WaitReason, t: TFunction): string {
  if (reason.forWhom?.assignee) return reason.forWhom.assignee;
  const groups = reason.forWhom?.groups ?? [];
  return groups.length > 0 ? groupNames(groups) : t(`wait.party.${reason.kind}`);
}

export function waitSentence(reason: WaitReason, processDefinitionId: string, t: TFunction): string {
  return t(`wait.sentence.${variantOf(reason)}`, valuesOf(reason, processDefinitionId, t));
}

export function waitText(reason: WaitReason, processDefinitionId: string, { t, language, nowMs }: Reader): WaitText {
  const variant = variantOf(reason);
  const spoken = (iso: string) => ({
    relative: formatRelative(iso, language, nowMs),
    exact: formatDateTime(iso, language),
  });
  const untilKey = reason.overdue ? 'wait.overdueSince' : variant === 'jobRetry' ? 'wait.nextTry' : 'wait.until';
  return {
    sentence: waitSentence(reason, processDefinitionId, t),
    since: t('wait.since', spoken(reason.since)),
    until: reason.until === null ? null : t(untilKey, spoken(reason.until)),
    action: t(`wait.action.${variant}`),
  };
}

function valuesOf(reason: WaitReason, processDefinitionId: string, t: TFunction): Readonly<Record<string, string>> {
  const { detail } = reason;
  const called = detail.childProcessDefinitionId;
  return {
    who: waitingFor(reason, t),
    name:
      reason.kind === 'child' && called !== undefined
        ? processName(called, reason.name)
        : elementName(called ?? processDefinitionId, reason.elementId, reason.name),
    message: detail.messageName === undefined ? '' : messageName(detail.messageName),
    signal: detail.signalName ?? '',
    code:
      detail.incidentCode === undefined
        ? ''
        : t(`incidents.${detail.incidentCode}`, { defaultValue: detail.incidentCode }),
  };
}

function variantOf(reason: WaitReason): string {
  if (reason.kind === 'userTask') return reason.forWhom?.assignee ? 'userTaskAssigned' : 'userTask';
  if (reason.kind === 'job') return reason.until === null ? 'job' : 'jobRetry';
  return reason.kind;
}
