/** A process that takes one part; its argument is a ListPart, its output a PartDone, both in JSON. */
import { takePart } from './part.ts';
import type { ListPart } from './part.ts';

export interface PartDone {
  readonly ms: number;
  readonly peakBytes: number;
}

async function run(): Promise<void> {
  const part = JSON.parse(process.argv[2] ?? '') as ListPart;
  const begunMs = performance.now();
  await takePart(part);
  // maxRSS is in kibibytes.
  const done: PartDone = { ms: performance.now() - begunMs, peakBytes: process.resourceUsage().maxRSS * 1024 };
  process.stdout.write(JSON.stringify(done));
}
void run();
