/** The connection to Temporal that the settings describe. */
import { readFile } from 'node:fs/promises';
import { NativeConnection } from '@temporalio/worker';
import type { WorkerConfig } from './config.ts';

export async function connect(config: WorkerConfig): Promise<NativeConnection> {
  const { address, apiKey, tls, tlsFiles } = config;
  const [ca, cert, key] = await Promise.all(
    [tlsFiles.ca, tlsFiles.cert, tlsFiles.key].map((file) => (file === null ? Promise.resolve(null) : readFile(file))),
  );
  const options = {
    ...(ca ? { serverRootCACertificate: ca } : {}),
    ...(cert && key ? { clientCertPair: { crt: cert, key } } : {}),
    ...(tlsFiles.serverName === null ? {} : { serverNameOverride: tlsFiles.serverName }),
  };
  return NativeConnection.connect({
    address,
    ...(tls ? { tls: options } : {}),
    ...(apiKey === null ? {} : { apiKey }),
  });
}
