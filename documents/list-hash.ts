/** SHA-256 of a list as it is printed, so that whoever holds the paper can check it against the one that was signed. */
import { createHash } from 'node:crypto';
import type { ListedPerson } from './person.ts';

/** Lowercase hex. Each line is `nomor|nama|NIK samar|RT|RW|program|putusan`, UTF-8, ended by a line feed, in the order of the list. */
export function listHash(lines: readonly (ListedPerson & { readonly decision?: string })[]): string {
  const hash = createHash('sha256');
  for (const { number, name, nikMasked, rt, rw, program, decision = '' } of lines)
    hash.update(`${[number, name, nikMasked, rt, rw, program, decision].join('|')}\n`);
  return hash.digest('hex');
}
