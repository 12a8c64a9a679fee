import type { Expression, UserTaskDefinition } from '#engine/model.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { isFeel, listed, literal, optional, requiredFeel, staticOf } from '../expression.ts';
import { headersOf, optionalAttribute, placeOf, propertiesOf } from '../extensions.ts';
import { formOf } from '../forms.ts';
import { isDateTime } from '../iso8601.ts';
import { taskListenersOf } from '../listeners.ts';
import { extension, filled, type ModdleElement } from '../moddle.ts';
import { activityBase } from '../node.ts';

const outsidersProperty = 'alur.notUsers';

/** BPMN 2.0.2 §10.3.4. With or without zeebe:userTask: every user task is the engine's own. */
export const userTask: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const form = formOf(element, context);
  const task = taskOf(element, form.formId, context);
  const properties = { ...base.properties, ...form.properties };
  return {
    ...base,
    type: 'userTask',
    properties,
    task,
    headers: headersOf(element, context),
    taskListeners: taskListenersOf(element, context),
  };
};

function taskOf(element: ModdleElement, formId: string | null, context: TransformContext): UserTaskDefinition {
  const properties = propertiesOf(element, context);
  const assignment = extension(element, 'zeebe:AssignmentDefinition');
  const schedule = extension(element, 'zeebe:TaskSchedule');
  const notUsers = properties[outsidersProperty];
  return {
    assignee: optionalAttribute(assignment, 'assignee', context),
    candidateGroups: namesOf(assignment, 'candidateGroups', context),
    candidateUsers: namesOf(assignment, 'candidateUsers', context),
    dueDate: dateOf(schedule, 'dueDate', context),
    followUpDate: dateOf(schedule, 'followUpDate', context),
    priority: priorityOf(element, context),
    formId,
    notSameAs: listed(properties['alur.notSameAs'] ?? ''),
    ...(notUsers === undefined ? {} : outsidersOf(notUsers, context)),
  };
}

function outsidersOf(source: string, context: TransformContext): Pick<UserTaskDefinition, 'notUsers'> {
  const notUsers = requiredFeel(source, placeOf(context, outsidersProperty));
  return notUsers === null ? {} : { notUsers };
}

/** Static names are written as a comma-separated list. */
function namesOf(assignment: ModdleElement | null, name: string, context: TransformContext): Expression | null {
  const source = assignment === null ? null : filled(assignment, name);
  if (source === null) return null;
  return isFeel(source)
    ? optional(source, placeOf(context, `zeebe:assignmentDefinition ${name}`))
    : staticOf(listed(source));
}

function dateOf(schedule: ModdleElement | null, name: string, context: TransformContext): Expression | null {
  const expression = optionalAttribute(schedule, name, context);
  const value = literal(expression);
  if (value !== null && !isDateTime(value)) {
    const property = `zeebe:taskSchedule ${name}`;
    context.log.add('DATE_INVALID', context.node.id, { value, property });
  }
  return expression;
}

function priorityOf(element: ModdleElement, context: TransformContext): Expression | null {
  const definition = extension(element, 'zeebe:PriorityDefinition');
  const source = definition === null ? null : filled(definition, 'priority');
  if (source === null) return null;
  if (isFeel(source)) return optional(source, placeOf(context, 'zeebe:priorityDefinition priority'));
  if (/^\d{1,3}$/.test(source) && Number(source) <= 100) return staticOf(Number(source));
  context.log.add('PRIORITY_INVALID', context.node.id, { value: source });
  return null;
}
