/** Process instances and their elements. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { ProcessInstance, processInstanceEndpoints } from '#contract/process-instance.ts';
import { findByDefinitionKey, findByProcessId, findForm, nextKey } from '#db/queries/definitions.ts';
import type { PublishedProcess } from '#db/queries/definitions.ts';
import { searchElements, searchInstances } from '#db/queries/instances.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import { regionNames } from '#db/regions.ts';
import type { JsonObject } from '#engine/json.ts';
import { instanceOf, isKey, sequenceOf } from '#engine/keys.ts';
import { assertRunning, sendCommand, targetOf, visibleInstance, wasDone } from '../commands.ts';
import { startData } from '../forms/start-form.ts';
import { noContent } from '../handler.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { instanceFilterOf } from '../instance-filter.ts';
import { jsonView } from '../json-view.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound, Refusal } from '../refusal.ts';
import { reasonOf, repair, runningInstance } from '../repairs.ts';
import { assertNotOnHold, assertStartable, regionOf, startWorkflow, untilVisible } from '../starting.ts';
import { assertFit } from '../sizes.ts';
import { waitReasonsOf } from '../wait-reason.ts';

type CaseView = NonNullable<ProcessInstance['case']>;

function viewOf(row: InstanceRow, caseView: CaseView | null): ProcessInstance {
  const { incidentCount, region: _, endElements: __, suspendedAt: ___, state, ...instance } = row;
  return {
    ...instance,
    state: state === 'ERRORED' ? 'TERMINATED' : state,
    hasIncident: incidentCount > 0,
    tenantId: '<default>',
    tags: [],
    ...(caseView === null ? {} : { case: caseView }),
  };
}

async function publishedOf(
  db: PoolClient,
  body: {
    processDefinitionId?: string | undefined;
    processDefinitionKey?: string | undefined;
    processDefinitionVersion?: number | null | undefined;
  },
): Promise<PublishedProcess> {
  const { processDefinitionId, processDefinitionKey, processDefinitionVersion } = body;
  const version =
    processDefinitionVersion === undefined || processDefinitionVersion === -1 ? null : processDefinitionVersion;
  if (processDefinitionKey === undefined && processDefinitionId === undefined)
    throw new Refusal('invalidRequest', 'definitionNeeded');
  const process =
    processDefinitionKey === undefined
      ? await findByProcessId(db, processDefinitionId ?? '', version)
      : await findByDefinitionKey(db, processDefinitionKey);
  if (process === null)
    throw new Refusal('notFound', 'processUnknown', {
      values: { process: processDefinitionId ?? processDefinitionKey ?? '' },
    });
  return process;
}

const remembered = z.object({
  definitionKey: z.string(),
  instanceKey: z.string().refine(isKey),
  variables: z.record(z.string(), z.json()),
  region: z.string(),
});
type Remembered = z.output<typeof remembered>;
type CreateCall = Call<(typeof processInstanceEndpoints)['createProcessInstance']>;

/** Everything a repeated request must find again: the key, and the variables with their reference into the vault. */
async function prepare(call: CreateCall): Promise<Remembered> {
  const { caller, body, db, deps, memory } = call;
  const earlier = remembered.safeParse(await memory.recall());
  if (earlier.success) return earlier.data;
  const prepared = await db(async (client) => {
    const process = await publishedOf(client, body);
    const model = await deps.models.get(client, process.key);
    if (model === null) throw notFound();
    assertNotOnHold(process);
    const form = process.startFormId === null ? null : await findForm(client, process.startFormId);
    const variables: JsonObject = await startData(client, call, form, body.variables ?? {});
    assertStartable(model, variables);
    const region = regionOf(model, variables, caller.account);
    return { definitionKey: process.key, instanceKey: await nextKey(client), variables: jsonView(variables), region };
  });
  await memory.remember(prepared);
  return prepared;
}

export const processInstanceHandlers: HandlersOf<typeof processInstanceEndpoints> = {
  createProcessInstance: async (call) => {
    const { caller, body, db, deps } = call;
    const { definitionKey, instanceKey, variables, region } = await prepare(call);
    const process = await db((client) => findByDefinitionKey(client, definitionKey));
    if (process === null) throw notFound();
    const businessKey = body.businessId ?? null;
    await startWorkflow(deps, { process, instanceKey, variables, businessKey, region, actor: caller.account.name });
    await untilVisible(deps, process.processId, instanceKey);
    const instance = await db((client) => visibleInstance(client, instanceKey));
    return {
      processDefinitionId: process.processId,
      processDefinitionVersion: process.version,
      processDefinitionKey: process.key,
      processInstanceKey: instanceKey,
      tenantId: '<default>',
      variables,
      tags: [],
      businessId: instance.businessId,
    };
  },
  getProcessInstance: async ({ params, db }) =>
    viewOf(await db((client) => visibleInstance(client, params.processInstanceKey)), null),
  searchProcessInstances: async ({ body, db, deps }) => {
    const filter = instanceFilterOf(body.filter ?? {});
    const wantsCase = body.include?.includes('case') === true;
    const { found, reasons } = await db(async (client) => {
      const page = await searchInstances(client, filter, body);
      return { found: page, reasons: wantsCase ? await waitReasonsOf(client, deps.models, page.rows) : null };
    });
    const names = wantsCase ? await regionNames() : null;
    const caseOf = (row: InstanceRow): CaseView | null =>
      reasons === null || names === null
        ? null
        : {
            region: row.region,
            regionName: names(row.region),
            state: row.state,
            incidentCount: row.incidentCount,
            endElements: row.endElements,
            waitReason: reasons.get(row.processInstanceKey) ?? null,
            suspendedAt: row.suspendedAt,
          };
    return { items: found.rows.map((row) => viewOf(row, caseOf(row))), page: found.page };
  },
  cancelProcessInstance: async (call) => {
    const { params, body, db } = call;
    const instance = await db((client) => runningInstance(client, call, params.processInstanceKey));
    if (instance === null) return noContent;
    const compensate = body.compensate === true ? ({ compensate: true } as const) : {};
    const reason = reasonOf(body);
    return repair(call, { instance, command: { type: 'cancelInstance', reason, ...compensate }, body });
  },
  activateAdHocElements: async (call) => {
    const { params, body, db } = call;
    const { adHocSubProcessInstanceKey: elementKey } = params;
    const elements = body.elements.map(({ elementId, variables }) => ({ elementId, variables: variables ?? {} }));
    for (const { variables } of elements) {
      assertNoCitizenNumber(variables);
      assertFit(variables);
    }
    const instance = await db(async (client) => {
      const found = await visibleInstance(client, instanceOf(elementKey));
      if (await wasDone(client, call, found.processInstanceKey)) return null;
      assertRunning(found);
      return found;
    });
    if (instance === null) return undefined;
    await sendCommand(call, targetOf(instance), {
      type: 'activateAdHocElements',
      element: sequenceOf(elementKey),
      elements,
      cancelRemainingInstances: body.cancelRemainingInstances ?? false,
    });
    return undefined;
  },
  searchElementInstances: async ({ body, db }) => {
    const { tenantId: _, hasIncident, ...columns } = body.filter ?? {};
    const found = await db((client) => searchElements(client, columns, hasIncident, body));
    return {
      items: found.rows.map((row) => ({
        ...row,
        hasIncident: row.incidentKey !== null,
        tenantId: '<default>' as const,
      })),
      page: found.page,
    };
  },
};
