/** Nobody of village A gets data of village B: every route of the contract is asked for it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '#contract/endpoint.ts';
import { routes } from '#contract/routes.ts';
import { createAccessToken } from '#db/accounts.ts';
import { inRegion } from '#db/region-scope.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { pathOf, requestsFor } from './route-requests.ts';
import type { RouteName, RouteRequest } from './route-requests.ts';
import { publishSample, writeSampleCase } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

const villageA = '32.15.01.1001';
const villageB = '32.15.01.1003';
const roles = ['operator', 'supervisor', 'administrator', 'integration'] as const;
const groups = ['operator-desa'];
const inA = { name: 'orang-a', region: villageA, roles, groups };
const inB = { name: 'orang-b', region: villageB, roles, groups };
/** One digit short of village A: a prefix as text, not as a region. */
const nearB = { name: 'orang-dekat', region: '32.1', roles, groups };

/** Routes that are the same for everybody: they show nothing of a case or a person. Say so here, or be probed. */
const shared: readonly RouteName[] = [
  'getTopology',
  'getStatus',
  'getLicense',
  'getAuthentication',
  'getLiveness',
  'getReadiness',
  'getOpenApi',
  'getDocs',
  'streamEvents',
  'signIn',
  'signOut',
  'getSession',
  'changeLocale',
  'changePassword',
  'createDeployment',
  'checkDeployment',
  'checkDecisions',
  'checkImpact',
  'checkRegression',
  'deleteResource',
  'searchProcessDefinitions',
  'getProcessDefinition',
  'getProcessDefinitionXml',
  'getProcessDefinitionForm',
  'getProcessDefinitionAdmission',
  'declareLatestProcessDefinition',
  'suspendProcessDefinition',
  'resumeProcessDefinition',
  'searchStartSchedules',
  'getStartScheduleTimes',
  'previewStartSchedule',
  'pauseStartSchedule',
  'resumeStartSchedule',
  'backfillStartSchedule',
  'suspendJobType',
  'resumeJobType',
  'getSetting',
  // Lists are sent for the own region, by profiles that are everybody's (exchange.test.ts).
  'listExchangeProfiles',
  'getExchangeTemplate',
  'importList',
  'listReports',
  // Open to whoever holds a signed token (documents.test.ts).
  'checkToken',
  // Open to whoever has a proposal's number and code (citizens.test.ts).
  'showStatusToCitizen',
  'reportByCitizen',
  // Open to accounts of the whole country only (verifications.test.ts).
  'createVerification',
  'getVerification',
  'listDifferences',
  'repairDifferences',
  'putSetting',
];
const names = Object.keys(routes) as RouteName[];
const probed = names.filter((name) => !shared.includes(name));

let api: ApiUnderTest;
let b: SampleCase;
let requests: Readonly<Record<RouteName, RouteRequest>>;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  const definitionKey = await publishSample(api);
  await api.token(inB);
  await writeSampleCase(api, { region: villageA, nik: '3215015505850001', definitionKey });
  b = await writeSampleCase(api, { region: villageB, nik: '3215015505850002', definitionKey });
  const { accessTokenId } = await createAccessToken(api.owner, inB.name, 'milik B', null);
  requests = requestsFor(b, { account: inB.name, accessTokenId });
}, 120_000);
afterAll(() => api.stop());

const ask = (name: RouteName, token: string) => {
  const endpoint: Endpoint = routes[name];
  const request = requests[name];
  const { body, rawBody, headers } = request;
  return api.ask(endpoint.method, pathOf(endpoint.path, request), {
    token,
    ...(body === undefined ? {} : { body }),
    ...(rawBody === undefined ? {} : { rawBody }),
    ...(headers === undefined ? {} : { headers }),
  });
};
/** Texts that only data of village B holds. What the caller sent himself may come back in a problem's path. */
const marks = () => [
  b.businessKey,
  b.instanceKey,
  b.userTaskKey,
  b.jobKey,
  b.incidentKey,
  b.subjectKey,
  b.personKey,
  b.familyKey,
  b.importKey,
  b.listImportKey,
  b.proposalNumber,
  `rahasia ${villageB}`,
  `gangguan ${villageB}`,
  '3215015505850002',
];
const leaked = (text: string): string[] => {
  const told = JSON.stringify(text === '' ? '' : text).replaceAll(/"instance\\?":\s*\\?"[^"]*"/g, '');
  return marks().filter((mark) => told.includes(mark));
};

