/** Incidents. */
import type { z } from 'zod';
import type { incident, incidentEndpoints } from '#contract/incident.ts';
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

function viewOf(
  { businessKey, region, resolvedAt, ...row }: IncidentRow,
  names: RegionNames | null,
): z.output<typeof incident> {
  const view = { ...row, tenantId: '<default>' as const };
  return names === null ? view : { ...view, case: { businessKey, region, regionName: names(region), resolvedAt } };
}

export const incidentHandlers: HandlersOf<typeof incidentEndpoints> = {
  searchIncidents: async ({ body, db }) => {
    const { tenantId: _, region, ...columns } = body.filter ?? {};
    const found = await db((client) => searchIncidents(client, columns, region, body));
    const names = body.include?.includes('case') === true ? await regionNames() : null;
    return { items: found.rows.map((row) => viewOf(row, names)), page: found.page };
  },
  getIncident: async ({ params, db }) => {
    const { rows } = await db((client) => searchIncidents(client, { incidentKey: params.incidentKey }, undefined, {}));
    if (rows[0] === undefined) throw notFound();
    return viewOf(rows[0], null);
  },
  resolveIncident: async (call) => {
    const { params, body, db } = call;
    assertStorable(body.variables);
    const found = await db(async (client) => {
      const { rows } = await searchIncidents(client, { incidentKey: params.incidentKey }, undefined, {});
      const row = rows[0];
      if (row === undefined) throw notFound();
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
