/** Small per-device preferences. Storage can be full or forbidden (private mode): then the preference lasts for this page only. */
const memory = new Map<string, string>();

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(`alur.${name}`) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

export function writeStored(name: string, value: string): void {
  memory.set(name, value);
  try {
    localStorage.setItem(`alur.${name}`, value);
  } catch {
    // Kept in memory above.
  }
}
