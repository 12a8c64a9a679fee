/**
 * Recorded histories as files: protobuf objects without what a replay does not read, payloads decrypted and as plain JSON
 * (`{"json": …}`), compiled models by name, each once per release. One `<release>.json.gz` each.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
// The package is CommonJS whose names Node cannot see: only the default import works outside a bundler.
import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;
export const historiesDir = path.resolve(import.meta.dirname);

export interface GoldenHistory {
  readonly workflowId: string;
  readonly history: { readonly events: readonly HistoryEvent[] };
  /** What the workflow asked of the outside, digested (golden-trace.ts). */
  readonly trace: string;
}
export interface HistoryEvent {
  readonly eventType: string;
  readonly [attribute: string]: unknown;
}
export interface Release {
  readonly name: string;
  readonly histories: readonly GoldenHistory[];
  /** Compiled models as JSON text, by SHA-256. */
  readonly models: ReadonlyMap<string, string>;
  /** Fields that the digests of the trace cover, by what was asked. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** Of no use to a replay. */
const dropped: ReadonlySet<string> = new Set([
  'taskId',
  'version',
  'identity',
  'requestId',
  'historySizeBytes',
  'header',
  'searchAttributes',
  'memo',
  'userMetadata',
  'links',
  'eventGroupMarkers',
  'firstExecutionRunId',
  'prevAutoResetPoints',
  'priority',
  'originalEventRequestIdRefs',
]);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isPayload = (value: Record<string, unknown>): value is { metadata: Record<string, string>; data?: string } =>
  isObject(value['metadata']) && typeof value['metadata']['encoding'] === 'string';
const jsonEncoding = Buffer.from('json/plain').toString('base64');

/** Every object of a JSON tree, replaced by what `change` makes of it; undefined: looked into. */
async function rewritten(
  value: unknown,
  change: (object: Record<string, unknown>) => Promise<unknown> | undefined,
): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => rewritten(item, change)));
  if (!isObject(value)) return value;
  const changed = change(value);
  if (changed !== undefined) return changed;
  const entries = Object.entries(value).filter(([name, item]) => !dropped.has(name) && item !== null && item !== '');
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, item]) => [name, await rewritten(item, change)] as const)),
  );
}

const resolved = /^\{"modelSha256":"([0-9a-f]{64})","model":/;

/** A history as the server gave it, made plain. The models in it go to `models`. */
export async function plainHistory(
  history: proto.temporal.api.history.v1.IHistory,
  codec: PayloadCodec,
  models: Map<string, string>,
): Promise<GoldenHistory['history']> {
  const plain = async (payload: Payload): Promise<unknown> => {
    const [decoded = payload] = await codec.decode([payload]);
    const encoding = Buffer.from(decoded.metadata?.['encoding'] ?? []).toString();
    const text = Buffer.from(decoded.data ?? []).toString();
    if (encoding !== 'json/plain') return { metadata: { encoding: Buffer.from(encoding).toString('base64') } };
    const sha256 = resolved.exec(text)?.[1];
    if (sha256 === undefined) return { json: JSON.parse(text) as unknown };
    const { modelSha256: _, model, ...rest } = JSON.parse(text) as Record<string, unknown>;
    models.set(sha256, JSON.stringify(model));
    return { json: { model: { modelSha256: sha256 }, ...rest } };
  };
  const object = History.toObject(History.fromObject(history), { enums: String, longs: String, bytes: String });
  return (await rewritten(object, (object) =>
    isPayload(object)
      ? plain({
          metadata: Object.fromEntries(
            Object.entries(object.metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
          ),
          data: Buffer.from(object.data ?? '', 'base64'),
        })
      : undefined,
  )) as GoldenHistory['history'];
}

/** A plain history as Temporal's, with the models in the place of their names. */
export async function replayableHistory(
  { history }: GoldenHistory,
  models: ReadonlyMap<string, string>,
): Promise<proto.temporal.api.history.v1.IHistory> {
  const text = (json: unknown): string => {
    const whole = JSON.stringify(json) as string | undefined;
    if (whole === undefined) return 'null';
    const sha256 = /^\{"model":\{"modelSha256":"([0-9a-f]{64})"\},/.exec(whole)?.[1];
    if (sha256 === undefined) return whole;
    const rest = whole.slice(`{"model":{"modelSha256":"${sha256}"}`.length);
    return `{"modelSha256":"${sha256}","model":${models.get(sha256) ?? 'null'}${rest}`;
  };
  const whole = await rewritten(history, (object) =>
    'json' in object && Object.keys(object).length === 1
      ? Promise.resolve({
          metadata: { encoding: jsonEncoding },
          data: Buffer.from(text(object['json'])).toString('base64'),
        })
      : undefined,
  );
  return History.fromObject(whole as object);
}

const extension = '.json.gz';
export async function releases(): Promise<string[]> {
  const files = await readdir(historiesDir);
  return files.flatMap((file) => (file.endsWith(extension) ? [file.slice(0, -extension.length)] : [])).sort();
}
const fileOf = (release: string): string => path.join(historiesDir, `${release}${extension}`);

export async function readRelease(name: string): Promise<Release> {
  const text = (await promisify(gunzip)(await readFile(fileOf(name)))).toString();
  const { histories, models, fields } = JSON.parse(text) as Pick<Release, 'histories' | 'fields'> & {
    readonly models: Readonly<Record<string, unknown>>;
  };
  const texts = Object.entries(models).map(([sha256, model]) => [sha256, JSON.stringify(model)] as const);
  return { name, histories, models: new Map(texts), fields };
}

/** Fails when there is one already: a release is recorded once. */
export async function writeRelease({ name, histories, models, fields }: Release): Promise<void> {
  const plain = Object.fromEntries([...models].map(([sha256, model]) => [sha256, JSON.parse(model) as unknown]));
  const text = JSON.stringify({ histories, models: plain, fields });
  await writeFile(fileOf(name), await promisify(gzip)(text, { level: 9 }), { flag: 'wx' });
}
