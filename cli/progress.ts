/** Progress bars on a terminal; silence elsewhere. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';

export interface Bar {
  set(value: number, note?: string): void;
}
export interface Progress {
  bar(label: string, total: number): Bar;
  stop(): void;
}

const silent: Progress = { bar: () => ({ set: () => undefined }), stop: () => undefined };

export function openProgress(wanted: boolean): Progress {
  if (!wanted || !process.stderr.isTTY) return silent;
  const multi = new MultiBar(
    { format: '{label} {bar} {value}/{total} {note}', hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  );
  const longest = 12;
  return {
    bar: (label, total) => {
      const bar: SingleBar = multi.create(total, 0, { label: label.padEnd(longest), note: '' });
      return { set: (value, note = '') => bar.update(Math.min(value, total), { note }) };
    },
    stop: () => multi.stop(),
  };
}
