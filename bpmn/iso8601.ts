/** Shapes of ISO 8601 texts and cron expressions that stand literally in a model. Values are computed by the engine. */
import { parseCron } from '#engine/cron.ts';

const durationPattern =
  /^-?P(?!$)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;
const datePattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)(?:\[[A-Za-z_/+-]+\])?$/;
export const isDuration = (value: string): boolean => durationPattern.test(value);
export const isDateTime = (value: string): boolean => datePattern.test(value);

/** `R3/PT1H`, `R/PT1H`, `R3/2026-11-30T17:00:00Z/PT1H`, or cron. */
export function isCycle(value: string): boolean {
  const [head, ...rest] = value.split('/');
  if (head === undefined || !/^R-?\d*$/.test(head)) return parseCron(value) !== null;
  const interval = rest.at(-1);
  if (interval === undefined || !isDuration(interval)) return false;
  return rest.length === 1 || (rest.length === 2 && isDateTime(rest[0] ?? ''));
}
