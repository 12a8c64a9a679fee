/** The installation itself: what Camunda's clients ask first, health, documentation, live changes. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { tenantIdOut } from './values.ts';

/** Camunda REST version whose member sets we emit. */
export const gatewayVersion = '8.9.0';

export const healthReport = z.object({
  status: z.enum(['up', 'down']),
  /** `engine` tells of a build that cannot go on with running cases; others may do that, so it does not make the status `down`. */
  checks: z.array(
    z.object({ name: z.enum(['database', 'temporal', 'worker', 'engine']), up: z.boolean(), detail: z.string() }),
  ),
});

export const systemEndpoints = {
  getTopology: endpoint({
    method: 'get',
    path: '/v2/topology',
    operationId: 'getTopology',
    noun: 'System',
    summary: 'Topology, as Camunda clients expect it',
    roles: 'public',
    status: 200,
    ok: z.object({
      brokers: z.array(
        z.object({
          nodeId: z.int(),
          host: z.string(),
          port: z.int(),
          version: z.string(),
          partitions: z.array(
            z.object({
              partitionId: z.int(),
              role: z.enum(['leader', 'follower', 'inactive']),
              health: z.enum(['healthy', 'unhealthy', 'dead']),
            }),
          ),
        }),
      ),
      clusterId: z.string().nullable(),
      clusterSize: z.int(),
      partitionsCount: z.int(),
      replicationFactor: z.int(),
      gatewayVersion: z.string(),
      lastCompletedChangeId: z.string(),
    }),
    problems: [],
  }),
  getStatus: endpoint({
    method: 'get',
    path: '/v2/status',
    operationId: 'getStatus',
    noun: 'System',
    summary: '204 when ready, else 503',
    roles: 'public',
    status: 204,
    ok: null,
    problems: [],
  }),
  getLicense: endpoint({
    method: 'get',
    path: '/v2/license',
    operationId: 'getLicense',
    noun: 'System',
    summary: 'Licence, as Camunda clients expect it',
    roles: 'public',
    status: 200,
    ok: z.object({
      validLicense: z.boolean(),
      licenseType: z.string(),
      isCommercial: z.boolean(),
      expiresAt: z.string().nullable(),
    }),
    problems: [],
  }),
  getAuthentication: endpoint({
    method: 'get',
    path: '/v2/authentication/me',
    operationId: 'getAuthentication',
    noun: 'System',
    summary: 'Who am I, in the shape of Camunda',
    roles: 'any',
    status: 200,
    ok: z.object({
      username: z.string(),
      displayName: z.string().nullable(),
      email: z.string().nullable(),
      authorizedComponents: z.array(z.string()),
      tenants: z.array(z.object({ tenantId: tenantIdOut, name: z.string(), description: z.string().nullable() })),
      groups: z.array(z.string()),
      roles: z.array(z.string()),
      salesPlanType: z.string().nullable(),
      c8Links: z.record(z.string(), z.string()),
      canLogout: z.boolean(),
    }),
    problems: [],
  }),
  getLiveness: endpoint({
    method: 'get',
    path: '/health/live',
    operationId: 'getLiveness',
    noun: 'Health',
    summary: 'The process answers',
    roles: 'public',
    status: 200,
    ok: z.object({ status: z.literal('up') }),
    problems: [],
  }),
  getReadiness: endpoint({
    method: 'get',
    path: '/health/ready',
    operationId: 'getReadiness',
    noun: 'Health',
    summary: 'Database, Temporal and a worker that polled lately; 503 with the same body when not',
    roles: 'public',
    status: 200,
    ok: healthReport,
    problems: [],
  }),
  getOpenApi: endpoint({
    method: 'get',
    path: '/v2/openapi.json',
    operationId: 'getOpenApi',
    noun: 'System',
    summary: 'This description, OpenAPI 3.1',
    roles: 'public',
    status: 200,
    ok: z.json(),
    problems: [],
  }),
  getDocs: endpoint({
    method: 'get',
    path: '/docs',
    operationId: 'getDocs',
    noun: 'System',
    summary: 'This description as a page',
    roles: 'public',
    status: 200,
    ok: z.string(),
    okType: 'text/html',
    problems: [],
  }),
  streamEvents: endpoint({
    method: 'get',
    path: '/v2/events',
    operationId: 'streamEvents',
    noun: 'Event',
    summary: 'Server-sent events `task.changed` and `case.changed`, data {"processInstanceKey"}',
    roles: 'any',
    status: 200,
    ok: z.string(),
    okType: 'text/event-stream',
    problems: [],
  }),
};
