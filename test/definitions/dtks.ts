/** definitions/dtks for tests: its files, compiled once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileOnce } from '#cli/case/compile-once.ts';

export const folder = join(__dirname, '../../definitions/dtks');
export const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
/** Shared by all tests of one file. */
export const compile = compileOnce();
