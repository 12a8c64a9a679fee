/** Both stores keep the same promises; sealing keeps them too. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { folderStore } from '#files/folder-store.ts';
import { s3Store } from '#files/s3-store.ts';
import { sealedStore } from '#files/sealed-store.ts';
import { sha256 } from '#files/store.ts';
import type { FileStore } from '#files/store.ts';
import { startS3Server } from '../support/s3-server.ts';
import type { S3Server } from '../support/s3-server.ts';

let folder: string;
let s3: S3Server;
let stores: Readonly<Record<'folder' | 's3', FileStore>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alur-files-'));
  s3 = await startS3Server();
  stores = { folder: folderStore(folder), s3: s3Store(s3.options) };
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await s3.stop();
});
const filesIn = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

describe.each(['folder', 's3'] as const)('the %s store', (name) => {
  it('gives back what was put under the hash of it, and keeps it once', async () => {
    const content = randomBytes(70_000);
    const key = await stores[name].put(content);
    expect(key).toBe(sha256(content));
    expect(await stores[name].get(key)).toEqual(content);
    expect(await stores[name].head(key)).toEqual({ bytes: 70_000 });
    expect(await stores[name].put(content)).toBe(key);
  });
  it('keeps an empty file', async () => {
    const key = await stores[name].put(new Uint8Array());
    expect(await stores[name].get(key)).toEqual(Buffer.alloc(0));
  });
  it('has no file that was never put, or was deleted', async () => {
    const key = sha256(Buffer.from('never'));
    expect(await stores[name].get(key)).toBeNull();
    expect(await stores[name].head(key)).toBeNull();
    const put = await stores[name].put(Buffer.from('soon gone'));
    await stores[name].delete(put);
    await stores[name].delete(put);
    expect(await stores[name].get(put)).toBeNull();
  });
  it.each(['', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`])('refuses the key %j', async (key) => {
    await expect((async () => stores[name].get(key))()).rejects.toThrow('SHA-256');
    await expect((async () => stores[name].delete(key))()).rejects.toThrow('SHA-256');
  });
});

describe('the folder store', () => {
  it('leaves nothing half written when the disk refuses', async () => {
    const content = randomBytes(100);
    const key = sha256(content);
    // A file where its folder should be.
    await writeFile(path.join(folder, key.slice(0, 2)), '');
    await expect(stores.folder.put(content)).rejects.toThrow();
    expect((await filesIn()).filter((file) => path.basename(file).startsWith('.'))).toEqual([]);
  });
});
describe('the S3 store', () => {
  it('does not take a refusal for an absence', async () => {
    const key = await stores.s3.put(Buffer.from('there'));
    s3.failNext = 403;
    await expect(stores.s3.get(key)).rejects.toThrow();
    expect(await stores.s3.get(key)).not.toBeNull();
  });
  it('with a wrong secret is refused', async () => {
    const stranger = s3Store({ ...s3.options, secretAccessKey: 'lain' });
    await expect(stranger.put(Buffer.from('x'))).rejects.toThrow();
  });
});
describe('a sealed store', () => {
  it('gives back what was put, and keeps nothing of it in the clear', async () => {
    const sealed = sealedStore(stores.folder, randomBytes(32));
    const secret = Buffer.from('3215014909870003 '.repeat(50));
    const [key, again] = [await sealed.put(secret), await sealed.put(secret)];
    expect(await sealed.get(key)).toEqual(secret);
    // The same content is not to be recognised.
    expect(again).not.toBe(key);
    for (const file of await filesIn()) expect((await readFile(file)).includes('3215014909870003')).toBe(false);
    expect(await sealed.get(sha256(secret))).toBeNull();
  });
  it('opens nothing that was changed, or sealed under another key', async () => {
    const key = await sealedStore(stores.s3, randomBytes(32)).put(Buffer.from('dokumen'));
    await expect(sealedStore(stores.s3, randomBytes(32)).get(key)).rejects.toThrow();
  });
});
