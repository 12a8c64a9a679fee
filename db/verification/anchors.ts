/**
 * Heads of the audit chains, written down outside the database: a chain that was cut or rewritten as a whole is consistent in itself and
 * shows only against them. One line of JSON per anchor, each signed (Ed25519, key derived from the master key) and naming the hash of the
 * line before it. The public key stands in every line, so that who keeps a copy can check it without a secret.
 */
import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool } from 'pg';

/** Last row of a chain at some time. */
export interface AnchoredHead {
  readonly chain: string;
  readonly number: string;
  /** Hexadecimal. */
  readonly hash: string;
}
interface Line {
  readonly at: string;
  readonly heads: readonly AnchoredHead[];
  readonly previous: string;
  readonly publicKey: string;
  readonly signature: string;
}
export interface Anchors {
  readonly heads: readonly AnchoredHead[];
  /** Numbers of lines that are not as they were written. */
  readonly damaged: readonly number[];
  readonly lines: number;
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const anchorFile = (home: string): string => path.join(home, 'anchors', 'audit.jsonl');
const hashOf = (line: string): string => createHash('sha256').update(line).digest('hex');
const signed = ({ at, heads, previous }: Pick<Line, 'at' | 'heads' | 'previous'>): Buffer =>
  Buffer.from(JSON.stringify([at, heads.map(({ chain, number, hash }) => [chain, number, hash]), previous]));

function keyOf(masterKey: Buffer): KeyObject {
  const seed = createHmac('sha256', masterKey).update('alur audit anchor').digest();
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
}
const publicOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

async function linesOf(home: string): Promise<readonly string[]> {
  try {
    return (await readFile(anchorFile(home), 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
function parsed(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}

/** What stands in the file of a home folder. */
export async function readAnchors(home: string, masterKey: Buffer): Promise<Anchors> {
  const key = keyOf(masterKey);
  const publicKey = createPublicKey(key);
  const lines = await linesOf(home);
  const heads: AnchoredHead[] = [];
  const damaged: number[] = [];
  let previous = '';
  for (const [index, text] of lines.entries()) {
    const line = parsed(text);
    const isSound =
      line !== null &&
      line.previous === previous &&
      verify(null, signed(line), publicKey, Buffer.from(line.signature, 'base64'));
    if (isSound) heads.push(...line.heads);
    else damaged.push(index + 1);
    previous = hashOf(text);
  }
  return { heads, damaged, lines: lines.length };
}

/** Adds a line with the heads that have moved since the last; none when none has. */
export async function writeAnchor(pool: Pool, home: string, masterKey: Buffer): Promise<void> {
  const known = new Map((await readAnchors(home, masterKey)).heads.map((head) => [head.chain, head.number]));
  const { rows } = await pool.query<AnchoredHead>(
    `select distinct on (chain) chain, number::text, encode(hash, 'hex') as hash from audit order by chain, audit.number desc`,
  );
  const heads = rows.filter(({ chain, number }) => known.get(chain) !== number);
  if (heads.length > 0) {
    const key = keyOf(masterKey);
    const last = (await linesOf(home)).at(-1);
    const body = { at: new Date().toISOString(), heads, previous: last === undefined ? '' : hashOf(last) };
    const signature = sign(null, signed(body), key).toString('base64');
    const line: Line = { ...body, publicKey: publicOf(key), signature };
    await mkdir(path.dirname(anchorFile(home)), { recursive: true, mode: 0o700 });
    await appendFile(anchorFile(home), `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }
  await pool.query('update sweep set anchored_at = now()');
}
