/** Files in a bucket of an object storage with the S3 API (MinIO, Ceph, a cloud's). */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { assertKey, sha256 } from './store.ts';
import type { FileStore } from './store.ts';

export interface S3Options {
  /** `https://s3.contoh.go.id`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const notFound = 404;
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === notFound) return null;
    throw error;
  }
}

export function s3Store({ endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Options): FileStore {
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    // The bucket in the path: not every storage has a name of its own for each bucket.
    forcePathStyle: true,
    // The checksums that the SDK adds of itself are unknown to older servers; the content is checked by its key.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const objectOf = (key: string) => {
    assertKey(key);
    return { Bucket: bucket, Key: `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}` };
  };
  const head: FileStore['head'] = async (key) => {
    const found = await orNull(client.send(new HeadObjectCommand(objectOf(key))));
    return found === null ? null : { bytes: found.ContentLength ?? 0 };
  };
  return {
    put: async (content) => {
      const key = sha256(content);
      if ((await head(key)) === null)
        await client.send(new PutObjectCommand({ ...objectOf(key), Body: content, ContentLength: content.length }));
      return key;
    },
    get: async (key) => {
      const found = await orNull(client.send(new GetObjectCommand(objectOf(key))));
      return found?.Body === undefined ? null : Buffer.from(await found.Body.transformToByteArray());
    },
    head,
    delete: async (key) => {
      await client.send(new DeleteObjectCommand(objectOf(key)));
    },
  };
}
