/** The web app as `npm start` builds it: anew only when a source is newer than the build. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const project = path.resolve(__dirname, '..', '..');
const program = "import('./stack/web.ts').then(({ buildWeb }) => buildWeb(process.cwd(), () => undefined))";

/** @returns its folder */
export async function builtWeb(): Promise<string> {
  await promisify(execFile)(process.execPath, ['--import', 'tsx', '--eval', program], { cwd: project });
  return path.join(project, 'web', 'dist');
}
