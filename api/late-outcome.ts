/** What somebody recorded without a network and sends when its task is over: given to the process that the model names for it (docs/life.md). */
import type { Endpoint } from '#contract/endpoint.ts';
import { appendAudit } from '#db/audit.ts';
import { visibleVariables } from '#db/queries/instances.ts';
import type { UserTaskRow } from '#db/queries/user-tasks.ts';
import type { JsonObject } from '#engine/json.ts';
import { readSubmission } from './forms/task-form.ts';
import type { Call } from './handler.ts';
import { messageKeyOf } from './message-key.ts';
import { assertFit } from './sizes.ts';

type TaskCall = Pick<Call<Endpoint>, 'caller' | 'commandKey' | 'db' | 'deps' | 'memory'>;

/** A second outcome of the same case waits until the first has been decided. */
const timeToLiveMs = 30 * 24 * 3_600_000;

/** Name of the message; null: the model names none. */
export async function lateMessageOf({ db, deps }: TaskCall, task: UserTaskRow): Promise<string | null> {
  const model = await db((client) => deps.models.get(client, task.processDefinitionKey));
  return model?.nodes[task.elementId]?.properties['alur.lateMessage'] ?? null;
}

/** @throws Refusal when the form does not take the values */
export async function keepLateOutcome(
  call: TaskCall,
  task: UserTaskRow,
  name: string,
  data: JsonObject,
): Promise<void> {
  const { caller, commandKey, db, deps } = call;
  const { elementId, userTaskKey, region, businessKey, processInstanceKey } = task;
  const isian = await readSubmission(call, task, data);
  const nomor = businessKey ?? processInstanceKey;
  const oleh = caller.account.name;
  const susulan = { nomor, wilayah: region, tugas: userTaskKey, elemen: elementId, oleh, perintah: commandKey, isian };
  const seen = await db((client) => visibleVariables(client, processInstanceKey, userTaskKey));
  const variables = { ...seen, susulan };
  assertFit(variables);
  const messageKey = await messageKeyOf(call);
  const message = { messageKey, name, correlationKey: nomor, messageId: commandKey, timeToLiveMs, variables };
  await deps.temporal.publish(commandKey, message);
  const action = 'userTask.lateOutcome';
  await db((client) =>
    appendAudit(client, { actor: oleh, action, target: userTaskKey, region, detail: { name, messageKey } }),
  );
}
