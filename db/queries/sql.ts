/** Fragments that several queries share. */

/** A timestamptz as the API writes it: ISO 8601 in UTC with milliseconds. */
export const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** Whether a column names a case or one that it called, at any depth. @param caseKey an expression */
export const inFamily = (column: string, caseKey: string): string =>
  `${column} in (with recursive family as (
     select ${caseKey}::bigint as key union all select i.key from instance i join family f on i.parent_key = f.key)
   select key from family)`;
/** Key of the newest version of the form named by an expression. */
export const newestFormKey = (formId: string): string =>
  `(select f.key::text from form f where f.form_id = ${formId} order by f.version desc limit 1)`;
/** SQL list of the element types that only hold others: no step that a person would see. */
const containerTypes =
  "('process', 'subProcess', 'transaction', 'eventSubProcess', 'adHocSubProcess', 'multiInstanceBody', 'standardLoopBody', 'compensation')";
export const holdsOthers = (e: string): string => `${e}.type in ${containerTypes}`;
/**
 * An active element instance at which a case stands, as people see it: no mere holder of others, but an ad-hoc sub-process in which
 * nothing has been started, too.
 */
export const standsAt = (e: string): string =>
  `(not ${holdsOthers(e)} or ${e}.type = 'adHocSubProcess' and not exists (
     select from element_instance c where c.instance_key = ${e}.instance_key and c.scope_key = ${e}.key and c.state = 'ACTIVE'))`;
