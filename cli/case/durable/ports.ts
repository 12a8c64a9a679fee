/** Free ports of 127.0.0.1 for a stack that stands beside others. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const names = [
  'ALUR_HTTP_PORT',
  'ALUR_POSTGRES_PORT',
  'ALUR_TEMPORAL_PORT',
  'ALUR_DUKCAPIL_PORT',
  'ALUR_POS_PORT',
  'ALUR_NOTIFY_PORT',
  'ALUR_SIKS_PORT',
] as const;
/** By environment variable. */
export type StackPorts = Readonly<Record<(typeof names)[number], string>>;

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export async function freeStackPorts(): Promise<StackPorts> {
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())]));
  return Object.fromEntries(ports) as StackPorts;
}
