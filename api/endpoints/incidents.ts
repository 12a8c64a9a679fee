/** Incidents. */
import type { z } from 'zod';
import type { incident, incidentEndpoints } from '#contract/incident.ts';
import { stuckCauses } from '#contract/stuck-case.ts';
import type { StuckCause } from '#contract/stuck-case.ts';
import { searchIncidents } from '#db/queries/incidents.ts';
import type { IncidentRow } from '#db/queries/incidents.ts';
import { regionNames } from '#db/regions.ts';
import type { RegionNames } from '#db/regions.ts';
import { sequenceOf } from '#engine/keys.ts';
import { wasDone } from '../commands.ts';
import { noContent } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { notFound, Refusal } from '../refusal.ts';
import { assertStorable, repair } from '../repairs.ts';
import { stuckText } from '../texts.ts';
import type { Locale } from '../texts.ts';

const isCause = (code: string): code is StuckCause => (stuckCauses as readonly string[]).includes(code);

function viewOf(
  { businessKey, region, resolvedAt, stuck, ...row }: IncidentRow,
  names: RegionNames | null,
  locale: Locale,
): z.output<typeof incident> {
  const told =
    stuck !== null && isCause(row.errorType) ? { errorMessage: stuckText(locale, row.errorType, stuck) } : {};
  const view = { ...row, ...told, tenantId: '<default>' as const };
  return names === null ? view : { ...view, case: { businessKey, region, regionName: names(region), resolvedAt } };
}

export const incidentHandlers: HandlersOf<typeof incidentEndpoints> = {
  searchIncidents: async ({ body, db, locale }) => {
    const { tenantId: _, region, ...columns } = body.filter ?? {};
    const found = await db((client) => searchIncidents(client, columns, region, body));
    const names = body.include?.includes('case') === true ? await regionNames() : null;
    return { items: found.rows.map((row) => viewOf(row, names, locale)), page: found.page };
  },
  getIncident: async ({ params, db, locale }) => {
    const { rows } = await db((client) => searchIncidents(client, { incidentKey: params.incidentKey }, undefined, {}));
    if (rows[0] === undefined) throw notFound();
    return viewOf(rows[0], null, locale);
  },
  resolveIncident: async (call) => {
    const { params, body, db } = call;
    assertStorable(body.variables);
    const found = await db(async (client) => {
      const { rows } = await searchIncidents(client, { incidentKey: params.incidentKey }, undefined, {});
      const row = rows[0];
      if (row === undefined) throw notFound();
      if (row.stuck !== null) throw new Refusal('wrongState', 'stuckCase');
      if (await wasDone(client, call, row.processInstanceKey)) return null;
      if (row.state !== 'ACTIVE') throw new Refusal('wrongState', 'incidentResolved');
      return row;
    });
    if (found === null) return noContent;
    const instance = { processDefinitionId: found.processDefinitionId, processInstanceKey: found.processInstanceKey };
    const incident = sequenceOf(params.incidentKey);
    const set = body.variables === undefined ? {} : { variables: body.variables };
    const command = { type: 'resolveIncident', incident, retries: body.retries ?? null, ...set } as const;
    return repair(call, { instance, command, body });
  },
};
