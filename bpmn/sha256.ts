/** SHA-256 (FIPS 180-4) of a text, alike on the server and in a browser page, where `node:crypto` is not at hand and WebCrypto only answers later. */

const blockBytes = 64;
/** The block's last bytes tell the length. */
const lengthBytes = 8;

/** The first 32 bits of the fraction of a root, exact: `power` 2 the square root, 3 the cube root. */
function fraction(prime: number, power: 2 | 3): number {
  // The largest whole number whose power does not exceed prime · 2^(32 · power), by halving.
  const target = BigInt(prime) << BigInt(32 * power);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(power) <= target) low = middle;
    else high = middle;
  }
  return Number(BigInt.asUintN(32, low));
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

const primes = firstPrimes(blockBytes);
const roundConstants = Uint32Array.from(primes, (prime) => fraction(prime, 3));
const initialHash = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(prime, 2));

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The text in UTF-8, a one bit, zeros, and the length in bits. */
function padded(text: string): DataView {
  const bytes = new TextEncoder().encode(text);
  const blocks = Math.ceil((bytes.length + 1 + lengthBytes) / blockBytes);
  const message = new Uint8Array(blocks * blockBytes);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setBigUint64(message.length - lengthBytes, BigInt(bytes.length) * 8n);
  return view;
}

/** §6.2.2 step 1. */
function spread(schedule: Uint32Array, message: DataView, offset: number): void {
  for (let at = 0; at < 16; at += 1) schedule[at] = message.getUint32(offset + at * 4);
  for (let at = 16; at < schedule.length; at += 1) {
    const [early, late] = [schedule[at - 15] ?? 0, schedule[at - 2] ?? 0];
    const small = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const large = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[at] = (schedule[at - 16] ?? 0) + small + (schedule[at - 7] ?? 0) + large;
  }
}

/** §6.2.2 steps 2 to 4: `hash` takes in one block. */
function mix(hash: Uint32Array, schedule: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let round = 0; round < schedule.length; round += 1) {
    const large = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const one = (h + large + ((e & f) ^ (~e & g)) + (roundConstants[round] ?? 0) + (schedule[round] ?? 0)) | 0;
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => (hash[at] = (hash[at] ?? 0) + word));
}

/** 64 hexadecimal digits. */
export function sha256(text: string): string {
  const message = padded(text);
  const hash = Uint32Array.from(initialHash);
  const schedule = new Uint32Array(blockBytes);
  for (let offset = 0; offset < message.byteLength; offset += blockBytes) {
    spread(schedule, message, offset);
    mix(hash, schedule);
  }
  return [...hash].map((word) => word.toString(16).padStart(8, '0')).join('');
}
