/**
 * The token traces of bpmn.io's simulator in the conformance pack (models/traces), met by the engine. `traces.exceptions.json` names those
 * that are not, each with the reason; one that is met has to leave it. Without the pack all are skipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import exceptions from './traces.exceptions.json' with { type: 'json' };
import { differences } from './traces/compare.ts';
import { play } from './traces/run.ts';

const folder = join(__dirname, '../../../shared/suites/open/models/traces');
interface Trace {
  readonly model: string;
  readonly trace: readonly string[];
}
const traces = existsSync(folder)
  ? (JSON.parse(readFileSync(join(folder, 'traces.json'), 'utf8')) as Readonly<Record<string, Trace>>)
  : {};

/** A trace that does not begin with its process goes on where the model's first trace ended. */
function whole({ model, trace }: Trace): readonly string[] {
  if (trace[0]?.endsWith(':null') === true) return trace;
  const first = Object.entries(traces).find(([name, other]) => other.model === model && name.endsWith('-1.json'));
  return [...(first?.[1].trace ?? []), ...trace];
}

describe('token traces', () => {
  (existsSync(folder) ? test : test.skip)('there are some', () => {
    expect(Object.keys(traces).length).toBeGreaterThanOrEqual(73);
  });
  for (const [name, trace] of Object.entries(traces)) {
    const id = name.replace(/\.json$/, '');
    const isException = Object.hasOwn(exceptions, id);
    test(isException ? `${id} is an exception` : id, async () => {
      const xml = readFileSync(join(folder, trace.model), 'utf8');
      const problems = await play(xml, whole(trace)).then(differences, (error: unknown) => [String(error)]);
      if (isException) expect(problems).not.toEqual([]);
      else expect(problems).toEqual([]);
    });
  }
});
