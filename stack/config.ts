/** Settings of the embedded stack, from the environment; every one has a default. README lists them. */
import { createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { testSettings } from '#worker/test-settings.ts';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);

const variables = z.object({
  ALUR_HOME: z.string().min(1).default('.alur'),
  ALUR_HTTP_PORT: port(8080),
  ALUR_POSTGRES_PORT: port(54_320),
  ALUR_TEMPORAL_PORT: port(7233),
  ALUR_DUKCAPIL_PORT: port(8091),
  ALUR_POS_PORT: port(8092),
  ALUR_NOTIFY_PORT: port(8093),
  ALUR_SIKS_PORT: port(8094),
  DATABASE_URL: z.url().optional(),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
});
const environment = variables.and(testSettings);

export interface StackConfig {
  readonly projectDir: string;
  readonly home: string;
  readonly cacheDir: string;
  readonly httpPort: number;
  readonly postgresPort: number;
  readonly temporalPort: number;
  readonly dukcapilPort: number;
  readonly posPort: number;
  readonly notifyPort: number;
  readonly siksPort: number;
  readonly databaseUrl: string | null;
  readonly temporalAddress: string | null;
  /** No definitions are published. */
  readonly isBare: boolean;
}

/** Throws one error that names every variable that cannot be used. */
export function readConfig(projectDir: string, env: NodeJS.ProcessEnv): StackConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  - ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The configuration cannot be used:\n${problems.join('\n')}`);
  }
  const values = parsed.data;
  return {
    projectDir,
    home: path.resolve(projectDir, values.ALUR_HOME),
    cacheDir: path.join(projectDir, '.alur', 'cache'),
    httpPort: values.ALUR_HTTP_PORT,
    postgresPort: values.ALUR_POSTGRES_PORT,
    temporalPort: values.ALUR_TEMPORAL_PORT,
    dukcapilPort: values.ALUR_DUKCAPIL_PORT,
    posPort: values.ALUR_POS_PORT,
    notifyPort: values.ALUR_NOTIFY_PORT,
    siksPort: values.ALUR_SIKS_PORT,
    databaseUrl: values.DATABASE_URL ?? null,
    temporalAddress: values.TEMPORAL_ADDRESS ?? null,
    isBare: values.ALUR_TEST_BARE,
  };
}

const isFree = (number: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port: number, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

/** Ports this stack will listen on, by the variable that sets them. */
export function portsOf(config: StackConfig): Readonly<Record<string, number>> {
  return {
    ALUR_HTTP_PORT: config.httpPort,
    ...(config.databaseUrl === null ? { ALUR_POSTGRES_PORT: config.postgresPort } : {}),
    ...(config.temporalAddress === null ? { ALUR_TEMPORAL_PORT: config.temporalPort } : {}),
    ALUR_DUKCAPIL_PORT: config.dukcapilPort,
    ALUR_POS_PORT: config.posPort,
    ALUR_NOTIFY_PORT: config.notifyPort,
    ALUR_SIKS_PORT: config.siksPort,
  };
}

/** Throws when a port is taken, naming the port and the variable that moves it. */
export async function assertPortsFree(config: StackConfig): Promise<void> {
  const taken: string[] = [];
  for (const [variable, number] of Object.entries(portsOf(config))) {
    if (!(await isFree(number))) taken.push(`  - port ${number} on 127.0.0.1 is taken: set ${variable} to a free one`);
  }
  if (taken.length > 0) throw new Error(`Alur cannot listen:\n${taken.join('\n')}`);
}
