/** Replays golden histories with a bundle of the workflow code, and says where it would have done something else. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { InjectedSinks } from '@temporalio/worker';
import { failureConverterPath } from '#worker/bundle.ts';
import { replayableHistory } from './history-file.ts';
import type { Release } from './history-file.ts';
import type { TraceSinks } from './trace-interceptor.ts';

/** Digits of a digest. */
const digits = 5;
const quiet = new DefaultLogger('ERROR');

export interface Asked {
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
}
export interface Replayed {
  readonly workflowId: string;
  /** What Temporal says; null: the commands are the same. */
  readonly violation: string | null;
  readonly asked: readonly Asked[];
}

/** The workflow code of a tree, with the interceptor that traces it. */
export async function tracingBundle(projectDir: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(projectDir, 'workflows', 'main.ts'),
    failureConverterPath: path.join(projectDir, 'workflows', 'failure-converter.ts'),
    workflowInterceptorModules: [path.resolve(import.meta.dirname, 'trace-interceptor.ts')],
    logger: quiet,
  });
  return code;
}

/** In the order of the histories; whoever has seen enough stops reading. */
export async function* replay(
  code: string,
  { histories, models }: Pick<Release, 'histories' | 'models'>,
): AsyncGenerator<Replayed> {
  const asked = new Map<string, Asked[]>();
  const sinks: InjectedSinks<TraceSinks> = {
    golden: {
      ask: {
        callDuringReplay: true,
        fn: ({ runId }, what, body) => {
          const list = asked.get(runId) ?? [];
          asked.set(runId, list);
          list.push({ what, body: JSON.parse(body) as Asked['body'] });
        },
      },
    },
  };
  async function* inOrder() {
    for (const golden of histories)
      yield { workflowId: golden.workflowId, history: await replayableHistory(golden, models) };
  }
  const options = { workflowBundle: { code }, dataConverter: { failureConverterPath }, sinks };
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, inOrder())) {
    yield { workflowId, violation: error?.message ?? null, asked: asked.get(runId) ?? [] };
    asked.delete(runId);
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/** One digest for each thing asked, over the fields that are known for its kind. */
export function traceOf(asked: readonly Asked[], fields: Release['fields']): string {
  return asked
    .map(({ what, body }) =>
      digestOf(JSON.stringify([what, ...(fields[what] ?? []).map((field) => body[field] ?? null)])),
    )
    .join('');
}

/** Fields of each kind, as they are seen. */
export function fieldsOf(replayed: readonly Replayed[]): Record<string, string[]> {
  const fields = new Map<string, Set<string>>();
  for (const { what, body } of replayed.flatMap(({ asked }) => asked)) {
    const known = fields.get(what) ?? new Set();
    fields.set(what, known);
    for (const field of Object.keys(body)) known.add(field);
  }
  return Object.fromEntries(
    [...fields.keys()].toSorted().map((what) => [what, [...(fields.get(what) ?? [])].toSorted()]),
  );
}

/** The first thing that a replay asks otherwise than the trace; null: none. */
export function firstDifference(trace: string, asked: readonly Asked[], fields: Release['fields']): string | null {
  const now = traceOf(asked, fields);
  if (now === trace) return null;
  let at = 0;
  while (now.slice(at, at + digits) === trace.slice(at, at + digits)) at += digits;
  const index = at / digits;
  const other = asked[index];
  return other === undefined
    ? `asks only ${index} things, not ${trace.length / digits}`
    : `asks otherwise, or for more, at ${index + 1}: ${other.what} ${JSON.stringify(other.body).slice(0, 400)}`;
}
