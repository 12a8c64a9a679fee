/** Settings of a worker process, from the environment. README lists them. */
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { FilePlace } from '#files/open-store.ts';
import { filePlace } from '#files/place.ts';
import { publicUrlOf } from '#issuing/public-url.ts';
import { testSettings } from './test-settings.ts';

const variables = z.object({
  ALUR_HOME: z.string().min(1).default('.alur'),
  ALUR_CACHE: z.string().min(1).optional(),
  /** Where files lie, unless below ALUR_HOME; the API's own settings. */
  ALUR_S3_ENDPOINT: z.url().optional(),
  ALUR_S3_REGION: z.string().min(1).default('us-east-1'),
  ALUR_S3_BUCKET: z.string().min(1).default('alur'),
  ALUR_S3_ACCESS_KEY: z.string().default(''),
  ALUR_S3_SECRET_KEY: z.string().default(''),
  /** Where everybody reaches the web app; the API's own settings. */
  ALUR_PUBLIC_URL: z.url().optional(),
  ALUR_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  ALUR_HTTP_PORT: z.coerce.number().int().default(8080),
  DATABASE_URL: z.url(),
  ALUR_MASTER_KEY: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** `true`: TLS with the system's certificates. */
  TEMPORAL_TLS: z.enum(['true', 'false']).default('false'),
  TEMPORAL_TLS_CA: z.string().optional(),
  TEMPORAL_TLS_CERT: z.string().optional(),
  TEMPORAL_TLS_KEY: z.string().optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_API_KEY: z.string().optional(),
  /** Worker Versioning (docs/upgrades.md). */
  ALUR_VERSIONING: z.enum(['auto-upgrade', 'pinned', 'off']).default('off'),
  ALUR_DEPLOYMENT: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .default('alur'),
  /** The build of this worker gets the tasks as soon as it polls. */
  ALUR_MAKE_CURRENT: z.stringbool().default(false),
  /** After a restore: facts that Temporal does not have are left to `alur verify --restored`. */
  ALUR_AFTER_RESTORE: z.stringbool().default(false),
  ALUR_WORKER_CACHE: z.coerce.number().int().min(0).default(300),
  ALUR_WORKER_WORKFLOW_SLOTS: z.coerce.number().int().min(2).default(20),
  ALUR_WORKER_ACTIVITY_SLOTS: z.coerce.number().int().min(1).default(50),
  ALUR_WORKER_POOL: z.coerce.number().int().min(2).default(20),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
const environment = variables.and(testSettings);

export interface WorkerConfig {
  readonly home: string;
  /** What can be made again. */
  readonly cacheDir: string;
  readonly files: FilePlace;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  /** Base64. */
  readonly masterKey: string;
  readonly address: string;
  readonly namespace: string;
  readonly tls: boolean;
  /** Paths of PEM files. */
  readonly tlsFiles: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
    readonly serverName: string | null;
  };
  readonly apiKey: string | null;
  readonly deployment: { readonly name: string; readonly versioning: 'auto-upgrade' | 'pinned' | 'off' };
  readonly makesCurrent: boolean;
  readonly hasTestClock: boolean;
  /** No connector of ours takes a job. */
  readonly isBare: boolean;
  readonly afterRestore: boolean;
  readonly identity: string;
  readonly maxCachedWorkflows: number;
  readonly workflowSlots: number;
  readonly activitySlots: number;
  readonly poolSize: number;
  readonly logLevel: string;
}

/** Throws a ZodError that names each unusable setting. An empty setting counts as absent. */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const settings = environment.parse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  const {
    TEMPORAL_TLS_CA: ca,
    TEMPORAL_TLS_CERT: cert,
    TEMPORAL_TLS_KEY: key,
    TEMPORAL_TLS_SERVER_NAME: serverName,
  } = settings;
  return {
    home: path.resolve(settings.ALUR_HOME),
    cacheDir: path.resolve(settings.ALUR_CACHE ?? path.join(settings.ALUR_HOME, 'cache')),
    files: filePlace(settings),
    publicUrl: publicUrlOf(settings),
    databaseUrl: settings.DATABASE_URL,
    masterKey: settings.ALUR_MASTER_KEY,
    address: settings.TEMPORAL_ADDRESS,
    namespace: settings.TEMPORAL_NAMESPACE,
    tls: settings.TEMPORAL_TLS === 'true' || ca !== undefined || cert !== undefined,
    tlsFiles: { ca: ca ?? null, cert: cert ?? null, key: key ?? null, serverName: serverName ?? null },
    apiKey: settings.TEMPORAL_API_KEY ?? null,
    deployment: { name: settings.ALUR_DEPLOYMENT, versioning: settings.ALUR_VERSIONING },
    makesCurrent: settings.ALUR_MAKE_CURRENT,
    hasTestClock: settings.ALUR_TEST_CLOCK,
    isBare: settings.ALUR_TEST_BARE,
    afterRestore: settings.ALUR_AFTER_RESTORE,
    identity: `${process.pid}@${hostname()}`,
    maxCachedWorkflows: settings.ALUR_WORKER_CACHE,
    workflowSlots: settings.ALUR_WORKER_WORKFLOW_SLOTS,
    activitySlots: settings.ALUR_WORKER_ACTIVITY_SLOTS,
    poolSize: settings.ALUR_WORKER_POOL,
    logLevel: settings.LOG_LEVEL,
  };
}
