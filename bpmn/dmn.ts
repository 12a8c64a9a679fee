/** DMN XML → DecisionModels, one per decision of the file. Runs when a definition is published. */
import { openFile, readSource } from './dmn-files.ts';
import { compileGraph, type CompiledGraph } from './dmn-graph.ts';
import { childrenOf, type DmnElement } from './dmn-metamodel.ts';
import type { DecisionProblem } from './dmn-problems.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';

export type DecisionOutcome =
  | { readonly ok: true; readonly decisions: readonly DecisionModel[]; readonly problems: readonly DecisionProblem[] }
  | { readonly ok: false; readonly problems: readonly DecisionProblem[] };

/** Everything of a file that can be evaluated, whatever else is wrong with it. */
export interface CompiledDecisions extends CompiledGraph {
  readonly problems: readonly DecisionProblem[];
}

/**
 * All decisions of a file. `imported`: the XML of files it may import. Not ok: something is malformed or not supported; every such
 * place is listed. Never throws.
 */
export async function parseDecisions(xml: string, imported: readonly string[] = []): Promise<DecisionOutcome> {
  const { decisions, problems } = await compileDecisions(xml, imported);
  return problems.some((problem) => problem.severity === 'error')
    ? { ok: false, problems }
    : { ok: true, decisions, problems };
}

/** Like `parseDecisions`, but a broken expression only makes its own place null, and services and knowledge models come as well. */
export async function compileDecisions(xml: string, imported: readonly string[] = []): Promise<CompiledDecisions> {
  const source = await readSource(xml);
  if (source.definitions === null) return { decisions: [], invocables: [], problems: source.problems };
  const others: DmnElement[] = [];
  const imports = childrenOf(source.definitions, 'import').length > 0;
  for (const text of imports ? imported : []) {
    const { definitions } = await readSource(text);
    if (definitions !== null) others.push(definitions);
  }
  const problems = [...source.problems];
  const graph = compileGraph(openFile(source.definitions, others, problems));
  const placed = problems.map((problem) =>
    problem.elementId === null ? problem : { ...problem, line: source.lines.get(problem.elementId) ?? null },
  );
  return { ...graph, problems: placed };
}
