/**
 * Loaded before a program of the product: its clock is wrong by what a file says (ALUR_CHAOS_CLOCK_FILE, milliseconds), which may change
 * while it runs, as when somebody corrects the time of a machine by an hour.
 */
import { readFileSync } from 'node:fs';

const file = process.env.ALUR_CHAOS_CLOCK_FILE;
const RealDate = globalThis.Date;
const realNow = RealDate.now.bind(RealDate);
let offsetMs = 0;

function readOffset() {
  try {
    const read = Number(readFileSync(file, 'utf8'));
    if (Number.isFinite(read)) offsetMs = read;
  } catch {
    offsetMs = 0;
  }
}

if (file !== undefined) {
  readOffset();
  setInterval(readOffset, 200).unref();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [realNow() + offsetMs] : given, newTarget),
    apply: (target) => new target(realNow() + offsetMs).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => realNow() + offsetMs : Reflect.get(target, name, receiver),
  });
}