/** Subscriptions of village B that some signal is on its way to. */
const signalsReached = async (): Promise<number> => {
  const { rows } = await api.worker.query<{ count: number }>(
    'select count(*)::int as count from signal_delivery d join signal_subscription s on s.key = d.target where s.region = $1',
    [villageB],
  );
  return rows[0]?.count ?? -1;
};

describe.each([inA, nearB])('an account of $region', (account) => {
  it.each(probed)('%s gives and does nothing for village B', async (name) => {
    const before = {
      commands: api.temporal.commands.length,
      starts: api.temporal.starts.length,
      messages: api.temporal.messages.length,
      reached: await signalsReached(),
    };
    const answer = await ask(name, await api.token(account));
    // A definition is everybody's; its impact is told of the cases that the caller sees: of none here.
    const isShown = requests[name].params === undefined || name === 'getImpact';
    const allowed = isShown ? [200, 202, 403, 404, 422] : [403, 404];
    expect(allowed).toContain(answer.status);
    expect(leaked(answer.text)).toEqual([]);
    const { commands, starts, messages } = api.temporal;
    const after = { commands: commands.length, starts: starts.length, messages: messages.length };
    expect({ ...after, reached: await signalsReached() }).toEqual(before);
  });
});

describe('an account of village B', () => {
  // Told to the data protection officer, or of a case of duplicates (subject-rights.test.ts, comparisons.test.ts).
  const special: readonly RouteName[] = ['listSubjectCopies', 'getSubjectCopy', 'getComparison'];
  const reads = probed.filter(
    (name) => !special.includes(name) && (routes[name].method === 'get' || routes[name].path.endsWith('/search')),
  );
  it.each(reads)('%s answers', async (name) => {
    const answer = await ask(name, await api.token(inB));
    expect([200, 204]).toContain(answer.status);
    if (
      answer.status === 200 &&
      ![
        'searchAccounts',
        'searchAccessTokens',
        'getAccount',
        'getStatistics',
        // Counts.
        'getReport',
        'getReportCsv',
        'getReportXlsx',
        'getReportPdf',
        'getCaseDecisions',
        'listJobTypes',
        // Initials only.
        'getNoticeBoard',
        // No row is in the sample.
        'listExchangeRows',
        'getExchangeRows',
        'getExchangeFailedRows',
      ].includes(name)
    ) {
      expect([name, leaked(answer.text).length > 0]).toEqual([name, true]);
    }
  });
});

describe('row-level security, whatever a query forgets', () => {
  const tables = [
    'instance',
    'user_task',
    'job',
    'timer',
    'message_subscription',
    'signal_subscription',
    'condition_watch',
    'incident',
    'decision_evaluation',
    'subject',
    'person',
    'family',
    'family_member',
    'participation',
    'proposal',
    'import_run',
    'fact',
    'element_instance',
    'variable',
    'parked_job',
    'batch_operation',
    'batch_operation_item',
    'file',
    'document',
  ];
  it.each(tables)('%s: A sees as many rows as are its own, nobody none', async (table) => {
    const count = (region: string) =>
      inRegion(
        api.app,
        region,
        async (db) =>
          (await db.query<{ count: number }>(`select count(*)::int as count from ${table}`)).rows[0]?.count ?? -1,
      );
    const [all, a, other, nobody] = [await count('*'), await count(villageA), await count(villageB), await count('')];
    expect(all).toBeGreaterThan(0);
    expect(a + other).toBe(all);
    expect(nobody).toBe(0);
    expect(await count('32.1')).toBe(0);
    expect(await count('32')).toBe(all);
  });
  it('a pooled connection keeps nothing of the last region', async () => {
    await inRegion(api.app, '*', (db) => db.query('select 1'));
    const { rows } = await api.app.query<{ count: number }>('select count(*)::int as count from instance');
    expect(rows[0]?.count).toBe(0);
  });
});
