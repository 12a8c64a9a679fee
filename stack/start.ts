/**
 * `npm start`: the whole product in one supervised process tree. PostgreSQL, Temporal, simulators, API with the web, worker; then the
 * URL and the demo accounts. Ctrl-C and SIGTERM drain and end every process.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Child } from './child.ts';
import { assertPortsFree, readConfig } from './config.ts';
import { claimHome, readKeys, recordChildren, releaseHome } from './home.ts';
import { ensureDatabase, initialisePostgres } from './postgres.ts';
import { api, databaseUrlOf, httpUrlOf, postgres, simulators, temporal, worker } from './processes.ts';
import type { StackContext } from './processes.ts';
import { prepareDatabase, readPosToken, seedDefinitions, seedProposals } from './seed.ts';
import { buildWeb } from './web.ts';

const say = (line: string): void => console.log(`[alur] ${line}`);

class Stack {
  readonly #context: StackContext;
  readonly #children: Child[] = [];
  readonly #names: string[] = [];
  readonly #stopping = new AbortController();
  #recorder: NodeJS.Timeout | null = null;
  #recording: Promise<void> = Promise.resolve();
  #ending: Promise<void> | null = null;

  constructor(context: StackContext) {
    this.#context = context;
  }

  /** Aborted when the stack begins to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  async start(child: Child, name: string): Promise<void> {
    if (this.#ending !== null) return;
    this.#children.push(child);
    this.#names.push(name);
    await child.start();
    await this.#record();
  }

  /** Children restart under new process ids; the list of a killed stack must not be older than this. */
  watch(): void {
    this.#recorder = setInterval(() => void this.#record(), 2_000);
  }

  /** One at a time; a list that cannot be written is told and tried again, and never ends the stack. */
  #record(): Promise<void> {
    this.#recording = this.#recording
      .then(() => this.#write())
      .catch((error: unknown) =>
        say(`the list of processes: ${error instanceof Error ? error.message : String(error)}`),
      );
    return this.#recording;
  }

  #write(): Promise<void> {
    const pids = Object.fromEntries(
      this.#children.map((child, index) => [this.#names[index] ?? String(index), child.pid]),
    );
    return recordChildren(this.#context.config.home, httpUrlOf(this.#context.config), pids);
  }

  /** Ends every process, last started first, so that nobody loses what it still needs to drain. */
  stop(): Promise<void> {
    this.#ending ??= (async () => {
      say('stopping');
      this.#stopping.abort();
      if (this.#recorder !== null) clearInterval(this.#recorder);
      for (const child of this.#children.toReversed()) await child.stop();
      await releaseHome(this.#context.config.home);
      say('stopped; the data stays in ' + this.#context.config.home);
    })();
    return this.#ending;
  }
}

async function bringUp(stack: Stack, context: StackContext, options: { empty: boolean }): Promise<void> {
  const { config, keys } = context;
  if (config.databaseUrl === null) {
    const cluster = {
      dataDir: path.join(config.home, 'postgres'),
      port: config.postgresPort,
      password: keys.databasePassword,
    };
    await initialisePostgres(cluster);
    await stack.start(postgres(context), 'postgres');
    await ensureDatabase(cluster);
  }
  const web = buildWeb(config.projectDir, say);
  await prepareDatabase(context, databaseUrlOf(context));
  if (config.temporalAddress === null) await stack.start(temporal(context), 'temporal');
  await stack.start(simulators(context, await readPosToken(config.home)), 'simulators');
  await web;
  await stack.start(api(context), 'api');
  await stack.start(worker(context), 'worker');
  const first = !config.isBare && (await seedDefinitions(context));
  stack.watch();
  if (first && !options.empty) await seedProposals(context, stack.stopping);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { empty: { type: 'boolean', default: false } } });
  const projectDir = path.resolve(import.meta.dirname, '..');
  const config = readConfig(projectDir, process.env);
  await mkdir(config.home, { recursive: true });
  await claimHome(config.home, httpUrlOf(config), say);
  await assertPortsFree(config);
  const context: StackContext = { config, keys: await readKeys(config.home), say };
  const stack = new Stack(context);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void stack.stop().then(() => process.exit(0)));
  }
  try {
    await bringUp(stack, context, { empty: values.empty });
    say(`ready: ${httpUrlOf(config)}`);
    say(
      'demo accounts (password alur-demo): operator, psm, kades, camat, verifikator, kepala, bupati, provinsi, pusdatin, pengawas, admin',
    );
    say('Ctrl-C ends everything; the data stays.');
  } catch (error) {
    if (!stack.stopping.aborted) say(`cannot start: ${error instanceof Error ? error.message : String(error)}`);
    await stack.stop();
    process.exit(1);
  }
}

await main().catch((error: unknown) => {
  console.error(`[alur] ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
