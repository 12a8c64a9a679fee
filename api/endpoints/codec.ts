/** Temporal's UI and CLI read a case's payloads through Alur's own permissions: role, region, audit. */
import type { Payload } from '@temporalio/common';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { codecEndpoints, payloads } from '#contract/codec.ts';
import { appendAudit } from '#db/audit.ts';
import { keyNameIn, sharedKey } from '#db/payload-codec.ts';
import { wholeCountry } from '#db/region-scope.ts';
import type { HandlersOf } from '../handler.ts';
import { Refusal } from '../refusal.ts';

type JsonPayload = z.output<typeof payloads>['payloads'][number];

const payloadOf = ({ metadata = {}, data = '' }: JsonPayload): Payload => ({
  metadata: Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')])),
  data: Buffer.from(data, 'base64'),
});
const jsonOf = ({ metadata, data }: Payload): JsonPayload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});

/** Regions of those cases that the caller may see, by workflow id. */
async function visibleCases(db: PoolClient, workflowIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ id: string; region: string | null }>(
    `select process_id || '/' || key as id, region from instance
     where key = any($1::bigint[]) and process_id || '/' || key = any($2::text[])`,
    [workflowIds.map((id) => /\/(\d{1,18})$/.exec(id)?.[1]).filter((key) => key !== undefined), workflowIds],
  );
  return new Map(rows.map(({ id, region }) => [id, region ?? wholeCountry]));
}

export const codecHandlers: HandlersOf<typeof codecEndpoints> = {
  decodePayloads: async ({ caller, body, db, deps }) => {
    const { name: actor, region: own } = caller.account;
    const given = body.payloads.map((json) => ({ json, payload: payloadOf(json) }));
    const names = [...new Set(given.flatMap(({ payload }) => keyNameIn(payload) ?? []))];
    const regions = await db(async (client) => {
      const visible = new Map(await visibleCases(client, names));
      // What belongs to no case, or to one that is not in the read model: for those who see everything.
      if (own === wholeCountry) for (const name of names) visible.set(name, visible.get(name) ?? wholeCountry);
      for (const [target, region] of visible) {
        if (target === sharedKey) continue;
        const count = given.filter(({ payload }) => keyNameIn(payload) === target).length;
        await appendAudit(client, { actor, action: 'payload.decode', target, region, detail: { payloads: count } });
      }
      return visible;
    });
    const decoded = given.map(async ({ json, payload }) => {
      const name = keyNameIn(payload);
      if (name === null || !regions.has(name)) return json;
      // An erased case has no key any more: its payloads stay what they are.
      const [plain] = await deps.codec.decode([payload]).catch(() => []);
      return plain === undefined ? json : jsonOf(plain);
    });
    return { payloads: await Promise.all(decoded) };
  },
  encodePayloads: async ({ caller, body, deps }) => {
    if (caller.account.region !== wholeCountry) throw new Refusal('notAllowed', 'outsideRegion');
    const encoded = await deps.codec.encode(body.payloads.map(payloadOf));
    return { payloads: encoded.map(jsonOf) };
  },
};
