/** An object storage with the part of the S3 API that is used, in memory. It checks each signature (AWS Signature Version 4) as a real one does. */
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Options } from '#files/s3-store.ts';

export interface S3Server {
  readonly options: S3Options;
  readonly objects: Map<string, Buffer>;
  /** What the next request is answered with, instead of being served. */
  failNext: number | null;
  readonly stop: () => Promise<void>;
}

const access = { accessKeyId: 'kunci', secretAccessKey: 'rahasia' };
const region = 'id-jkt-1';
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hashOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const found =
    /Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})/.exec(
      request.headers.authorization ?? '',
    );
  if (found === null) return false;
  const [, accessKeyId, day = '', inRegion, signedHeaders = '', signature] = found;
  const url = new URL(request.url ?? '/', 'http://host');
  const contentHash = String(request.headers['x-amz-content-sha256']);
  if (accessKeyId !== access.accessKeyId || inRegion !== region || contentHash !== hashOf(body)) return false;
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const query = [...url.searchParams]
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .toSorted()
    .join('&');
  const canonical = [request.method, url.pathname, query, headers.join(''), signedHeaders, contentHash].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date']), scope, hashOf(canonical)].join('\n');
  const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${access.secretAccessKey}`, day));
  return hmac(key, toSign).toString('hex') === signature;
}

export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const state = { failNext: null as number | null };
  const serve = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const name = new URL(request.url ?? '/', 'http://host').pathname;
    if (state.failNext !== null) {
      response.writeHead(state.failNext).end();
      state.failNext = null;
      return;
    }
    if (!isSigned(request, body)) {
      response.writeHead(403).end();
      return;
    }
    const object = objects.get(name);
    if (request.method === 'PUT') objects.set(name, body);
    if (request.method === 'DELETE') objects.delete(name);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && object === undefined) response.writeHead(404).end();
    else if (isRead) response.writeHead(200, { 'Content-Length': object?.length }).end(object);
    else response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => serve(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    options: { endpoint, region, bucket: 'berkas', ...access },
    objects,
    get failNext() {
      return state.failNext;
    },
    set failNext(status) {
      state.failNext = status;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
