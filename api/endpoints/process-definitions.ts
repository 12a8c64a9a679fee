/** Published process definitions. */
import type { AdmissionReport } from '#bpmn/admission.ts';
import type { ProcessDefinition, processDefinitionEndpoints } from '#contract/process-definition.ts';
import { findAdmission, findByDefinitionKey, findForm, findXml, searchDefinitions } from '#db/queries/definitions.ts';
import type { DefinitionRow } from '#db/queries/definitions.ts';
import { findingsOf } from '../admission-view.ts';
import { noContent } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { notFound } from '../refusal.ts';

function viewOf(row: DefinitionRow, withStatistics: boolean): ProcessDefinition {
  const { startFormId, deployedAt, active, withIncident, ended, ...definition } = row;
  const view = { ...definition, tenantId: '<default>' as const, hasStartForm: startFormId !== null };
  return withStatistics ? { ...view, statistics: { deployedAt, active, withIncident, ended } } : view;
}

export const processDefinitionHandlers: HandlersOf<typeof processDefinitionEndpoints> = {
  searchProcessDefinitions: async ({ body, db }) => {
    const { tenantId: _, isLatestVersion, hasStartForm, ...columns } = body.filter ?? {};
    const found = await db((client) => searchDefinitions(client, { columns, isLatestVersion, hasStartForm }, body));
    const withStatistics = body.include?.includes('statistics') === true;
    return { items: found.rows.map((row) => viewOf(row, withStatistics)), page: found.page };
  },
  getProcessDefinition: async ({ params, db }) => {
    const { rows } = await db((client) =>
      searchDefinitions(client, { columns: { processDefinitionKey: params.processDefinitionKey } }, {}),
    );
    if (rows[0] === undefined) throw notFound();
    return viewOf(rows[0], false);
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
};
