/** zeebe:executionListeners and zeebe:taskListeners: jobs that an element, or a change of a user task, waits for. */
import type { ExecutionListener, TaskListener } from '#engine/model.ts';
import type { ElementContext } from './context.ts';
import { headersIn, tagOf } from './extensions.ts';
import { jobIn } from './job.ts';
import { child, children, extension, filled, type ModdleElement } from './moddle.ts';

const executionEvents = ['start', 'end'] as const;
const taskEvents = ['creating', 'assigning', 'updating', 'completing'] as const;

export const executionListenersOf = (element: ModdleElement, context: ElementContext): readonly ExecutionListener[] =>
  listenersIn(extension(element, 'zeebe:ExecutionListeners'), executionEvents, context);
export const taskListenersOf = (element: ModdleElement, context: ElementContext): readonly TaskListener[] =>
  listenersIn(extension(element, 'zeebe:TaskListeners'), taskEvents, context);

function listenersIn<Event extends string>(
  holder: ModdleElement | null,
  known: readonly Event[],
  context: ElementContext,
): readonly (Pick<ExecutionListener, 'job' | 'headers'> & { readonly event: Event })[] {
  if (holder === null) return [];
  return children(holder, 'listeners').flatMap((listener) => {
    const given = filled(listener, 'eventType');
    const event = known.find((name) => name === given);
    if (event === undefined) {
      const values = { extension: tagOf(listener.$type), event: given ?? '', allowed: known.join(', ') };
      context.log.add('LISTENER_EVENT_UNKNOWN', context.node.id, values);
    }
    const job = jobIn(listener, [], context);
    if (event === undefined || job === null) return [];
    return [{ event, job, headers: headersIn(child(listener, 'headers'), context) }];
  });
}
