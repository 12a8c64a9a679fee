/** The files of a form become files of its case; in the form's data stay their keys. */
import { fileKinds, type FileKind } from '#contract/file.ts';
import { assertFit, type Uploads } from '../../lib/uploads.ts';
import type { ChosenFiles, FormValues } from './form-host.ts';

const otherEvidence = 'BUKTI_LAIN';
const kindOf = (name: string | undefined): FileKind => fileKinds.find((known) => known === name) ?? otherEvidence;

/** How many of how many are sent. */
export interface SendingState {
  readonly done: number;
  readonly of: number;
}

/** @throws what sending throws; what was sent before is not sent again */
export async function withSentFiles(
  data: FormValues,
  chosen: readonly ChosenFiles[],
  uploads: Uploads,
  onProgress: (state: SendingState) => void,
): Promise<FormValues> {
  assertFit(chosen.flatMap(({ files }) => files));
  const of = chosen.reduce((sum, { files }) => sum + files.length, 0);
  const sent = new Map<string, unknown>();
  let done = 0;
  for (const { token, files, kind, several } of chosen) {
    const keys: string[] = [];
    for (const file of files) {
      onProgress({ done, of });
      keys.push((await uploads.send(file, kindOf(kind))).fileKey);
      done += 1;
    }
    sent.set(token, several ? keys : keys[0]);
  }
  return replaced(data, sent) as FormValues;
}
function replaced(value: unknown, sent: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') return sent.get(value) ?? value;
  if (Array.isArray(value)) return value.map((member) => replaced(member, sent));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, sent)]));
}
