/** Separation of duties: who may not do a user task because of another one (property `alur.notSameAs`). */
import type { InstanceState } from './instance.ts';
import type { UserTask } from './model.ts';

/** Who completed an element that this task must not share a person with. In code point order. */
export function excludedUsers(state: Pick<InstanceState, 'completedBy'>, { task }: UserTask): string[] {
  const users = new Set<string>();
  for (const element of task.notSameAs) {
    if (!Object.hasOwn(state.completedBy, element)) continue;
    for (const user of state.completedBy[element] ?? []) users.add(user);
  }
  return [...users].toSorted();
}
