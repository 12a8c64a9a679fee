/** Publishing definitions: BPMN, DMN and form files, all or nothing. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { admissionReport } from './process-definition.ts';
import { key, keyParams, tenantIdOut } from './values.ts';

export const deploymentLimits = { files: 300, fileBytes: 4 * 1024 * 1024 } as const;

const deployedProcess = z.object({
  processDefinitionId: z.string(),
  processDefinitionVersion: z.int(),
  resourceName: z.string(),
  tenantId: tenantIdOut,
  processDefinitionKey: key,
});
const deployedDecision = z.object({
  decisionDefinitionId: z.string(),
  version: z.int(),
  name: z.string(),
  tenantId: tenantIdOut,
  decisionRequirementsId: z.string(),
  decisionDefinitionKey: key,
  decisionRequirementsKey: key,
});
const deployedForm = z.object({
  formId: z.string(),
  version: z.int(),
  resourceName: z.string(),
  tenantId: tenantIdOut,
  formKey: key,
});

/** All five members are always there; one is set. */
const deploymentItem = z.object({
  processDefinition: deployedProcess.nullable(),
  decisionDefinition: deployedDecision.nullable(),
  decisionRequirements: z.null(),
  form: deployedForm.nullable(),
  resource: z.null(),
});
export const deployment = z
  .object({ deploymentKey: key, tenantId: tenantIdOut, deployments: z.array(deploymentItem) })
  .meta({ id: 'Deployment' });
export type Deployment = z.infer<typeof deployment>;

/**
 * Alur: whether the newest versions of processes that use an earlier version of a decision of the files come along, from their stored
 * files. A process keeps the decisions it was published with, so that else none of them would follow a new table.
 */
export const dependentsQuery = z.object({ dependents: z.stringbool().default(false) });
const dependent = z.object({
  processDefinitionId: z.string(),
  name: z.string().nullable(),
  /** The one that is published now. */
  version: z.int(),
  resourceName: z.string(),
});

export const deploymentEndpoints = {
  createDeployment: endpoint({
    method: 'post',
    path: '/v2/deployments',
    operationId: 'createDeployment',
    noun: 'Deployment',
    summary: 'Publish files (multipart field `resources`, several); what is unchanged keeps its key and version',
    roles: ['administrator'],
    query: dependentsQuery,
    bodyType: 'multipart',
    status: 200,
    ok: deployment,
    problems: ['notAdmitted', 'tooLarge', 'unsupportedMediaType'],
    idempotent: false,
  }),
  checkDeployment: endpoint({
    method: 'post',
    path: '/v2/deployments/check',
    operationId: 'checkDeployment',
    noun: 'Deployment',
    summary: 'Try the files as a deployment would, without publishing: the admission report',
    roles: ['administrator'],
    query: dependentsQuery,
    bodyType: 'multipart',
    status: 200,
    ok: z.object({
      admitted: z.boolean(),
      reports: z.array(admissionReport),
      /** Processes that come along because they use an earlier version of a decision of the files; empty unless asked for. */
      dependents: z.array(dependent),
    }),
    problems: ['tooLarge', 'unsupportedMediaType'],
  }),
  deleteResource: endpoint({
    method: 'post',
    path: '/v2/resources/:resourceKey/deletion',
    operationId: 'deleteResource',
    noun: 'Resource',
    summary:
      'Delete a version of a process on which no instance runs; the version before takes over its start events. Ended cases keep their diagram',
    roles: ['administrator'],
    params: keyParams('resourceKey'),
    body: z
      .object({
        operationReference: z.int().nullish(),
        /** Alur: kept in the audit trail. */ reason: z.string().trim().min(1).max(1_000).optional(),
      })
      .optional(),
    status: 200,
    ok: z.object({ resourceKey: key, batchOperation: z.null() }),
    problems: ['notFound', 'wrongState'],
  }),
};
