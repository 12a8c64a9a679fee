/**
 * What Temporal stores of a case: every payload encrypted with the case's key; above 64 KiB kept in PostgreSQL and replaced by its SHA-256;
 * compiled models never at all, only their name. Used alike by workers, clients and replay.
 */
import { createHmac } from 'node:crypto';
import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import type { Pool } from 'pg';
import { CaseKeys, seal, unseal } from './case-keys.ts';
import { PayloadStore } from './payload-store.ts';

const inlineBytes = 64 * 1024;
const encrypted = 'binary/alur-encrypted';
const stored = 'binary/alur-stored';
const keyField = 'alur-key';
/** Of an argument in which the model has been put: where its text ends, see workflows/payload-converter.ts. */
const modelEndField = 'alur-model-end';
/** Payloads of message and timer workflows, and of nobody in particular: their texts are not a case's. */
export const sharedKey = 'shared';

export interface PayloadCodecOptions {
  /** Role alur_app or alur_worker. */
  readonly pool: Pool;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** For readers: models stay references instead of being put in place. */
  readonly keepsReferences?: boolean;
}

const textOf = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString() : '');
const encodingOf = (payload: Payload): string => textOf(payload.metadata?.['encoding']);

/** The name of the key that a payload was encrypted with: a workflow id, or `sharedKey`; null: it is not encrypted. */
export function keyNameIn(payload: Payload): string | null {
  const isOurs = [encrypted, stored].includes(encodingOf(payload));
  return isOurs ? textOf(payload.metadata?.[keyField]) : null;
}

/** Each case has its own key; the id of a case is `<processId>/<instance key>`. */
function keyNameOf(context: SerializationContext | undefined): string {
  const workflowId = context?.workflowId;
  return workflowId === undefined || /^(?:message|timer|verification|backfill|release-jobs)\//.test(workflowId)
    ? sharedKey
    : workflowId;
}

/** A payload in one piece: length of the header, header (metadata as JSON, values in base64), data. */
function pack(payload: Payload): Buffer {
  const metadata = Object.entries(payload.metadata ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ]);
  const header = Buffer.from(JSON.stringify(Object.fromEntries(metadata)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, payload.data ?? Buffer.alloc(0)]);
}
function unpack(bytes: Buffer): Payload {
  const end = 4 + bytes.readUInt32BE(0);
  const header = JSON.parse(bytes.subarray(4, end).toString()) as Record<string, string>;
  const metadata = Object.fromEntries(
    Object.entries(header).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  );
  return { metadata, data: bytes.subarray(end) };
}

/** How `modelReference` of workflows/messages.ts begins an argument as JSON; nothing a user writes comes first in a payload. */
const referencePattern = /^\{"model":\{"modelSha256":"([0-9a-f]{64})"\},/;
const referenceLength = '{"model":{"modelSha256":""},'.length + 64;

export function createPayloadCodec({ pool, masterKey, keepsReferences }: PayloadCodecOptions): PayloadCodec {
  const keys = new CaseKeys(pool, masterKey);
  const store = new PayloadStore(pool);

  async function encodeOne(payload: Payload, context: SerializationContext | undefined): Promise<Payload> {
    // Nothing to hide in a null. A local activity's input never leaves the process, and its result must hold keys only (activities/).
    if (encodingOf(payload) === 'binary/null' || (context?.type === 'activity' && context.isLocal)) return payload;
    const name = keyNameOf(context);
    const key = await keys.forEncryption(name);
    const plain = pack(payload);
    // A synthetic IV: the same text of a case gives the same ciphertext, so a replay stores nothing twice.
    const iv = createHmac('sha256', key).update('iv').update(plain).digest().subarray(0, 12);
    const data = seal(key, iv, name, plain);
    const metadata = { [keyField]: Buffer.from(name) };
    if (data.length <= inlineBytes) return { metadata: { ...metadata, encoding: Buffer.from(encrypted) }, data };
    return { metadata: { ...metadata, encoding: Buffer.from(stored) }, data: await store.store(data) };
  }

  async function decodeOne(payload: Payload): Promise<Payload> {
    const name = keyNameIn(payload);
    if (name === null) return payload;
    const data = Buffer.from(payload.data ?? []);
    const key = await keys.forDecryption(name);
    const isStored = encodingOf(payload) === stored;
    const plain = unpack(unseal(key, name, isStored ? await store.load(data.toString('hex')) : data));
    return keepsReferences === true ? plain : resolveModel(plain);
  }

  /** Puts the compiled model where its reference stands, by bytes: it is parsed once, by whoever reads the argument. */
  async function resolveModel(payload: Payload): Promise<Payload> {
    const data = Buffer.from(payload.data ?? []);
    const sha256 = referencePattern.exec(data.toString('latin1', 0, referenceLength))?.[1];
    if (sha256 === undefined) return payload;
    const model = await store.load(sha256);
    const head = Buffer.from(`{"modelSha256":"${sha256}","model":`);
    return {
      metadata: { ...payload.metadata, [modelEndField]: Buffer.from(String(head.length + model.length)) },
      data: Buffer.concat([head, model, data.subarray(referenceLength - 1)]),
    };
  }

  return {
    encode: (payloads, context) => Promise.all(payloads.map((payload) => encodeOne(payload, context))),
    decode: (payloads) => Promise.all(payloads.map(decodeOne)),
  };
}
