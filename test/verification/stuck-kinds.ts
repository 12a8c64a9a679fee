/** Thirteen ways for a case to stand still, as data: how each comes about, and what people are to see of it. */
import type { JobRequest } from '#activities/job-handler.ts';
import type { StuckCause } from '#contract/stuck-case.ts';
import type { IncidentCode } from '#engine/fact.ts';
import { ensureAccounts } from '#db/accounts.ts';
import type { NewAccount } from '#db/accounts.ts';
import type { ProcessModel } from '#engine/model.ts';
import { messageWorkflowId, startArguments, workflowIdOf } from '#workflows/messages.ts';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import {
  boundaryTimer,
  end,
  fixed,
  messageCatch,
  processOf,
  serviceTask,
  start,
  userTask,
  variable,
} from '../support/models.ts';
import type { StartedCase, TestStack } from '../support/stack.ts';

export interface StuckKind {
  readonly name: string;
  readonly model: ProcessModel;
  /** The incident of the process, or the cause that the sweeper names. */
  readonly shows: readonly (IncidentCode | StuckCause)[];
  /** Starts a case that gets stuck; another way than the usual start, or something done to it afterwards. */
  readonly begin?: (stack: TestStack, startCase: () => Promise<StartedCase>) => Promise<StartedCase>;
  /** Takes the cause away. */
  readonly heal?: (stack: TestStack, on: StartedCase) => Promise<void>;
}

export const account = (name: string, group: string, region: string): NewAccount => ({
  name,
  displayName: name,
  roles: ['operator'],
  groups: [group],
  region,
  locale: 'id',
  password: 'kata-sandi-uji',
});
const freeTask = {
  assignee: null,
  candidateUsers: null,
  dueDate: null,
  followUpDate: null,
  priority: null,
  formId: null,
  notSameAs: [],
};

const plain = (id: string, node: ReturnType<typeof userTask>): ProcessModel =>
  processOf(id, [start('a'), node, end('c')], ['a>b', 'b>c']);
/** A model with a gateway whose only flows have these conditions. */
function choice(id: string, condition: string): ProcessModel {
  const gateway = { ...end('b'), type: 'exclusiveGateway' } as unknown as ReturnType<typeof end>;
  const model = processOf(id, [start('a'), gateway, end('c'), end('d')], ['a>b', 'b>c', 'b>d']);
  const flows = Object.fromEntries(
    Object.entries(model.flows).map(([key, flow]) => [
      key,
      flow.source === 'b' ? { ...flow, condition: variable(condition) } : flow,
    ]),
  );
  return { ...model, flows };
}

/** Handlers of the stack under test; `hangs` beats and never ends. */
export const handlers = {
  salam: () => Promise.resolve({ outcome: 'completed' as const, variables: {} }),
  // Until its worker ends.
  hangs: (_: JobRequest, { signal }: { readonly signal: AbortSignal }) =>
    new Promise<never>((__, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the worker ends')));
    }),
  fails: () => Promise.resolve({ outcome: 'failed' as const, message: 'layanan mati', retries: 0 }),
};

