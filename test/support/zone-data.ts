/**
 * Writes engine/zone-data.json from compiled zone files (TZif, RFC 9636), as in /usr/share/zoneinfo or the Python package tzdata:
 *
 *     npx tsx test/support/zone-data.ts <folder of zone files> <release, such as 2026f>
 *
 * Zones that behave alike share one entry. Transitions that the closing rule (a POSIX TZ text) yields anyway are left out.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closingOffset, parseClosingRule } from '#engine/zones.ts';

const zoneName = /^(?:[A-Z][A-Za-z0-9_+-]*\/){0,2}[A-Z][A-Za-z0-9_+-]*$/;

interface Compiled {
  readonly times: readonly number[];
  /** Offset in force from each transition on, seconds east. */
  readonly offsets: readonly number[];
  /** Before the first transition. */
  readonly first: number;
  readonly footer: string;
}

/** Numbers of UTC flags, standard flags, leap seconds, transitions, types and characters: RFC 9636 §3.1. */
type Counts = [number, number, number, number, number, number];

function readZone(bytes: Buffer): Compiled | null {
  if (bytes.toString('latin1', 0, 4) !== 'TZif' || bytes[4] === 0) return null;
  const counts = (at: number): Counts => {
    const [utc, std, leap, time, type, char] = [20, 24, 28, 32, 36, 40].map((offset) =>
      bytes.readUInt32BE(at + offset),
    );
    return [utc, std, leap, time, type, char] as Counts;
  };
  const [utc1, std1, leap1, time1, type1, char1] = counts(0);
  // The first block holds 32-bit times, for old readers; the second one 64-bit times.
  const second = 44 + time1 * 5 + type1 * 6 + char1 + leap1 * 8 + std1 + utc1;
  const [utc, std, leap, time, type, char] = counts(second);
  const timesAt = second + 44;
  const typesAt = timesAt + time * 9;
  const offsetOf = (index: number): number => bytes.readInt32BE(typesAt + index * 6);
  const times: number[] = [];
  const offsets: number[] = [];
  const first = offsetOf(0);
  for (let i = 0; i < time; i++) {
    const offset = offsetOf(bytes[timesAt + time * 8 + i] ?? 0);
    // the last one is kept as the moment from which the closing rule holds
    if (i < time - 1 && offset === (offsets.at(-1) ?? first)) continue;
    times.push(Number(bytes.readBigInt64BE(timesAt + i * 8)));
    offsets.push(offset);
  }
  const footerAt = typesAt + type * 6 + char + leap * 12 + std + utc + 1;
  return { times, offsets, first, footer: bytes.toString('latin1', footerAt, bytes.indexOf(10, footerAt)) };
}

/** Whether the closing rule yields one offset all the time between two transitions. */
function holds(rule: ReturnType<typeof parseClosingRule>, since: number, until: number, offset: number): boolean {
  const step = 3_600;
  for (let at = since; at < until; at += step) if (closingOffset(rule, at) !== offset) return false;
  return closingOffset(rule, until - 1) === offset;
}

/** Without the last transitions that the closing rule yields by itself. */
function shortened(zone: Compiled): Compiled {
  const rule = parseClosingRule(zone.footer);
  let count = zone.times.length;
  for (; count > 1; count--) {
    const [since = 0, at = 0] = zone.times.slice(count - 2, count);
    const same = closingOffset(rule, at) === zone.offsets[count - 1];
    if (!same || !holds(rule, since, at, zone.offsets[count - 2] ?? 0)) break;
  }
  return { ...zone, times: zone.times.slice(0, count), offsets: zone.offsets.slice(0, count) };
}

/** `first offset;offsets as indexes;distinct offsets;distances in base 36;closing rule`. */
function pack({ times, offsets, first, footer }: Compiled): string {
  const distinct = [...new Set(offsets)];
  const indexes = offsets.map((offset) => distinct.indexOf(offset).toString(36)).join('');
  const distances = times.map((at, i) => (at - (times[i - 1] ?? 0)).toString(36)).join(' ');
  return [first, indexes, distinct.join(' '), distances, footer].join(';');
}

function zonesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix)).flatMap((entry) => {
    const name = prefix === '' ? entry : `${prefix}/${entry}`;
    if (/^(?:posix|right|posixrules|localtime|Factory)$/.test(name)) return [];
    return statSync(join(folder, name)).isDirectory() ? zonesBelow(folder, name) : zoneName.test(name) ? [name] : [];
  });
}

const [folder = '/usr/share/zoneinfo', release = 'unknown'] = process.argv.slice(2);
const zones = new Map<string, string[]>();
for (const name of zonesBelow(folder).sort()) {
  const compiled = readZone(readFileSync(join(folder, name)));
  if (compiled === null) continue;
  const packed = pack(shortened(compiled));
  zones.set(packed, [...(zones.get(packed) ?? []), name]);
}
const entries = Object.fromEntries([...zones].map(([packed, names]) => [names.join(' '), packed]));
writeFileSync(
  join(import.meta.dirname, '../../engine/zone-data.json'),
  `${JSON.stringify({ release, zones: entries }, null, 1)}\n`,
);
