/** The data folder: one stack at a time, keys that survive restarts, and the processes a killed stack left behind. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newPassword } from './postgres.ts';

const run = promisify(execFile);

export interface RunningStack {
  readonly pid: number;
  readonly url: string;
  /** Child process ids by name, with the command they were started as. */
  readonly children: Readonly<Record<string, { readonly pid: number; readonly command: string }>>;
}

const lockFile = (home: string): string => path.join(home, 'stack.json');

async function commandOf(pid: number): Promise<string | null> {
  try {
    return (await run('ps', ['-o', 'args=', '-p', String(pid)])).stdout.trim();
  } catch {
    return null;
  }
}

async function readLock(home: string): Promise<RunningStack | null> {
  try {
    return JSON.parse(await readFile(lockFile(home), 'utf8')) as RunningStack;
  } catch {
    return null;
  }
}

/** Ends what a stack that was killed left running on this data; a process that merely got the same number is left alone. */
async function endLeftovers(lock: RunningStack, say: (line: string) => void): Promise<void> {
  for (const [name, { pid, command }] of Object.entries(lock.children)) {
    if ((await commandOf(pid)) !== command) continue;
    say(`${name}: left over from a stack that was killed (process ${pid}), ending it`);
    process.kill(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    for (let tries = 0; tries < 100 && (await commandOf(pid)) === command; tries += 1) await delay(100);
    if ((await commandOf(pid)) === command) process.kill(pid, 'SIGKILL');
  }
}

/** Claims the folder. Throws when another stack runs on it. */
export async function claimHome(home: string, url: string, say: (line: string) => void): Promise<void> {
  await mkdir(path.join(home, 'logs'), { recursive: true });
  const lock = await readLock(home);
  if (lock !== null) {
    const command = await commandOf(lock.pid);
    if (lock.pid !== process.pid && command !== null && command.includes('stack/start')) {
      throw new Error(
        `Alur already runs on ${home} (process ${lock.pid}): ${lock.url}\nStop it first, or set ALUR_HOME to another folder.`,
      );
    }
    await endLeftovers(lock, say);
  }
  await recordChildren(home, url, {});
}

/** Writes down which processes belong to this stack. */
export async function recordChildren(
  home: string,
  url: string,
  children: Readonly<Record<string, number | null>>,
): Promise<void> {
  const known: Record<string, { pid: number; command: string }> = {};
  for (const [name, pid] of Object.entries(children)) {
    const command = pid === null ? null : await commandOf(pid);
    if (pid !== null && command !== null) known[name] = { pid, command };
  }
  const lock: RunningStack = { pid: process.pid, url, children: known };
  const temporary = `${lockFile(home)}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(lock, null, 2));
  await rename(temporary, lockFile(home));
}

export const releaseHome = (home: string): Promise<void> => rm(lockFile(home), { force: true });

export interface StackKeys {
  /** 32 bytes, base64: wraps the keys of cases and citizens. Losing it loses the data. */
  readonly masterKey: string;
  readonly databasePassword: string;
}

/** Keys of this data folder, made on first start, readable by the owner only. */
export async function readKeys(home: string): Promise<StackKeys> {
  const file = path.join(home, 'keys', 'stack.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StackKeys;
  } catch (error) {
    // Anything but a missing file is a reason to stop: new keys would make the old data unreadable.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const keys: StackKeys = { masterKey: randomBytes(32).toString('base64'), databasePassword: newPassword() };
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify(keys, null, 2), { mode: 0o600 });
    return keys;
  }
}