export const stuckKinds: readonly StuckKind[] = [
  {
    name: 'a poison variable',
    // The repetitions of a loop over something that is no list.
    model: processOf(
      'racun',
      [start('a'), serviceTask('b', 'salam'), boundaryTimer('t', 'b', 'bukan durasi'), end('c'), end('d')],
      ['a>b', 'b>c', 't>d'],
    ),
    shows: ['EXTRACT_VALUE_ERROR'],
  },
  {
    name: 'an unknown job type',
    model: plain('jenis-asing', serviceTask('b', 'tidak.dikenal')),
    shows: ['NO_JOB_WORKER'],
  },
  {
    name: 'a task that nobody may do',
    // The only one of the group is of another region.
    model: processOf(
      'tanpa-orang',
      [start('a'), userTask('b', { task: { ...freeTask, candidateGroups: fixed('camat') } }), end('c')],
      ['a>b', 'b>c'],
    ),
    shows: ['NOBODY_MAY'],
    begin: async (stack, startCase) => {
      await ensureAccounts(stack.owner, [account('camat', 'camat', '32.16')]);
      return startCase();
    },
    heal: async (stack) => {
      await ensureAccounts(stack.owner, [account('camat2', 'camat', '*')]);
    },
  },
  {
    name: 'a wrong task queue',
    model: plain('antrean-salah', userTask('b')),
    shows: ['CASE_UNKNOWN'],
    begin: async (stack) => {
      const { definitionKey, modelSha256, processId } = await stack.publish(plain('antrean-salah', userTask('b')));
      const instanceKey = await newInstanceKey(stack.pool);
      const begin = {
        instanceKey,
        definitionKey,
        version: 1,
        startElement: null,
        variables: {},
        businessKey: null,
        region: null,
        parent: null,
        actor: 'ani',
      };
      const workflowId = workflowIdOf(processId, instanceKey);
      await stack.client.workflow.start(processId, {
        workflowId,
        taskQueue: 'alurr',
        args: startArguments(modelSha256, begin),
      });
      return { instanceKey, workflowId };
    },
    heal: async (stack, { workflowId }) => {
      await stack.client.workflow.getHandle(workflowId).terminate('uji');
    },
  },
  {
    name: 'a history that cannot be read',
    model: plain('tak-terbaca', userTask('b')),
    shows: ['UNDECODABLE'],
    begin: async (stack, startCase) => {
      const started = await startCase();
      await stack.taskOf(started, 'b', 60_000);
      await stack.owner.query('create table if not exists kept_key as select * from case_key where false');
      await stack.owner.query('insert into kept_key select * from case_key where workflow_id = $1', [
        started.workflowId,
      ]);
      await stack.owner.query('delete from case_key where workflow_id = $1', [started.workflowId]);
      return started;
    },
    heal: async (stack) => {
      await stack.owner.query('insert into case_key select * from kept_key on conflict do nothing');
    },
  },
  {
    name: 'a condition that is null',
    model: choice('syarat-null', 'tidakAda'),
    shows: ['CONDITION_ERROR', 'EXTRACT_VALUE_ERROR'],
  },
  { name: 'no matching flow', model: choice('tanpa-alur', 'tidak'), shows: ['CONDITION_ERROR'] },
  {
    name: 'a correlation key that is lost',
    model: plain('kunci-hilang', messageCatch('b', 'balasan', fixed('K-1'))),
    shows: ['SUBSCRIPTION_LOST'],
    begin: async (stack, startCase) => {
      const started = await startCase();
      const handle = stack.client.workflow.getHandle(messageWorkflowId('balasan', 'K-1'));
      for (let tries = 0; tries < 600; tries += 1) {
        const ended = await handle.terminate('uji').then(
          () => true,
          () => false,
        );
        if (ended) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return started;
    },
  },
  {
    name: 'a projector that is dead',
    model: plain('tak-tercatat', userTask('b')),
    shows: ['NOT_RECORDED'],
    begin: async (stack, startCase) => {
      await stack.owner.query(
        `create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'cakram penuh'; end $$`,
      );
      await stack.owner.query(
        `create or replace trigger refuse before insert on fact for each row when (new.body ->> 'processId' = 'tak-tercatat') execute function refuse()`,
      );
      return startCase();
    },
    heal: async (stack) => {
      await stack.owner.query('drop trigger refuse on fact');
    },
  },
  { name: 'an activity that hangs', model: plain('menggantung', serviceTask('b', 'hangs')), shows: ['JOB_HANGS'] },
  { name: 'exhausted retries', model: plain('habis', serviceTask('b', 'fails')), shows: ['JOB_NO_RETRIES'] },
  {
    name: 'a blocked row',
    model: processOf('terkunci', [start('a'), userTask('b'), userTask('b2'), end('c')], ['a>b', 'b>b2', 'b2>c']),
    shows: ['DATABASE_BLOCKED'],
    begin: async (stack, startCase) => {
      const started = await startCase();
      const task = await stack.taskOf(started, 'b', 60_000);
      const client = await stack.owner.connect();
      await client.query('begin');
      await client.query('select from instance where key = $1 for update', [started.instanceKey]);
      blocking.set(started.instanceKey, () => {
        void client.query('rollback').then(() => client.release());
      });
      stack.command(started, { type: 'completeUserTask', task, variables: {} }).catch(() => undefined);
      return started;
    },
    heal: (_, { instanceKey }) => {
      blocking.get(instanceKey)?.();
      return Promise.resolve();
    },
  },
  {
    name: 'a build that does not fit',
    model: plain('beda-versi', userTask('b')),
    shows: ['WORKFLOW_TASK_FAILS'],
  },
];
const blocking = new Map<string, () => void>();
