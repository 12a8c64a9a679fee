/** Alur's core as one engine of the benchmark: compiled once, then `advance` on a working copy per instance, as its hosts do. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '#bpmn/compile.ts';
import { parseDecisions } from '#bpmn/dmn.ts';
import type { Command } from '#engine/command.ts';
import { draftOf, stateOf } from '#engine/draft.ts';
import type { Draft } from '#engine/draft.ts';
import type { Fact } from '#engine/fact.ts';
import type { Variables } from '#engine/json.ts';
import { keyOfNumber } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import { advance, initialState } from '#engine/step.ts';
import { measured, serve, weighed } from './serve.ts';

interface Loaded {
  readonly process: ProcessModel;
  readonly variables: Variables;
}
let loaded: Loaded | null = null;
let lastNumber = 0n;

// The row of loops goes round more often than a case may.
const context = { nowMs: Date.UTC(2026, 0, 1), actor: 'bench', visitsPerRest: 100_000 };
const instanceOnly = new Set(['process', 'multiInstanceBody']);

async function load(folder: string, row: string): Promise<ProcessModel> {
  const dmn = join(folder, `${row}.dmn`);
  const parsed = existsSync(dmn) ? await parseDecisions(readFileSync(dmn, 'utf8')) : { ok: true, decisions: [] };
  const decisions = parsed.ok ? parsed.decisions : [];
  const compiled = await compile(readFileSync(join(folder, `${row}.bpmn`), 'utf8'), {
    decisions: Object.fromEntries(decisions.map((decision) => [decision.id, decision])),
  });
  const process = compiled.ok ? compiled.processes[0] : undefined;
  if (!process) throw new Error(`${row}: ${JSON.stringify(compiled.report)}`);
  return process;
}

/** Starts an instance and does what its facts ask of a host, until it waits for a person or ends. */
function start(seen?: (fact: Fact) => void): Draft {
  if (!loaded) throw new Error('No model is loaded.');
  const { process, variables } = loaded;
  const draft = draftOf(initialState());
  lastNumber += 1n;
  const identity = { instanceKey: keyOfNumber(lastNumber), definitionKey: '1', version: 1 };
  const origin = { startElement: null, businessKey: null, region: null, parent: null };
  const commands: Command[] = [{ type: 'startInstance', ...identity, ...origin, variables }];
  for (let command = commands.pop(); command; command = commands.pop()) {
    const advanced = advance(process, draft, command, context);
    if (!advanced.ok) throw new Error(advanced.rejection.message);
    for (const fact of advanced.facts) {
      if (fact.type === 'jobCreated') commands.push({ type: 'completeJob', job: fact.job, variables: {} });
      else if (fact.type === 'stepPaused') commands.push({ type: 'continue' });
      else if (fact.type === 'incidentRaised') throw new Error(fact.message);
      seen?.(fact);
    }
  }
  return draft;
}

function runToEnd(): void {
  const { status } = start().state;
  if (status !== 'completed') throw new Error(`The instance is ${status}.`);
}

await serve({
  async load({ folder, row, variables }) {
    loaded = { process: await load(folder, row), variables: variables as Variables };
    return {};
  },
  async count() {
    let elements = 0;
    start((fact) => {
      if (fact.type === 'elementCompleted' && !instanceOnly.has(fact.elementType)) elements += 1;
    });
    return { elements };
  },
  run: ({ instances }) => measured(instances, runToEnd),
  hold: ({ instances }) =>
    weighed(
      instances,
      () => stateOf(start()),
      (state) => state,
    ),
});
