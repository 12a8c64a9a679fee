/** What becomes known of a proposal goes to the case that deals with it: to one that waits for it, or a new one. */
import { z } from 'zod';
import type { Report } from '#contract/report.ts';
import { findByProcessId, nextKey } from '#db/queries/definitions.ts';
import { isKey } from '#engine/keys.ts';
import type { JsonObject } from '#engine/json.ts';
import type { Call } from './handler.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { messageKeyOf } from './message-key.ts';
import { Refusal } from './refusal.ts';
import { assertNotOnHold, startWorkflow, untilVisible } from './starting.ts';

export type Telling = Pick<Call<Endpoint>, 'commandKey' | 'db' | 'deps' | 'memory'>;
export type Told = Exclude<Report, { readonly kind: 'DATA_REQUEST' }>;

export interface Message {
  readonly name: string;
  readonly variables: JsonObject;
}
export function messageFor(told: Told): Message {
  switch (told.kind) {
    case 'WITHDRAWAL':
      return { name: 'dtks.penarikan', variables: { penarikan: { alasan: told.reason } } };
    case 'DEATH':
      return { name: 'dtks.laporan-meninggal', variables: { laporan: { tanggal: told.date, uraian: told.reason } } };
    case 'MOVE':
      return { name: 'dtks.laporan-pindah', variables: { laporan: { tanggal: told.date, uraian: told.reason } } };
  }
}

/** @returns the case that got the message; null: none waits for it */
export async function tell(
  call: Telling,
  proposalNumber: string,
  { name, variables }: Message,
): Promise<string | null> {
  return call.deps.temporal.correlate(call.commandKey, {
    messageKey: await messageKeyOf(call),
    name,
    correlationKey: proposalNumber,
    messageId: null,
    timeToLiveMs: 0,
    variables,
  });
}

const remembered = z.string().refine(isKey);

export interface NewCase {
  readonly processId: string;
  readonly variables: JsonObject;
  readonly region: string;
  readonly actor: string;
}
/** @returns the new case. @throws Refusal when its process is not published, or on hold */
export async function begin(call: Telling, { processId, variables, region, actor }: NewCase): Promise<string> {
  const { db, deps, memory } = call;
  const process = await db((client) => findByProcessId(client, processId, null));
  if (process === null) throw new Refusal('noStartEvent', 'processUnknown', { values: { process: processId } });
  assertNotOnHold(process);
  const earlier = remembered.safeParse(await memory.recall());
  const instanceKey = earlier.success ? earlier.data : await db(nextKey);
  await memory.remember(instanceKey);
  await startWorkflow(deps, { process, instanceKey, variables, businessKey: null, region, actor });
  await untilVisible(deps, processId, instanceKey);
  return instanceKey;
}

/** Process of the citizen's rights over his data; its definition is in definitions/dtks. */
const dataRightsProcess = 'hak-subjek-data';

export const dataRequest = (
  { proposalNumber: nomor, region }: { readonly proposalNumber: string; readonly region: string },
  { right, reason }: Extract<Report, { readonly kind: 'DATA_REQUEST' }>,
  actor: string,
): NewCase => ({
  processId: dataRightsProcess,
  variables: { usulan: { nomor, kodeDesa: region }, permintaan: { jenis: right, uraian: reason } },
  region,
  actor,
});
