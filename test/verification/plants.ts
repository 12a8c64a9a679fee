/** Corruptions as data: each is planted on a case or chain of its own, and what must be said of it. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DifferenceKind } from '#contract/verification.ts';
import { appendAudit, auditHash } from '#db/audit.ts';
import { writeAnchor } from '#db/verification/anchors.ts';
import { messageWorkflowId, messageWorkflowType, subscribeSignal, taskQueue } from '#workflows/messages.ts';
import { end, processOf, start, userTask } from '../support/models.ts';
import type { StartedCase, TestStack } from '../support/stack.ts';
import type { Kind, Verifying } from './verifying.ts';

export interface Planting {
  readonly stack: TestStack;
  readonly verifying: Verifying;
  readonly masterKey: Buffer;
}
export interface Plant {
  readonly name: string;
  /** All that must be said; nothing else may be. */
  readonly finds: readonly DifferenceKind[];
  /** Whether a repair brings it to nothing. */
  readonly repairable: boolean;
  /** Case to plant it on, when it is of a case. */
  readonly on?: Kind;
  /** Prepares what is planted later; runs first. */
  readonly before?: (planting: Planting, on: StartedCase) => Promise<void>;
  readonly plant: (planting: Planting, on: StartedCase) => Promise<void>;
}

const sql =
  (text: string) =>
  async ({ stack }: Planting, { instanceKey }: StartedCase): Promise<void> => {
    const { rowCount } = await stack.owner.query(text, [instanceKey]);
    if (rowCount === 0) throw new Error(`nothing was changed by: ${text}`);
  };

/** Rows of a chain, and then a change of them that the database would refuse its users. */
const chain = (region: string, text: string): Pick<Plant, 'before' | 'plant'> => ({
  before: async ({ stack }) => {
    for (let number = 1; number <= 5; number += 1)
      await appendAudit(stack.owner, { actor: 'ani', action: 'uji', target: `t${number}`, region, detail: { number } });
  },
  plant: async ({ stack }) => {
    await stack.owner.query('alter table audit disable trigger audit_append_only');
    await stack.owner.query(text, [region]);
    await stack.owner.query('alter table audit enable trigger audit_append_only');
  },
});
const entityOf = async ({ stack }: Planting, { instanceKey }: StartedCase): Promise<string> => {
  const { rows } = await stack.pool.query<{ message_name: string; correlation_key: string }>(
    'select message_name, correlation_key from message_subscription where instance_key = $1',
    [instanceKey],
  );
  return messageWorkflowId(rows[0]?.message_name ?? '', rows[0]?.correlation_key ?? '');
};

