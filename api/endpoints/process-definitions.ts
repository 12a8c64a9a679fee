/** Published process definitions, and what becomes of them. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { AdmissionReport } from '#bpmn/admission.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import type { catchUps } from '#contract/start-schedule.ts';
import type { ProcessDefinition, processDefinitionEndpoints } from '#contract/process-definition.ts';
import { appendAudit } from '#db/audit.ts';
import { declareLatest, suspendVersion } from '#db/definition-life.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { messageStartNamesOf } from '#db/queries/definitions.ts';
import { searchSchedules } from '#db/start-schedules.ts';
import {
  findAdmission,
  findByDefinitionKey,
  findForm,
  findXml,
  nextKey,
  searchDefinitions,
} from '#db/queries/definitions.ts';
import type { DefinitionRow } from '#db/queries/definitions.ts';
import { findingsOf } from '../admission-view.ts';
import { noContent } from '../handler.ts';
import type { Call, HandlersOf } from '../handler.ts';
import type { ModelCache } from '../models.ts';
import { notFound, Refusal } from '../refusal.ts';
import { settleTimers, takesOver } from '../timer-starts.ts';
import { caughtUp, missedTimes } from './start-schedules.ts';

function viewOf(row: DefinitionRow, include: readonly ('statistics' | 'lifecycle')[]): ProcessDefinition {
  const { startFormId, deployedAt, active, withIncident, ended, ...rest } = row;
  const { isLatestVersion, suspendedAt, suspendedReason, ...definition } = rest;
  return {
    ...definition,
    tenantId: '<default>' as const,
    hasStartForm: startFormId !== null,
    ...(include.includes('statistics') ? { statistics: { deployedAt, active, withIncident, ended } } : {}),
    ...(include.includes('lifecycle') ? { lifecycle: { isLatestVersion, suspendedAt, suspendedReason } } : {}),
  };
}
type AnyCall = Pick<Call<Endpoint>, 'caller' | 'deps' | 'memory'>;
const everywhere = <T>({ deps }: AnyCall, work: (db: PoolClient) => Promise<T>): Promise<T> =>
  inRegion(deps.pool, wholeCountry, work);

/** What is made up for when a version is resumed, so that a repeated request finds it. */
const resumption = z.array(
  z.object({
    key: z.string(),
    definitionKey: z.string(),
    processId: z.string(),
    startElement: z.string(),
    startPart: z.int(),
    dueMs: z.array(z.number()),
  }),
);

/** Times at which the timers of a version would have started instances since it was put on hold. */
async function leftOut(
  db: PoolClient,
  models: ModelCache,
  definitionKey: string,
  {
    sinceMs,
    nowMs,
    catchUp,
  }: { readonly sinceMs: number; readonly nowMs: number; readonly catchUp: (typeof catchUps)[number] },
): Promise<z.output<typeof resumption>> {
  const { rows } = await searchSchedules(db, { processDefinitionKey: definitionKey, isPaused: false }, {});
  const found: z.output<typeof resumption> = [];
  for (const row of rows) {
    if (!row.isLatestVersion) continue;
    const dueMs = caughtUp(await missedTimes(db, models, row, { fromMs: sinceMs, untilMs: nowMs }), catchUp);
    const { startElement, startPart, processDefinitionId: processId } = row;
    if (dueMs.length > 0)
      found.push({ key: await nextKey(db), definitionKey, processId, startElement, startPart, dueMs: [...dueMs] });
  }
  return found;
}

