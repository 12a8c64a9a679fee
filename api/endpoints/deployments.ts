/** Publishing definitions. */
import { canonicalJson } from '#bpmn/canonical-json.ts';
import { compileDeployment } from '#bpmn/deployment.ts';
import type { Deployment as Compiled } from '#bpmn/deployment.ts';
import type { Deployment, deploymentEndpoints } from '#contract/deployment.ts';
import { appendAudit } from '#db/audit.ts';
import {
  openDeployment,
  publishDecision,
  publishedDecisions,
  publishedFormIds,
  publishForm,
  publishProcess,
} from '#db/deployments.ts';
import type { Published } from '#db/deployments.ts';
import { findByProcessId, findModel } from '#db/queries/definitions.ts';
import type { PoolClient } from 'pg';
import { findingsOf } from '../admission-view.ts';
import type { Call, HandlersOf } from '../handler.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { readFiles } from '../multipart.ts';
import { Refusal } from '../refusal.ts';
import { NotSchedulable, planOf, schedule } from '../timer-starts.ts';
import type { ScheduleChange } from '../timer-starts.ts';

type AnyCall = Pick<Call<Endpoint>, 'db' | 'request' | 'locale'>;
type Admitted = Extract<Compiled, { ok: true }>;
type Item = Deployment['deployments'][number];
const tenantId = '<default>';
const noItem: Item = {
  processDefinition: null,
  decisionDefinition: null,
  decisionRequirements: null,
  form: null,
  resource: null,
};

async function compile({ db, request }: AnyCall): Promise<Compiled> {
  const files = await readFiles(request);
  if (files.length === 0) throw new Refusal('invalidRequest', 'noFiles');
  const existing = await db(async (client) => ({
    decisions: await publishedDecisions(client),
    formIds: await publishedFormIds(client),
  }));
  return compileDeployment(files, existing);
}

/** Timer starts that no Schedule can keep are refused like any other fault of the model. */
function timerProblems(
  compiled: Admitted,
): { resourceName: string; elementId: string; elementType: string; rule: string; message: string }[] {
  return compiled.processes.flatMap(({ resourceName, timerStarts }) =>
    timerStarts.flatMap(({ elementId, timer }) => {
      try {
        planOf(timer, Date.now());
        return [];
      } catch (error) {
        if (!(error instanceof NotSchedulable)) throw error;
        return [{ resourceName, elementId, elementType: 'startEvent', rule: 'TIMER_START', message: error.message }];
      }
    }),
  );
}
function assertAdmitted(compiled: Compiled, { locale }: AnyCall): Admitted {
  const { problems, warnings } = findingsOf(compiled.report.resources, locale);
  const all = compiled.ok ? timerProblems(compiled) : problems;
  if (compiled.ok && all.length === 0) return compiled;
  const values = { count: all.length, first: all[0]?.message ?? '' };
  throw new Refusal('notAdmitted', 'notAdmitted', { values, admission: [...all, ...(compiled.ok ? warnings : [])] });
}

interface Written {
  readonly deploymentKey: string;
  readonly items: Item[];
  readonly schedules: readonly ScheduleChange[];
}

async function write(db: PoolClient, compiled: Admitted, actor: string): Promise<Written> {
  const deploymentKey = await openDeployment(db, actor);
  const items: Item[] = [];
  const schedules: ScheduleChange[] = [];
  const versions: Record<string, string> = {};
  const note = (id: string, { version, isNew }: Published): void => {
    if (isNew) versions[id] = String(version);
  };
  for (const form of compiled.forms) {
    const published = await publishForm(db, deploymentKey, form);
    note(form.formId, published);
    items.push({
      ...noItem,
      form: {
        formId: form.formId,
        version: published.version,
        resourceName: form.resourceName,
        tenantId,
        formKey: published.key,
      },
    });
  }
  for (const { model, ...resource } of compiled.decisions) {
    const published = await publishDecision(db, deploymentKey, {
      ...resource,
      decisionId: model.id,
      name: model.name,
      model,
    });
    note(model.id, published);
    const names = { decisionDefinitionId: model.id, name: model.name ?? model.id, decisionRequirementsId: model.id };
    const keys = { decisionDefinitionKey: published.key, decisionRequirementsKey: published.key };
    items.push({ ...noItem, decisionDefinition: { ...names, ...keys, version: published.version, tenantId } });
  }
  for (const { model, sha256, report, timerStarts, ...resource } of compiled.processes) {
    const { processId, name, versionTag } = model;
    const earlier = await findByProcessId(db, processId, null);
    const before = earlier === null ? null : await findModel(db, earlier.key);
    const process = {
      ...resource,
      processId,
      name,
      versionTag,
      modelSha256: sha256,
      model: canonicalJson(model),
      admission: report,
    };
    const published = await publishProcess(db, deploymentKey, process);
    note(processId, published);
    if (published.isNew || timerStarts.length > 0)
      schedules.push({ processId, starts: timerStarts, before, isNew: published.isNew });
    const ids = {
      processDefinitionId: processId,
      processDefinitionVersion: published.version,
      processDefinitionKey: published.key,
    };
    items.push({ ...noItem, processDefinition: { ...ids, resourceName: resource.resourceName, tenantId } });
  }
  await appendAudit(db, {
    actor,
    action: 'deployment.create',
    target: deploymentKey,
    region: '*',
    detail: { versions },
  });
  return { deploymentKey, items, schedules };
}

export const deploymentHandlers: HandlersOf<typeof deploymentEndpoints> = {
  createDeployment: async (call) => {
    const compiled = assertAdmitted(await compile(call), call);
    const { deploymentKey, items, schedules } = await call.db((client) =>
      write(client, compiled, call.caller.account.name),
    );
    for (const change of schedules) await schedule(call.deps.temporal.client, change);
    return { deploymentKey, tenantId, deployments: items };
  },
  checkDeployment: async (call) => {
    const compiled = await compile(call);
    const reports = compiled.report.resources.map((report) => ({
      processDefinitionId: report.resourceName ?? '',
      ...findingsOf([report], call.locale),
    }));
    return { admitted: compiled.ok, reports };
  },
};
