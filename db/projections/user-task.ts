/** Table `user_task`. */
import { insertion, timestampOrNull } from './projection.ts';
import type { Projection } from './projection.ts';

const again =
  'element_id, name, form_id, assignee, candidate_groups, candidate_users, excluded_users, state, priority, headers, properties, created_at, due_at, follow_up_at, ended_at, completed_by, definition_key'.split(
    ', ',
  );

export const userTask = {
  handlers: {
    userTaskCreated: (fact, { header, fold, key, at }) => {
      fold.make(key(fact.task), {
        instance_key: header.instanceKey,
        process_id: header.processId,
        definition_key: header.definitionKey,
        business_key: header.businessKey,
        region: header.region,
        element_id: fact.elementId,
        name: fact.name,
        form_id: fact.formId,
        assignee: fact.assignee,
        candidate_groups: fact.candidateGroups,
        candidate_users: fact.candidateUsers,
        excluded_users: fact.excludedUsers,
        state: 'CREATED',
        priority: fact.priority,
        headers: fact.headers,
        properties: fact.properties,
        created_at: at,
        due_at: timestampOrNull(fact.dueMs),
        follow_up_at: timestampOrNull(fact.followUpMs),
      });
    },
    userTaskAssigned: (fact, { fold, key }) => {
      fold.change(key(fact.task), { assignee: fact.assignee, assigned: true });
    },
    userTaskUpdated: (fact, { fold, key }) => {
      const { candidateGroups, candidateUsers, dueMs, followUpMs, priority } = fact.changes;
      fold.change(key(fact.task), {
        ...(candidateGroups === undefined ? {} : { candidate_groups: candidateGroups }),
        ...(candidateUsers === undefined ? {} : { candidate_users: candidateUsers }),
        ...(dueMs === undefined ? {} : { due_at: timestampOrNull(dueMs), due_changed: true }),
        ...(followUpMs === undefined ? {} : { follow_up_at: timestampOrNull(followUpMs), follow_up_changed: true }),
        ...(priority === undefined ? {} : { priority }),
      });
    },
    elementMigrated: (fact, { header, fold, key }) => {
      if (fact.elementType !== 'userTask') return;
      const { elementId: element_id, name, formId } = fact;
      const form = formId === undefined ? {} : { form_id: formId, form_changed: true };
      const to = { element_id, name, migrated: true, definition_key: header.definitionKey };
      fold.change(key(fact.element), { ...to, ...form });
    },
    // While its listeners are asked a new task is nobody's work yet.
    userTaskChangeRequested: (fact, { fold, key }) => {
      if (fact.event === 'creating') fold.change(key(fact.task), { state: 'CREATING' });
    },
    userTaskChangeAllowed: (fact, { fold, key }) => {
      if (fact.event === 'creating') fold.change(key(fact.task), { state: 'CREATED' });
    },
    userTaskCompleted: (fact, { fold, key, at }) => {
      fold.change(key(fact.task), { state: 'COMPLETED', ended_at: at, completed_by: fact.by });
    },
    userTaskCanceled: (fact, { fold, key, at }) => {
      fold.change(key(fact.task), { state: 'CANCELED', ended_at: at });
    },
  },
  changes: (fold) => [
    insertion(
      'user_task',
      fold,
      'key bigint, instance_key bigint, process_id text, definition_key bigint, business_key text, region text, element_id text, name text, form_id text, assignee text, candidate_groups text[], candidate_users text[], excluded_users text[], state text, priority integer, headers jsonb, properties jsonb, created_at timestamptz, due_at timestamptz, follow_up_at timestamptz, ended_at timestamptz, completed_by text',
      // an instance of a looping activity that a migration made a user task again is one anew
      `on conflict (key) do update set ${again.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    ),
    {
      columns:
        'key bigint, state text, ended_at timestamptz, completed_by text, assigned boolean, assignee text, candidate_groups text[], candidate_users text[], due_changed boolean, due_at timestamptz, follow_up_changed boolean, follow_up_at timestamptz, priority integer, migrated boolean, element_id text, name text, definition_key bigint, form_changed boolean, form_id text',
      sql: (
        source,
      ) => `update user_task t set state = coalesce(r.state, t.state), ended_at = r.ended_at, completed_by = r.completed_by,
          assignee = case when r.assigned then r.assignee else t.assignee end,
          candidate_groups = coalesce(r.candidate_groups, t.candidate_groups), candidate_users = coalesce(r.candidate_users, t.candidate_users),
          due_at = case when r.due_changed then r.due_at else t.due_at end,
          follow_up_at = case when r.follow_up_changed then r.follow_up_at else t.follow_up_at end,
          element_id = coalesce(r.element_id, t.element_id), name = case when r.migrated then r.name else t.name end,
          definition_key = coalesce(r.definition_key, t.definition_key),
          form_id = case when r.form_changed then r.form_id else t.form_id end,
          priority = coalesce(r.priority, t.priority) from ${source} where t.key = r.key`,
      rows: fold.changed,
    },
  ],
} satisfies Projection;