export const processDefinitionHandlers: HandlersOf<typeof processDefinitionEndpoints> = {
  searchProcessDefinitions: async ({ body, db }) => {
    const { tenantId: _, isLatestVersion, hasStartForm, ...columns } = body.filter ?? {};
    const found = await db((client) => searchDefinitions(client, { columns, isLatestVersion, hasStartForm }, body));
    return { items: found.rows.map((row) => viewOf(row, body.include ?? [])), page: found.page };
  },
  getProcessDefinition: async ({ params, db }) => {
    const { rows } = await db((client) =>
      searchDefinitions(client, { columns: { processDefinitionKey: params.processDefinitionKey } }, {}),
    );
    if (rows[0] === undefined) throw notFound();
    return viewOf(rows[0], []);
  },
  getProcessDefinitionXml: async ({ params, db }) => {
    const xml = await db((client) => findXml(client, params.processDefinitionKey));
    if (xml === null) throw notFound();
    return xml;
  },
  getProcessDefinitionForm: async ({ params, db }) =>
    db(async (client) => {
      const process = await findByDefinitionKey(client, params.processDefinitionKey);
      if (process === null) throw notFound();
      const form = process.startFormId === null ? null : await findForm(client, process.startFormId);
      if (form === null) return noContent;
      const { formKey, formId, version, schema } = form;
      return { formKey, formId, version, tenantId: '<default>' as const, schema: JSON.stringify(schema) };
    }),
  getProcessDefinitionAdmission: async ({ params, db, locale }) => {
    const found = await db((client) => findAdmission(client, params.processDefinitionKey));
    if (found === null) throw notFound();
    // Written by the compiler of its day; a report of another shape shows as empty.
    const report = found.admission as unknown as AdmissionReport;
    return {
      processDefinitionId: found.processId,
      ...findingsOf(Array.isArray(report.entries) ? [report] : [], locale),
    };
  },
  declareLatestProcessDefinition: async (call) => {
    const { params, body, caller, deps, memory } = call;
    const { processDefinitionKey: target } = params;
    const nowMs = Date.now() + (await deps.clock.offsetMs());
    const isRepeated = (await memory.recall()) === true;
    await memory.remember(true);
    const { before } = await everywhere(call, async (db) => {
      const declared = await declareLatest(db, target);
      if (declared === null) throw notFound();
      const { processId, version } = declared;
      if (declared.before === target) {
        if (isRepeated) return declared;
        throw new Refusal('wrongState', 'alreadyLatest');
      }
      const model = await deps.models.get(db, target);
      if (model !== null)
        await takesOver(db, { processId, definitionKey: target, before: declared.before, model }, nowMs);
      const detail = { processDefinitionId: processId, version, before: declared.before, reason: body.reason };
      const actor = caller.account.name;
      await appendAudit(db, { actor, action: 'definition.declareLatest', target, region: wholeCountry, detail });
      return declared;
    });
    await settleTimers(deps, { before: before === target ? null : before, after: target });
    return undefined;
  },
  suspendProcessDefinition: async (call) => {
    const { params, body, caller } = call;
    const { processDefinitionKey: target } = params;
    const { reason } = body;
    await everywhere(call, async (db) => {
      const suspended = await suspendVersion(db, target, reason);
      if (suspended === null) throw notFound();
      if (!suspended.isChanged) throw new Refusal('wrongState', 'alreadyPaused');
      const { processId, version } = suspended;
      const detail = { processDefinitionId: processId, version, reason };
      const actor = caller.account.name;
      await appendAudit(db, { actor, action: 'definition.suspend', target, region: wholeCountry, detail });
    });
    return undefined;
  },
  resumeProcessDefinition: async (call) => {
    const { params, body, caller, deps, memory } = call;
    const { processDefinitionKey: target } = params;
    const { reason, catchUp } = body;
    const nowMs = Date.now() + (await deps.clock.offsetMs());
    const earlier = resumption.safeParse(await memory.recall());
    const { backfills, names } = await everywhere(call, async (db) => {
      const resumed = await suspendVersion(db, target, null);
      if (resumed === null) throw notFound();
      const messages = await messageStartNamesOf(db, target);
      const { processId, version, sinceMs } = resumed;
      if (sinceMs === null) {
        if (!earlier.success) throw new Refusal('wrongState', 'notPaused');
        return { backfills: earlier.data, names: messages };
      }
      const window = { sinceMs, nowMs, catchUp };
      const missed = earlier.success ? earlier.data : await leftOut(db, deps.models, target, window);
      // Before the commit: a repeated request must not find the version resumed and nothing to do.
      await memory.remember(missed);
      const detail = { processDefinitionId: processId, version, reason, catchUp };
      const actor = caller.account.name;
      await appendAudit(db, { actor, action: 'definition.resume', target, region: wholeCountry, detail });
      return { backfills: missed, names: messages };
    });
    for (const { key, ...backfill } of backfills) await deps.temporal.backfill(key, { ...backfill, overlap: 'allow' });
    await deps.temporal.releaseMessages(names);
    return undefined;
  },
};
