/** Settings of the API process, from the environment. README lists them. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { FilePlace } from '#files/open-store.ts';
import { filePlace } from '#files/place.ts';
import { publicUrlOf } from '#issuing/public-url.ts';
import type { ServerOptions } from './dependencies.ts';

const port = z.coerce.number().int().min(1).max(65_535);
const file = z.string().min(1);
const flag = z.stringbool();

const variables = z.object({
  ALUR_HTTP_PORT: port.default(8080),
  /** Only this machine, unless said otherwise. */
  ALUR_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** For tests of processes: the engine's time can be moved by an administrator. */
  ALUR_TEST_CLOCK: flag.default(false),
  /** Where everybody reaches the web app; printed in QR codes. Default: this machine. */
  ALUR_PUBLIC_URL: z.url().optional(),
  /** Data folder; files lie below it unless an object storage is named. */
  ALUR_HOME: file.default('.alur'),
  ALUR_S3_ENDPOINT: z.url().optional(),
  ALUR_S3_REGION: z.string().min(1).default('us-east-1'),
  ALUR_S3_BUCKET: z.string().min(1).default('alur'),
  ALUR_S3_ACCESS_KEY: z.string().default(''),
  ALUR_S3_SECRET_KEY: z.string().default(''),
  ALUR_SECURE_COOKIES: flag.default(false),
  ALUR_TRUST_PROXY: z.string().min(1).optional(),
  /** Such as http://localhost:8233: its pages may ask /codec/decode. */
  ALUR_TEMPORAL_UI_ORIGIN: z.url().optional(),
  ALUR_SESSION_HOURS: z.coerce.number().min(0.1).max(720).default(12),
  ALUR_MASTER_KEY: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(200).default(12),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TLS: flag.optional(),
  TEMPORAL_TLS_CA: file.optional(),
  TEMPORAL_TLS_CERT: file.optional(),
  TEMPORAL_TLS_KEY: file.optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1).optional(),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
const environment = variables.refine(
  ({ ALUR_S3_ENDPOINT: endpoint, ALUR_S3_ACCESS_KEY: access, ALUR_S3_SECRET_KEY: secret }) =>
    endpoint === undefined || (access !== '' && secret !== ''),
  { path: ['ALUR_S3_ACCESS_KEY'], message: 'with ALUR_S3_ENDPOINT, set ALUR_S3_ACCESS_KEY and ALUR_S3_SECRET_KEY too' },
);
type Environment = z.output<typeof environment>;

interface Tls {
  readonly serverRootCACertificate?: Buffer;
  readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer };
  readonly serverNameOverride?: string;
}
export interface Config {
  readonly httpPort: number;
  readonly httpHost: string;
  readonly masterKey: string;
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalTls: Tls | boolean | undefined;
  readonly temporalApiKey: string | undefined;
  readonly hasTestClock: boolean;
  readonly files: FilePlace;
  readonly logLevel: string;
  readonly server: Omit<ServerOptions, 'webRoot'>;
}

/** undefined: no TLS, or with an API key TLS by default. @throws Error when a file cannot be read */
function tlsOf(env: Environment): Tls | boolean | undefined {
  const { TEMPORAL_TLS_CA: ca, TEMPORAL_TLS_CERT: cert, TEMPORAL_TLS_KEY: key, TEMPORAL_TLS_SERVER_NAME: name } = env;
  if (ca === undefined && cert === undefined && key === undefined && name === undefined) return env.TEMPORAL_TLS;
  return {
    ...(ca === undefined ? {} : { serverRootCACertificate: readFileSync(ca) }),
    ...(cert === undefined || key === undefined
      ? {}
      : { clientCertPair: { crt: readFileSync(cert), key: readFileSync(key) } }),
    ...(name === undefined ? {} : { serverNameOverride: name }),
  };
}

/** @throws ZodError that names the variables at fault */
export function readConfig(given: NodeJS.ProcessEnv): Config {
  const env = environment.parse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')));
  return {
    httpPort: env.ALUR_HTTP_PORT,
    httpHost: env.ALUR_HTTP_HOST,
    masterKey: env.ALUR_MASTER_KEY,
    databaseUrl: env.DATABASE_URL,
    databaseConnections: env.DATABASE_CONNECTIONS,
    temporalAddress: env.TEMPORAL_ADDRESS,
    temporalNamespace: env.TEMPORAL_NAMESPACE,
    temporalTls: tlsOf(env),
    temporalApiKey: env.TEMPORAL_API_KEY,
    hasTestClock: env.ALUR_TEST_CLOCK,
    files: filePlace(env),
    logLevel: env.LOG_LEVEL,
    server: {
      publicUrl: publicUrlOf(env),
      secureCookies: env.ALUR_SECURE_COOKIES,
      sessionHours: env.ALUR_SESSION_HOURS,
      signInAttempts: 10,
      concurrentRequests: 200,
      trustProxy: env.ALUR_TRUST_PROXY ?? false,
      temporalUiOrigin: env.ALUR_TEMPORAL_UI_ORIGIN,
      checkAnswers: false,
    },
  };
}