export const plants: readonly Plant[] = [
  {
    name: 'a whole case is gone from the read model',
    on: 'task',
    finds: ['caseMissing'],
    repairable: true,
    plant: async ({ stack }, { instanceKey }) => {
      const tables = ['fact', 'element_instance', 'variable', 'user_task', 'job', 'timer'];
      for (const table of tables)
        await stack.owner.query(`delete from ${table} where instance_key = $1`, [instanceKey]);
      await stack.owner.query('delete from instance where key = $1', [instanceKey]);
    },
  },
  {
    name: 'a user task was edited',
    on: 'task',
    finds: ['rowDiffers'],
    repairable: true,
    plant: sql("update user_task set priority = 99, assignee = 'orang-lain' where instance_key = $1"),
  },
  {
    name: 'an element instance was deleted',
    on: 'task',
    finds: ['rowMissing'],
    repairable: true,
    plant: sql("delete from element_instance where instance_key = $1 and element_id = 'sapa'"),
  },
  {
    name: 'a variable was added',
    on: 'outside',
    finds: ['rowExtra'],
    repairable: true,
    plant: sql("insert into variable values ($1, $1, 'asing', '1')"),
  },
  {
    name: 'a variable of an ended case was edited',
    on: 'done',
    finds: ['rowDiffers'],
    repairable: true,
    plant: sql(`update variable set value = '"lain"' where instance_key = $1 and name = 'catatan'`),
  },
  {
    name: 'a job was edited',
    on: 'outside',
    finds: ['rowDiffers'],
    repairable: true,
    plant: sql('update job set retries = 77 where instance_key = $1'),
  },
  {
    name: 'a timer was deleted',
    on: 'task',
    finds: ['rowMissing'],
    repairable: true,
    plant: sql('delete from timer where instance_key = $1'),
  },
  {
    name: 'a subscription was closed by hand',
    on: 'message',
    finds: ['noReasonToWait', 'rowDiffers', 'subscriptionOrphan'],
    repairable: true,
    plant: sql("update message_subscription set state = 'CLOSED' where instance_key = $1"),
  },
  {
    name: 'an incident was invented',
    on: 'task',
    finds: ['rowExtra'],
    repairable: true,
    plant: sql(
      `insert into incident (key, instance_key, process_id, region, element_id, code, message, state, created_at)
       values ($1::bigint + 999, $1, 'periksa', '', 'tugas', 'CONDITION_ERROR', 'x', 'ACTIVE', now())`,
    ),
  },
  {
    name: 'an open case was declared ended while its workflow runs',
    on: 'task',
    finds: ['rowDiffers', 'workflowOfClosedCase'],
    repairable: true,
    plant: sql("update instance set state = 'COMPLETED', ended_at = now() where key = $1"),
  },
  {
    name: 'a fact is missing',
    on: 'task',
    finds: ['factMissing'],
    repairable: true,
    plant: sql('delete from fact where instance_key = $1 and number = 3'),
  },
  {
    name: 'a fact was altered',
    on: 'task',
    finds: ['factDiffers'],
    repairable: true,
    plant: sql(`update fact set actor = 'bukan-ani' where instance_key = $1 and number = 1`),
  },
  {
    name: 'the facts of an ended case were altered',
    on: 'done',
    finds: ['factDiffers'],
    repairable: true,
    plant: sql(
      `update fact set body = jsonb_set(body, '{variables,catatan}', '"lain"') where instance_key = $1 and body -> 'variables' ? 'catatan'`,
    ),
  },
  {
    name: 'a fact was added that never happened',
    on: 'task',
    finds: ['factExtra'],
    repairable: true,
    plant: sql(
      `insert into fact select instance_key, number + 1, at, actor, null, 'variablesSet', '{"type": "variablesSet", "scope": 0, "variables": {"x": 1}}'
         from fact where instance_key = $1 order by number desc limit 1`,
    ),
  },
  {
    name: 'a workflow was terminated behind our back',
    on: 'task',
    finds: ['workflowLost'],
    repairable: true,
    plant: async ({ stack }, { workflowId }) => {
      await stack.client.workflow.getHandle(workflowId).terminate('uji');
    },
  },
  {
    name: 'the workflow of a case that has called another was terminated',
    on: 'call',
    finds: ['workflowLost'],
    repairable: true,
    plant: async ({ stack }, { workflowId }) => {
      await stack.client.workflow.getHandle(workflowId).terminate('uji');
    },
  },
  {
    name: 'an audit row was edited',
    ...chain('91.01', `update audit set actor = 'orang-lain' where chain = $1 and audit.number = 3`),
    finds: ['auditChanged'],
    repairable: false,
  },
  {
    name: 'an audit row was deleted',
    ...chain('91.02', 'delete from audit where chain = $1 and audit.number = 3'),
    finds: ['auditGap'],
    repairable: false,
  },
  {
    name: 'the tail of the audit was cut',
    ...chain('91.03', 'delete from audit where chain = $1 and audit.number > 3'),
    finds: ['auditCut'],
    repairable: false,
  },
  {
    name: 'two audit rows changed places',
    ...chain(
      '91.04',
      'update audit set number = case audit.number when 3 then 104 else 3 end where chain = $1 and audit.number in (3, 4)',
    ),
    finds: ['auditChanged', 'auditChanged', 'auditGap', 'auditGap'],
    repairable: false,
  },
  {
    name: 'the audit was rewritten as a whole',
    ...chain('91.05', ''),
    finds: ['auditChanged'],
    repairable: false,
    plant: async ({ stack }) => {
      await stack.owner.query('alter table audit disable trigger audit_append_only');
      const { rows } = await stack.owner.query(`select * from audit where chain = '91.05' order by audit.number`);
      let previous: Buffer = Buffer.alloc(32);
      for (const row of rows) {
        const actor = row.number === '2' ? 'orang-lain' : row.actor;
        const hash = auditHash(previous, { ...row, actor, at: row.at.toISOString() });
        await stack.owner.query(
          `update audit set actor = $2, previous_hash = $3, hash = $4 where chain = '91.05' and audit.number = $1`,
          [row.number, actor, previous, hash],
        );
        previous = hash;
      }
      await stack.owner.query('alter table audit enable trigger audit_append_only');
    },
  },
  {
    name: 'the anchor itself was edited',
    finds: ['anchorDamaged'],
    repairable: false,
    // A second line, so that the first still counts.
    before: async ({ stack, masterKey }) => {
      await writeAnchor(stack.pool, stack.home, masterKey);
      await appendAudit(stack.owner, { actor: 'ani', action: 'uji', target: 't', region: '91.06', detail: {} });
      await writeAnchor(stack.pool, stack.home, masterKey);
    },
    plant: async ({ stack }) => {
      const file = path.join(stack.home, 'anchors', 'audit.jsonl');
      const [first = '', second = ''] = (await readFile(file, 'utf8')).split('\n');
      await writeFile(file, `${first}\n${second.replace('"number":"1"', '"number":"0"')}\n`);
    },
  },
  {
    name: 'a payload in the history is gone',
    on: 'outside',
    finds: ['payloadMissing'],
    repairable: false,
    before: async ({ stack }, { workflowId }) => {
      const variables = { besar: 'x'.repeat(200_000) };
      await stack.command({ instanceKey: '', workflowId }, { type: 'setVariables', scope: 0, variables, local: true });
    },
    plant: async ({ stack }) => {
      await stack.owner.query('delete from payload where length(body) > 150000');
    },
  },
  {
    name: 'the model of an open case is gone',
    finds: ['modelMissing'],
    repairable: false,
    plant: async ({ stack }) => {
      const model = processOf('tanpa-model', [start('a'), userTask('b'), end('c')], ['a>b', 'b>c']);
      const { modelSha256 } = await stack.publish(model);
      await stack.owner.query(
        `set session_replication_role = replica; delete from payload where sha256 = decode('${modelSha256}', 'hex'); set session_replication_role = default`,
      );
    },
  },
  {
    name: 'the key of a case is lost',
    on: 'outside',
    finds: ['caseKeyMissing'],
    repairable: false,
    plant: async ({ stack }, { workflowId }) => {
      await stack.owner.query('delete from case_key where workflow_id = $1', [workflowId]);
    },
  },
  {
    name: 'the key of a case is damaged',
    on: 'outside',
    finds: ['caseKeyDamaged'],
    repairable: false,
    plant: async ({ stack }, { workflowId }) => {
      await stack.owner.query(
        'update case_key set wrapped_key = set_byte(wrapped_key, 30, get_byte(wrapped_key, 30) # 1) where workflow_id = $1',
        [workflowId],
      );
    },
  },
  {
    name: 'a job is offered that nobody needs',
    on: 'task',
    finds: ['parkedJobOrphan'],
    repairable: true,
    plant: sql(
      "insert into parked_job (job_key, instance_key, type, variables, attempt) values ($1::bigint + 77, $1, 'cetak', '{}', 1)",
    ),
  },
  {
    name: 'the offer of an open job is gone',
    on: 'outside',
    finds: ['jobLost'],
    repairable: true,
    plant: sql('delete from parked_job where instance_key = $1'),
  },
  {
    name: 'a message entity awaits somebody who does not wait',
    on: 'task',
    finds: ['subscriptionOrphan'],
    repairable: true,
    plant: async ({ stack }, { instanceKey }) => {
      await stack.client.workflow.signalWithStart(messageWorkflowType, {
        taskQueue,
        workflowId: messageWorkflowId('balasan', 'tidak-ada'),
        args: [],
        signal: subscribeSignal,
        signalArgs: [{ instanceKey, processId: 'periksa', subscription: 55, closesOnCorrelation: true }],
      });
    },
  },
  {
    name: 'a message entity is gone',
    on: 'message',
    finds: ['subscriptionLost'],
    repairable: true,
    plant: async (planting, on) => {
      await planting.stack.client.workflow.getHandle(await entityOf(planting, on)).terminate('uji');
    },
  },
  {
    name: 'a correlation key is held by an ended case',
    on: 'done',
    finds: ['startLockStale'],
    repairable: true,
    plant: sql("insert into message_start_lock values ('cepat', 'kunci', $1)"),
  },
];
