/** Who does a user task, until when, and with which form. Camunda 7 manual, "User Task"; BPMN 2.0.2 §10.3.1 for resource roles. */
import { isDateTime, isDuration } from '../../iso8601.ts';
import { child, children, documentationOf, nameOf, text, typeName, type ModdleElement } from '../../moddle.ts';
import { refused, rewritten, take, type Conversion, type ConvertContext } from '../context.ts';
import { create, addExtension, set, setExtension } from '../edit.ts';
import { textLiteral } from '../juel/piece.ts';
import type { Finding } from '../report.ts';
import { splitList, translate, type Translation } from '../translate.ts';

export const userTask: Conversion = (element, context) => {
  if (children(element, 'resources').length > 0) convertRoles(element, context);
  const assignee = take(element, 'assignee');
  if (assignee !== null) assign(element, 'assignee', rewritten(context, assignee));
  for (const name of ['candidateUsers', 'candidateGroups'] as const) {
    const found = take(element, name);
    if (found !== null) assign(element, name, namesText(found, context));
  }
  for (const name of ['dueDate', 'followUpDate'] as const) {
    const found = take(element, name);
    if (found !== null) setExtension(element, 'zeebe:TaskSchedule', { [name]: dateText(found, context) });
  }
  convertPriority(element, context);
  if (!context.isVendors) return;
  reportTexts(element, context);
  addExtension(element, create('zeebe:UserTask'));
};

/** Camunda 7 evaluates expressions in a task's name and documentation; here both are texts. */
function reportTexts(element: ModdleElement, { log }: ConvertContext): void {
  const documentation = documentationOf(element) ?? '';
  const texts = { name: nameOf(element) ?? '', 'bpmn:documentation': documentation };
  for (const [construct, original] of Object.entries(texts)) {
    if (/[$#]\{/.test(original)) log.needsPerson({ element, construct, original }, 'TASK_TEXT');
  }
}

const assign = (element: ModdleElement, name: string, value: string): void =>
  setExtension(element, 'zeebe:AssignmentDefinition', { [name]: value });

/** `a, ${b}`: names, and expressions that yield one, several separated by commas, or a list. */
function namesText(found: Finding, context: ConvertContext): string {
  const parts = splitList(found.original).map((part) => translate(part));
  const failed = parts.find((part) => part.kind === 'untranslatable');
  if (failed !== undefined) return refused(context, found, failed);
  const result = parts.some((part) => part.kind === 'feel')
    ? `=${namesFeel(parts)}`
    : parts.map((part) => (part.kind === 'static' ? part.value : '')).join(', ');
  context.log.mapped(found, result);
  return result;
}

/** An expression may yield one name, several with commas between, or a list; here it is a list. */
function namesFeel(parts: readonly Translation[]): string {
  const lists = parts.map((part) => {
    if (part.kind !== 'feel') return textLiteral(part.kind === 'static' ? part.value : '');
    const { source } = part;
    return `if ${source} instance of string then split(${source}, "\\s*,\\s*") else ${source}`;
  });
  return lists.length === 1 ? lists.join('') : `flatten([${lists.join(', ')}])`;
}

/** A point in time as timers and tasks have it; a period from now is what Camunda 7's due date calendar also reads. */
export function dateText(found: Finding, context: ConvertContext): string {
  const translation = translate(found.original);
  if (translation.kind !== 'static' || isDateTime(found.original)) return rewritten(context, found);
  if (isDuration(found.original)) {
    const result = `=now() + duration(${textLiteral(found.original)})`;
    context.log.mapped(found, result);
    return result;
  }
  // With a zone it would be one: then only that is missing.
  context.log.needsPerson(found, isDateTime(`${found.original}Z`) ? 'TIME_ZONE' : 'DATE', {}, found.original);
  return found.original;
}

const highestPriority = 100;
function convertPriority(element: ModdleElement, context: ConvertContext): void {
  const found = take(element, 'priority');
  if (found === null) return;
  const outside =
    /^-?\d+$/.test(found.original) && !(Number(found.original) >= 0 && Number(found.original) <= highestPriority);
  if (outside) context.log.needsPerson(found, 'PRIORITY_RANGE', {}, found.original);
  const priority = outside ? found.original : rewritten(context, found);
  setExtension(element, 'zeebe:PriorityDefinition', { priority });
}

/** bpmn:humanPerformer and bpmn:potentialOwner, `user(a), group(b), c` (Camunda 7 manual, "User Assignment"). */
function convertRoles(element: ModdleElement, context: ConvertContext): void {
  const kept: ModdleElement[] = [];
  for (const role of children(element, 'resources')) {
    const assignment = child(role, 'resourceAssignmentExpression');
    const expression = assignment === null ? null : child(assignment, 'expression');
    const original = (expression === null ? null : text(expression, 'body')?.trim()) ?? '';
    const finding = { element, construct: `bpmn:${typeName(role)}`, original };
    if (original === '') kept.push(role);
    else if (typeName(role) === 'humanPerformer') assign(element, 'assignee', rewritten(context, finding));
    else if (typeName(role) === 'potentialOwner') assignOwners(element, finding, context);
    else kept.push(role);
  }
  set(element, 'resources', kept);
}
function assignOwners(element: ModdleElement, finding: Finding, context: ConvertContext): void {
  const users: string[] = [];
  const groups: string[] = [];
  for (const part of splitList(finding.original)) {
    const [, kind = 'group', name = part] = /^(user|group)\((.*)\)$/s.exec(part) ?? [];
    (kind === 'user' ? users : groups).push(name);
  }
  const write = (name: string, owners: readonly string[]): void => {
    if (owners.length > 0) assign(element, name, namesText({ ...finding, original: owners.join(', ') }, context));
  };
  write('candidateUsers', users);
  write('candidateGroups', groups);
}
