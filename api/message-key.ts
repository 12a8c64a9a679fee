/** Keys of messages: the same when a request is repeated. */
import type { Endpoint } from '#contract/endpoint.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { isKey } from '#engine/keys.ts';
import type { Call } from './handler.ts';

export async function messageKeyOf({ db, memory }: Pick<Call<Endpoint>, 'db' | 'memory'>): Promise<string> {
  const recalled = await memory.recall();
  const messageKey = typeof recalled === 'string' && isKey(recalled) ? recalled : await db(nextKey);
  await memory.remember(messageKey);
  return messageKey;
}
