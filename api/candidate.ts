/** Files that somebody wants to publish, with what is published already and comes along. */
import { compileDeployment } from '#bpmn/deployment.ts';
import type { Deployment } from '#bpmn/deployment.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { publishedDecisions, publishedFormIds } from '#db/deployments.ts';
import { newestWithOtherDecisions } from '#db/queries/definitions.ts';
import type { DependentProcess } from '#db/queries/definitions.ts';
import { boundDecisionId } from '#engine/decisions.ts';
import { findingsOf } from './admission-view.ts';
import type { Call } from './handler.ts';
import { readFiles } from './multipart.ts';
import { Refusal } from './refusal.ts';
import { timerPlans } from './timer-starts.ts';

type AnyCall = Pick<Call<Endpoint>, 'db' | 'request' | 'locale'>;
export type Admitted = Extract<Deployment, { ok: true }>;
export interface Candidate {
  readonly compiled: Deployment;
  /** Processes that come along because they use an earlier version of a decision of the files. */
  readonly dependents: readonly DependentProcess[];
}

/** @param dependents whether processes that use an earlier version of a decision of the files come along */
export async function compile(
  { db, request }: AnyCall,
  { dependents: wanted }: { readonly dependents: boolean },
): Promise<Candidate> {
  const files = await readFiles(request);
  if (files.length === 0) throw new Refusal('invalidRequest', 'noFiles');
  const existing = await db(async (client) => ({
    ...(await publishedDecisions(client)),
    formIds: await publishedFormIds(client),
  }));
  const compiled = await compileDeployment(files, existing);
  const dependents = wanted && compiled.ok ? await dependentsOf(compiled, db) : [];
  if (dependents.length === 0) return { compiled, dependents };
  const stored = new Map(dependents.map(({ resourceName, xml }) => [resourceName, xml]));
  const all = [...files, ...[...stored].map(([name, content]) => ({ name, content }))];
  return { compiled: await compileDeployment(all, existing), dependents };
}

async function dependentsOf(
  { decisions, processes }: Admitted,
  db: AnyCall['db'],
): Promise<readonly DependentProcess[]> {
  const named = decisions.flatMap(({ model }) => [
    [boundDecisionId(model.id, undefined), model] as const,
    [boundDecisionId(model.id, model.versionTag), model] as const,
  ]);
  const given = new Set(processes.map(({ model }) => model.processId));
  const found = await db((client) => newestWithOtherDecisions(client, Object.fromEntries(named)));
  return found.filter(({ processDefinitionId }) => !given.has(processDefinitionId));
}

/** @throws Refusal with the admission report when the files cannot be published */
export async function admitted(call: AnyCall, wanted: { readonly dependents: boolean }): Promise<Admitted> {
  const { compiled } = await compile(call, wanted);
  const { problems, warnings } = findingsOf(compiled.report.resources, call.locale);
  const all = compiled.ok ? timerProblems(compiled) : problems;
  if (compiled.ok && all.length === 0) return compiled;
  const values = { count: all.length, first: all[0]?.message ?? '' };
  throw new Refusal('notAdmitted', 'notAdmitted', { values, admission: [...all, ...(compiled.ok ? warnings : [])] });
}

/** Timers of start events that say nothing are refused like any other fault of the model. */
function timerProblems(
  compiled: Admitted,
): { resourceName: string; elementId: string; elementType: string; rule: string; message: string }[] {
  return compiled.processes.flatMap(({ resourceName, model }) =>
    timerPlans(model, Date.now()).flatMap((planned) => {
      if (planned.ok) return [];
      const { elementId, message } = planned;
      return [{ resourceName, elementId, elementType: 'startEvent', rule: 'TIMER_START', message }];
    }),
  );
}
