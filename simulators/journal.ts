/** State of one simulator on disk, so that a restart forgets nothing: a file of JSON lines, one per change, read back at start. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export class Journal {
  readonly #file: string | null;
  /** @param folder null: nothing is kept (tests). */
  constructor(folder: string | null, name: string) {
    if (folder !== null) mkdirSync(folder, { recursive: true });
    this.#file = folder === null ? null : path.join(folder, `${name}.jsonl`);
  }

  /** Every change in order; a last line cut off by a kill is left out. */
  read(): unknown[] {
    if (this.#file === null || !existsSync(this.#file)) return [];
    const entries: unknown[] = [];
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        entries.push(JSON.parse(line));
      } catch {
        // A torn write: what was never answered is not remembered.
      }
    }
    return entries;
  }

  /** On disk when it returns: an answer given after it survives a kill of the process. */
  append(...entries: readonly unknown[]): void {
    if (this.#file === null || entries.length === 0) return;
    appendFileSync(this.#file, `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`, { mode: 0o600 });
  }
}
