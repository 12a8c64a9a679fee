/** What a new version means for running cases, and their migration one by one. */
import type { z } from 'zod';
import type { migrationEndpoints, migrationPlan } from '#contract/migration.ts';
import { findByDefinitionKey } from '#db/queries/definitions.ts';
import { runningVersions } from '#db/queries/standing.ts';
import { findingsOf } from '../admission-view.ts';
import { compile } from '../candidate.ts';
import { noContent } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { impactOf } from '../impact.ts';
import { migrateCase, revertCase } from '../migrations.ts';
import type { Migration } from '../migrations.ts';
import { notFound } from '../refusal.ts';
import { repair, runningInstance } from '../repairs.ts';

type Plan = z.output<typeof migrationPlan>;
const mappingOf = (rows: Plan['mappingInstructions']) =>
  rows.map(({ sourceElementId: source, targetElementId: target }) => ({ source, target }));
function migrationOf({ targetProcessDefinitionKey: targetKey, mappingInstructions, timers = {} }: Plan): Migration {
  const choices = Object.entries(timers).map(
    ([id, what]) => [id, typeof what === 'string' ? what : { dueMs: Date.parse(what.dueDate) }] as const,
  );
  return { targetKey, mapping: mappingOf(mappingInstructions), timers: Object.fromEntries(choices) };
}

export const migrationHandlers: HandlersOf<typeof migrationEndpoints> = {
  getImpact: ({ params, body, db, deps, locale }) =>
    db(async (client) => {
      const [from, to] = [
        await findByDefinitionKey(client, params.processDefinitionKey),
        await findByDefinitionKey(client, body.targetProcessDefinitionKey),
      ];
      const source = from && (await deps.models.get(client, from.key));
      const target = to && (await deps.models.get(client, to.key));
      if (from === null || to === null || source === null || target === null) throw notFound();
      const { mappingInstructions, page, class: of } = body;
      const mapping = mappingInstructions && mappingOf(mappingInstructions);
      const keys = { sourceKey: from.key, sourceVersion: from.version, targetKey: to.key };
      return impactOf(client, { source, target, ...keys, mapping, of, page }, locale);
    }),
  checkImpact: async (call) => {
    const { db, deps, locale } = call;
    const { compiled } = await compile(call, call.query);
    const reports = compiled.report.resources.map((report) => ({
      processDefinitionId: report.resourceName ?? '',
      ...findingsOf([report], locale),
    }));
    if (!compiled.ok) return { admitted: false, reports, impacts: [] };
    const impacts = await db(async (client) => {
      const found = [];
      for (const { model: target } of compiled.processes) {
        for (const { key, version } of await runningVersions(client, target.processId)) {
          const source = await deps.models.get(client, key);
          if (source === null) continue;
          const keys = { sourceKey: key, sourceVersion: version, targetKey: null };
          found.push(await impactOf(client, { source, target, ...keys, page: { from: 0, limit: 0 } }, locale));
        }
      }
      return found;
    });
    return { admitted: true, reports, impacts };
  },
  migrateProcessInstance: async (call) => {
    const { params, body } = call;
    const asked = await call.db(async (client) => {
      const instance = await runningInstance(client, call, params.processInstanceKey);
      return instance && migrateCase(client, call, instance, { ...migrationOf(body), body });
    });
    return asked === null ? noContent : repair(call, asked);
  },
  revertMigration: async (call) => {
    const { params, body } = call;
    const asked = await call.db(async (client) => {
      const instance = await runningInstance(client, call, params.processInstanceKey);
      return instance && revertCase(client, instance, body);
    });
    return asked === null ? noContent : repair(call, asked);
  },
};
