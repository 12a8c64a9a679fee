/** Finds a Chromium for the browser tests, or installs one: CHROME_PATH, the system's, Playwright's download, apt-get as root. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const run = promisify(execFile);
const installTimeoutMs = 300_000;

const present = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

async function onSystem(): Promise<string | null> {
  for (const file of systemPaths) if (await present(file)) return file;
  return null;
}

async function byPlaywright(): Promise<string | null> {
  await run('npx', ['playwright-core', 'install', 'chromium'], { timeout: installTimeoutMs });
  return (await present(chromium.executablePath())) ? chromium.executablePath() : null;
}

async function byApt(): Promise<string | null> {
  if (process.getuid?.() !== 0) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { timeout: installTimeoutMs, env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-core'], {
    timeout: installTimeoutMs,
    env,
  });
  return onSystem();
}

export async function findChromium(): Promise<string> {
  const given = process.env['CHROME_PATH'];
  if (given !== undefined && (await present(given))) return given;
  const problems: string[] = [];
  for (const find of [onSystem, byPlaywright, byApt]) {
    try {
      const found = await find();
      if (found !== null) return found;
    } catch (error) {
      problems.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
  }
  throw new Error(`No Chromium found or installable: set CHROME_PATH. Tried: ${problems.join(' | ')}`);
}

export const launchBrowser = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: await findChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
