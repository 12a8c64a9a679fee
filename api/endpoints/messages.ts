/** Messages: every case that would be met is checked, not only the right to send. */
import type { messageEndpoints } from '#contract/message.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { appendAudit } from '#db/audit.ts';
import { messageTargets } from '#db/queries/message-targets.ts';
import { inRegion, regionCovers, wholeCountry } from '#db/region-scope.ts';
import type { JsonObject } from '#engine/json.ts';
import type { PublishedMessage } from '#workflows/messages.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { messageKeyOf } from '../message-key.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound, Refusal } from '../refusal.ts';
import { assertFit } from '../sizes.ts';

type AnyCall = Pick<Call<Endpoint>, 'caller' | 'deps' | 'db' | 'memory'>;
interface Sent {
  readonly name: string;
  readonly correlationKey: string;
  readonly variables?: JsonObject | null | undefined;
}

/** @throws Refusal when a case outside the caller's region would be met, or, for a regional account, none inside. */
async function assertMayReach({ caller, deps }: AnyCall, { name, correlationKey }: Sent): Promise<void> {
  const { region } = caller.account;
  if (region === wholeCountry) return;
  const { regions, starts } = await inRegion(deps.pool, wholeCountry, (db) => messageTargets(db, name, correlationKey));
  // Not 403: whether such a case exists elsewhere is nobody's business.
  if (starts || regions.length === 0 || !regions.every((reached) => regionCovers(region, reached))) {
    throw new Refusal('notFound', 'nobodyWaits');
  }
}

async function messageOf(
  call: AnyCall,
  sent: Sent,
  timeToLiveMs: number,
  messageId: string | null,
): Promise<PublishedMessage> {
  const variables = sent.variables ?? {};
  assertNoCitizenNumber({ ...variables, correlationKey: sent.correlationKey });
  assertFit(variables);
  await assertMayReach(call, sent);
  const messageKey = await messageKeyOf(call);
  return { messageKey, name: sent.name, correlationKey: sent.correlationKey, messageId, timeToLiveMs, variables };
}
async function audit({ caller, db }: AnyCall, action: string, message: PublishedMessage): Promise<void> {
  const { name, correlationKey, messageKey } = message;
  const { name: actor, region } = caller.account;
  await db((client) =>
    appendAudit(client, { actor, action, target: messageKey, region, detail: { name, correlationKey } }),
  );
}

export const messageHandlers: HandlersOf<typeof messageEndpoints> = {
  publishMessage: async (call) => {
    const { body, deps, commandKey } = call;
    const message = await messageOf(call, body, body.timeToLive ?? 0, body.messageId ?? null);
    const { messageKey, duplicate } = await deps.temporal.publish(commandKey, message);
    if (duplicate) throw new Refusal('alreadyExists', 'messageKnown');
    await audit(call, 'message.publish', message);
    return { messageKey, tenantId: '<default>' };
  },
  correlateMessage: async (call) => {
    const { body, deps, commandKey } = call;
    const message = await messageOf(call, body, 0, null);
    const processInstanceKey = await deps.temporal.correlate(commandKey, message);
    if (processInstanceKey === null) throw notFound();
    await audit(call, 'message.correlate', message);
    return { messageKey: message.messageKey, processInstanceKey, tenantId: '<default>' };
  },
};
