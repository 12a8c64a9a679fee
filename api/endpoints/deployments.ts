/** Publishing definitions. */
import { canonicalJson } from '#bpmn/canonical-json.ts';
import type { Admitted } from '../candidate.ts';
import type { Deployment, deploymentEndpoints } from '#contract/deployment.ts';
import { appendAudit } from '#db/audit.ts';
import { deleteDefinition } from '#db/definition-life.ts';
import { openDeployment, publishDecision, publishForm, publishProcess } from '#db/deployments.ts';
import type { Published } from '#db/deployments.ts';
import { findByProcessId } from '#db/queries/definitions.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import type { PoolClient } from 'pg';
import { findingsOf } from '../admission-view.ts';
import { admitted, compile } from '../candidate.ts';
import type { HandlersOf } from '../handler.ts';
import { notFound, Refusal } from '../refusal.ts';
import { startTriggersRow } from '../start-triggers.ts';
import { settleTimers, takesOver } from '../timer-starts.ts';
import type { Takeover } from '../timer-starts.ts';

type Item = Deployment['deployments'][number];
const tenantId = '<default>';
/** Property of a process: at most one active instance per business key. */
const uniqueKeyProperty = 'alur.uniqueBusinessKey';
const noItem: Item = {
  processDefinition: null,
  decisionDefinition: null,
  decisionRequirements: null,
  form: null,
  resource: null,
};

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
      uniqueBusinessKey: model.properties[uniqueKeyProperty] === 'true',
      admission: report,
    };
    const published = await publishProcess(db, deploymentKey, process);
    note(processId, published);
    const before = earlier?.key ?? null;
    if (published.isNew) await takesOver(db, { processId, definitionKey: published.key, before, model }, nowMs);
    takeovers.push({ after: published.key, before: published.isNew ? before : null });
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

export const deploymentHandlers: HandlersOf<typeof deploymentEndpoints> = {
  createDeployment: async (call) => {
    const compiled = await admitted(call, call.query);
    const nowMs = Date.now() + (await call.deps.clock.offsetMs());
    const { deploymentKey, items, takeovers } = await call.db((client) =>
      write(client, compiled, call.caller.account.name, nowMs),
    );
    for (const takeover of takeovers) await settleTimers(call.deps, takeover);
    return { deploymentKey, tenantId, deployments: items };
  },
  checkDeployment: async (call) => {
    const { compiled, dependents } = await compile(call, call.query);
    const reports = compiled.report.resources.map((report) => ({
      processDefinitionId: report.resourceName ?? '',
      ...findingsOf([report], call.locale),
    }));
    const shown = dependents.map(({ xml: _, ...dependent }) => dependent);
    return { admitted: compiled.ok, reports, dependents: shown };
  },
  deleteResource: async (call) => {
    const { caller, params, body, deps } = call;
    const { resourceKey } = params;
    const actor = caller.account.name;
    const nowMs = Date.now() + (await deps.clock.offsetMs());
    const { heir } = await inRegion(deps.pool, wholeCountry, async (db) => {
      const outcome = await deleteDefinition(db, resourceKey);
      if (outcome === null) throw notFound();
      const { uses, processId, version } = outcome;
      if (uses.active > 0) {
        const values = { count: uses.active, incidents: uses.withIncident };
        throw new Refusal('wrongState', 'definitionInUse', { values });
      }
      const detail = { processDefinitionId: processId, version, reason: body?.reason ?? '' };
      await appendAudit(db, { actor, action: 'definition.delete', target: resourceKey, region: '*', detail });
      const model = outcome.heir === null ? null : await deps.models.get(db, outcome.heir);
      if (outcome.heir !== null && model !== null)
        await takesOver(db, { processId, definitionKey: outcome.heir, before: resourceKey, model }, nowMs);
      return outcome;
    });
    await settleTimers(deps, { before: resourceKey, after: heir });
    return { resourceKey, batchOperation: null };
  },
};
