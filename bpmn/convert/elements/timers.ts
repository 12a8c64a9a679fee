/** Timers. Camunda 7 manual, "Timer Events": ISO 8601, expressions, and Quartz cron for cycles. */
import { isCycle, isDateTime } from '../../iso8601.ts';
import { child, type ModdleElement } from '../../moddle.ts';
import { rewriteBody, type ConvertContext } from '../context.ts';
import { set } from '../edit.ts';

export function timer(definition: ModdleElement, context: ConvertContext): void {
  rewriteBody(definition, 'timeDuration', context);
  const date = rewriteBody(definition, 'timeDate', context)?.trim() ?? '';
  if (isLiteral(date) && !isDateTime(date)) {
    const finding = { element: definition, construct: 'bpmn:timeDate', original: date };
    context.log.needsPerson(finding, isDateTime(`${date}Z`) ? 'TIME_ZONE' : 'DATE', {}, date);
  }
  const cycle = rewriteBody(definition, 'timeCycle', context)?.trim() ?? '';
  if (isLiteral(cycle)) convertCycle(definition, cycle, context);
}

const isLiteral = (body: string): boolean => body !== '' && !body.startsWith('=');

function convertCycle(definition: ModdleElement, cycle: string, { log }: ConvertContext): void {
  const finding = { element: definition, construct: 'bpmn:timeCycle', original: cycle };
  if (/^R-?\d*\//.test(cycle)) {
    const zoned = cycle.replace(/^(R-?\d*\/[^/]+)(\/[^/]+)$/, '$1Z$2');
    if (!isCycle(cycle)) log.needsPerson(finding, isCycle(zoned) ? 'TIME_ZONE' : 'CRON', {}, cycle);
    return;
  }
  const cron = cronOf(cycle);
  const holder = child(definition, 'timeCycle');
  if (cron === null || !isCycle(cron)) log.needsPerson(finding, 'CRON', {}, cycle);
  else if (cron !== cycle && holder !== null) {
    set(holder, 'body', cron);
    log.mapped(finding, cron);
  }
}

/** Quartz counts the days of the week from 1 (Sunday), Spring's cron from 1 (Monday): names mean the same in both. */
const quartzDays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
const cronFields = 6;

/** null: no exact counterpart. */
function cronOf(quartz: string): string | null {
  const fields = quartz.split(/\s+/);
  // The seventh field is the year: any year is what six fields mean.
  const year = fields[cronFields];
  if (year !== undefined && (year !== '*' || fields.length > cronFields + 1)) return null;
  const dayOfWeek = fields[cronFields - 1];
  if (dayOfWeek === undefined) return null;
  if (/^\*?\/|[LW]$/.test(dayOfWeek) && /\d/.test(dayOfWeek)) return null;
  const named = dayOfWeek.replaceAll(/(?<![#/\d])[1-7](?!\d)/g, (day) => quartzDays[Number(day) - 1] ?? day);
  return [...fields.slice(0, cronFields - 1), named].join(' ');
}
