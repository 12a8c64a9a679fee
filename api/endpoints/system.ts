/** What Camunda's clients ask first, health, documentation. */
import { gatewayVersion } from '#contract/topology.ts';
import type { systemEndpoints } from '#contract/topology.ts';
import { docsPage } from '../docs.ts';
import { answered } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { healthOf } from '../health.ts';
import { openApiDocument } from '../openapi.ts';
import { Refusal } from '../refusal.ts';
import { streamEvents } from './events.ts';

export const systemHandlers: HandlersOf<typeof systemEndpoints> = {
  // Temporal is the cluster; towards Camunda's clients it is one broker with one partition.
  getTopology: async ({ request, deps }) => {
    const { status } = await healthOf(deps);
    return {
      brokers: [
        {
          nodeId: 0,
          host: request.hostname,
          port: request.socket.localPort ?? 0,
          version: gatewayVersion,
          partitions: [{ partitionId: 1, role: 'leader', health: status === 'up' ? 'healthy' : 'unhealthy' }],
        },
      ],
      clusterId: null,
      clusterSize: 1,
      partitionsCount: 1,
      replicationFactor: 1,
      gatewayVersion,
      lastCompletedChangeId: '-1',
    };
  },
  getStatus: async ({ deps }) => {
    const { status } = await healthOf(deps);
    if (status === 'down') throw new Refusal('unavailable', 'tryLater', { retryAfterSeconds: 5 });
    return undefined;
  },
  getLicense: () =>
    Promise.resolve({ validLicense: true, licenseType: 'Apache-2.0', isCommercial: false, expiresAt: null }),
  getAuthentication: ({ caller: { account, sessionToken } }) =>
    Promise.resolve({
      username: account.name,
      displayName: account.displayName,
      email: null,
      authorizedComponents: ['*'],
      tenants: [{ tenantId: '<default>', name: 'Default', description: null }],
      groups: [...account.groups],
      roles: [...account.roles],
      salesPlanType: null,
      c8Links: {},
      canLogout: sessionToken !== null,
    }),
  getLiveness: () => Promise.resolve({ status: 'up' }),
  getReadiness: async ({ deps, response }) => {
    const report = await healthOf(deps);
    if (report.status === 'up') return report;
    response.status(503).set('Cache-Control', 'no-store').json(report);
    return answered;
  },
  getOpenApi: () => Promise.resolve(openApiDocument),
  getDocs: () => Promise.resolve(docsPage),
  streamEvents,
};
