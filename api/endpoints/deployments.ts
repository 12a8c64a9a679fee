/** Publishing definitions. */
import { canonicalJson } from '#bpmn/canonical-json.ts';
import { compileDeployment } from '#bpmn/deployment.ts';
import type { Deployment as Compiled } from '#bpmn/deployment.ts';
import type { Deployment, deploymentEndpoints } from '#contract/deployment.ts';
import { appendAudit } from '#db/audit.ts';
import {
  deleteDefinition,
  openDeployment,
  publishDecision,
  publishedDecisions,
  publishedFormIds,
  publishForm,
  publishProcess,
} from '#db/deployments.ts';
import type { Published } from '#db/deployments.ts';
import { findByProcessId } from '#db/queries/definitions.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import type { PoolClient } from 'pg';
import { findingsOf } from '../admission-view.ts';
import type { Call, HandlersOf } from '../handler.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { readFiles } from '../multipart.ts';
import { notFound, Refusal } from '../refusal.ts';
import { startTriggersRow } from '../start-triggers.ts';
import { endTimers, startTimers, timerPlans } from '../timer-starts.ts';
import type { TimerVersion } from '../timer-starts.ts';

type AnyCall = Pick<Call<Endpoint>, 'db' | 'request' | 'locale' | 'deps'>;
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
function assertAdmitted(compiled: Compiled, { locale }: AnyCall): Admitted {
  const { problems, warnings } = findingsOf(compiled.report.resources, locale);
  const all = compiled.ok ? timerProblems(compiled) : problems;
  if (compiled.ok && all.length === 0) return compiled;
  const values = { count: all.length, first: all[0]?.message ?? '' };
  throw new Refusal('notAdmitted', 'notAdmitted', { values, admission: [...all, ...(compiled.ok ? warnings : [])] });
}

/** A version whose timers run from now on; the one before it, whose timers end. */
interface Takeover {
  readonly version: TimerVersion;
  /** When it was published. */
  readonly sinceMs: number;
  readonly before: string | null;
}
interface Written {
  readonly deploymentKey: string;
  readonly items: Item[];
  readonly takeovers: readonly Takeover[];
}

async function write(db: PoolClient, compiled: Admitted, actor: string, nowMs: number): Promise<Written> {
  const deploymentKey = await openDeployment(db, actor);
  const items: Item[] = [];
  const takeovers: Takeover[] = [];
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
  for (const { model, sha256, report, resourceName, sourceSha256, xml, startFormId } of compiled.processes) {
    const { processId, name, versionTag } = model;
    const earlier = await findByProcessId(db, processId, null);
    const process = {
      resourceName,
      sourceSha256,
      xml,
      startFormId,
      startTriggers: startTriggersRow(model, nowMs),
      processId,
      name,
      versionTag,
      modelSha256: sha256,
      model: canonicalJson(model),
      admission: report,
    };
    const published = await publishProcess(db, deploymentKey, process);
    note(processId, published);
    takeovers.push({
      version: { processId, definitionKey: published.key, model },
      sinceMs: published.isNew ? nowMs : published.createdAtMs,
      before: published.isNew ? (earlier?.key ?? null) : null,
    });
    const ids = {
      processDefinitionId: processId,
      processDefinitionVersion: published.version,
      processDefinitionKey: published.key,
    };
    items.push({ ...noItem, processDefinition: { ...ids, resourceName, tenantId } });
  }
  await appendAudit(db, {
    actor,
    action: 'deployment.create',
    target: deploymentKey,
    region: '*',
    detail: { versions },
  });
  return { deploymentKey, items, takeovers };
}

/** The timers of what was published begin, those of what it replaces end. Repeating it changes nothing. */
async function takeOver({ deps }: Pick<AnyCall, 'deps'>, takeovers: readonly Takeover[]): Promise<void> {
  const { client } = deps.temporal;
  const clockOffsetMs = await deps.clock.offsetMs();
  for (const { version, sinceMs, before } of takeovers) {
    const replaced =
      before === null ? null : await inRegion(deps.pool, wholeCountry, (db) => deps.models.get(db, before));
    if (before !== null && replaced !== null) await endTimers(client, before, replaced);
    await startTimers(client, version, { sinceMs, clockOffsetMs });
  }
}

export const deploymentHandlers: HandlersOf<typeof deploymentEndpoints> = {
  createDeployment: async (call) => {
    const compiled = assertAdmitted(await compile(call), call);
    const nowMs = Date.now() + (await call.deps.clock.offsetMs());
    const { deploymentKey, items, takeovers } = await call.db((client) =>
      write(client, compiled, call.caller.account.name, nowMs),
    );
    await takeOver(call, takeovers);
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
  deleteResource: async (call) => {
    const { caller, params, deps } = call;
    const { resourceKey } = params;
    const { client } = deps.temporal;
    const actor = caller.account.name;
    const deleted = await inRegion(deps.pool, wholeCountry, async (db) => {
      const outcome = await deleteDefinition(db, resourceKey);
      if (outcome === null) throw notFound();
      if (outcome.active > 0) throw new Refusal('wrongState', 'definitionInUse', { values: { count: outcome.active } });
      const detail = { processDefinitionId: outcome.processId, version: outcome.version };
      await appendAudit(db, { actor, action: 'definition.delete', target: resourceKey, region: '*', detail });
      const { heir } = outcome;
      const models = [await deps.models.get(db, resourceKey), heir === null ? null : await deps.models.get(db, heir)];
      return { ...outcome, model: models[0] ?? null, heirModel: models[1] ?? null };
    });
    const { processId, heir, model, heirModel } = deleted;
    if (model !== null) await endTimers(client, resourceKey, model);
    const clockOffsetMs = await deps.clock.offsetMs();
    if (heir !== null && heirModel !== null) {
      const version = { processId, definitionKey: heir, model: heirModel };
      await startTimers(client, version, { sinceMs: Date.now() + clockOffsetMs, clockOffsetMs });
    }
    return { resourceKey, batchOperation: null };
  },
};
