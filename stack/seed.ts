/** First start: schema, demo accounts, the DTKS definitions as published by the administrator, and proposals spread over all stages. */
import { access, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { createClient } from '#contract/client.ts';
import type { Client } from '#contract/client.ts';
import { deploymentEndpoints } from '#contract/deployment.ts';
import { processDefinitionEndpoints } from '#contract/process-definition.ts';
import { sessionEndpoints } from '#contract/session.ts';
import { settingEndpoints } from '#contract/setting.ts';
import { createAccessToken, ensureAccounts } from '#db/accounts.ts';
import { migrate } from '#db/migrate.ts';
import { createPool } from '#db/pool.ts';
import { environmentOf, httpUrlOf } from './processes.ts';
import type { StackContext } from './processes.ts';

/** Proposals of the demo tenant on first start. */
const demoProposals = 25;
const demoSeed = 7;

const accountsFile = z.object({
  demoPassword: z.string(),
  accounts: z.array(
    z.object({
      name: z.string(),
      displayName: z.string(),
      roles: z.array(z.enum(['operator', 'supervisor', 'administrator', 'integration'])),
      groups: z.array(z.string()).default([]),
      region: z.string(),
      locale: z.enum(['id', 'en']).default('id'),
    }),
  ),
});

/** Settings of the tenant by name: a file beside this one, or the value itself. */
const settingsFile = z.record(z.string(), z.union([z.object({ file: z.string() }), z.object({ value: z.json() })]));

const definitionsDir = (context: StackContext): string => path.join(context.config.projectDir, 'definitions', 'dtks');

const readAccounts = async (context: StackContext): Promise<z.infer<typeof accountsFile>> =>
  accountsFile.parse(JSON.parse(await readFile(path.join(definitionsDir(context), 'accounts.json'), 'utf8')));

/** File of the bearer token with which the PT Pos simulator reports deliveries. */
const posTokenFile = (home: string): string => path.join(home, 'keys', 'pos-token');

export const readPosToken = (home: string): Promise<string> => readFile(posTokenFile(home), 'utf8');

/** Migrations and accounts, by the owner of the database. */
export async function prepareDatabase(context: StackContext, connectionString: string): Promise<void> {
  const applied = await migrate({
    connectionString,
    directory: path.join(context.config.projectDir, 'db', 'migrations'),
  });
  if (applied.length > 0) context.say(`database: ${applied.length} migrations applied`);
  const { demoPassword: password, accounts } = await readAccounts(context);
  const pool = createPool({ connectionString, role: null, max: 1 });
  try {
    const created = await ensureAccounts(
      pool,
      accounts.map((account) => ({ ...account, password })),
    );
    if (created > 0) context.say(`accounts: ${created} demo accounts created`);
    const known = await access(posTokenFile(context.config.home)).then(
      () => true,
      () => false,
    );
    if (!known) {
      const { token } = await createAccessToken(pool, 'pos', 'PT Pos simulator', null);
      await writeFile(posTokenFile(context.config.home), token, { mode: 0o600 });
    }
  } finally {
    await pool.end();
  }
}

/** Signs in at the API as a demo account. */
async function signIn(context: StackContext, name: string): Promise<Client> {
  const { demoPassword: password } = await readAccounts(context);
  let cookie = '';
  let csrfToken: string | null = null;
  const client = createClient({
    baseUrl: httpUrlOf(context.config),
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const set = response.headers.getSetCookie()[0];
      if (set !== undefined) cookie = set.split(';')[0] ?? '';
      return response;
    },
    csrfToken: () => csrfToken,
    headers: () => (cookie === '' ? {} : { Cookie: cookie }),
  });
  csrfToken = (await client(sessionEndpoints.signIn, { body: { name, password } })).csrfToken;
  return client;
}

/** Publishes definitions/dtks through the API as an administrator would; unchanged files keep their versions. Returns whether these are the first. */
export async function seedDefinitions(context: StackContext): Promise<boolean> {
  const folder = definitionsDir(context);
  const client = await signIn(context, 'admin');
  const known = await client(processDefinitionEndpoints.searchProcessDefinitions, { body: {} });
  if (known.items.length > 0) return false;
  // Settings first: the definitions being there is what says that seeding is over.
  const settings = settingsFile.parse(JSON.parse(await readFile(path.join(folder, 'settings.json'), 'utf8')));
  for (const [name, setting] of Object.entries(settings)) {
    const value =
      'file' in setting
        ? z.json().parse(JSON.parse(await readFile(path.join(folder, setting.file), 'utf8')))
        : setting.value;
    await client(settingEndpoints.putSetting, { params: { name }, body: { value } }, { ifMatch: '*' });
  }
  const form = new FormData();
  const names = (await readdir(folder)).filter((name) => /\.(bpmn|dmn|form)$/.test(name)).sort();
  for (const name of names) form.append('resources', new Blob([await readFile(path.join(folder, name))]), name);
  await client(deploymentEndpoints.createDeployment, {}, { rawBody: form });
  context.say(`definitions: ${names.length} files published`);
  return true;
}

/**
 * Loads the demo tenant: the demo player imports some proposals and leaves each at another stage, so that every role finds work.
 * @param signal ends the player with the stack
 */
export async function seedProposals(context: StackContext, signal: AbortSignal): Promise<void> {
  const { config, say } = context;
  say(`demo tenant: ${demoProposals} proposals are brought to all stages`);
  const args = [
    'cli/main.ts',
    'demo',
    '--proposals',
    String(demoProposals),
    '--seed',
    String(demoSeed),
    '--spread',
    '--url',
    httpUrlOf(config),
    '--json',
  ];
  const env = environmentOf(context);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      cwd: config.projectDir,
      env,
      signal,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => void (errors += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the demo tenant could not be loaded: ${errors.slice(-500)}`)),
    );
  });
  say('demo tenant: loaded');
}
