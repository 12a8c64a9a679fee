/** Changes of a user task as a caller writes them, for the engine. */
import type { UserTaskChangeset } from '#contract/user-task.ts';
import type { UpdateUserTask } from '#engine/command.ts';

const timeOf = (text: string): number | null => (text === '' ? null : Date.parse(text));

/** null and absent: no change. An empty text or list clears. */
export function taskChanges(changeset: UserTaskChangeset): UpdateUserTask['changes'] {
  const { candidateGroups, candidateUsers, dueDate, followUpDate, priority } = changeset;
  return {
    ...(Array.isArray(candidateGroups) ? { candidateGroups } : {}),
    ...(Array.isArray(candidateUsers) ? { candidateUsers } : {}),
    ...(typeof dueDate === 'string' ? { dueMs: timeOf(dueDate) } : {}),
    ...(typeof followUpDate === 'string' ? { followUpMs: timeOf(followUpDate) } : {}),
    ...(typeof priority === 'number' ? { priority } : {}),
  };
}
