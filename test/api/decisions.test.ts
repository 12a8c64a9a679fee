/** What was decided in a case is told with what it called, in full, to those who may see the case. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nextKey } from '#db/queries/definitions.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { DecisionExplanation, Fact } from '#engine/fact.ts';
import { ApiUnderTest } from './api-under-test.ts';

const region = '32.15.01.2001';
const criteria: DecisionExplanation = {
  decisionId: 'skor_kriteria',
  decisionName: 'Skor kriteria',
  inputs: { 'Kriteria a': true },
  matchedRules: [{ rule: 1, annotation: 'Kriteria a: tidak bekerja.' }],
  output: 1,
  required: [],
};
const advice: DecisionExplanation = {
  decisionId: 'kelayakan',
  decisionName: 'Kelayakan',
  inputs: { 'Skor kriteria': 1 },
  matchedRules: [{ rule: 5, annotation: 'Satu atau dua kriteria: musyawarah memutuskan.' }],
  output: { saran: 'MUSYAWARAH' },
  required: [criteria],
};
const match: DecisionExplanation = { ...criteria, decisionId: 'hasil_nik', decisionName: null, output: 'PADAN' };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
}, 120_000);
afterAll(() => api.stop());

async function decided(
  instanceKey: string,
  parentKey: string | null,
  elementId: string,
  explanation: DecisionExplanation,
): Promise<void> {
  const about = {
    instanceKey,
    processId: parentKey === null ? 'usulan-dtks' : 'verifikasi-nik',
    definitionKey: '1048576',
    businessKey: 'A-1',
    region,
  };
  const parent =
    parentKey === null
      ? null
      : { instanceKey: parentKey, processId: 'usulan-dtks', element: 2, rootInstanceKey: parentKey };
  const name = `Nama ${elementId}`;
  const facts: Fact[] = [
    { type: 'instanceStarted', ...about, version: 1, parent },
    {
      type: 'elementActivated',
      element: 1,
      elementId,
      elementType: 'businessRuleTask',
      name,
      scope: 0,
      loopCounter: null,
    },
    { type: 'decisionEvaluated', element: 1, elementId, explanation },
  ];
  const meta = { atMs: Date.now(), actor: 'system', commandKey: `k-${instanceKey}` };
  await recordFacts(api.worker, {
    ...about,
    facts: facts.map((fact, index) => ({ ...meta, number: index + 1, fact })),
  });
}

test('a case tells its decisions and those of what it called, with what each rests on', async () => {
  const caseKey = await nextKey(api.worker);
  const called = await nextKey(api.worker);
  await decided(caseKey, null, 'nilai-kelayakan', advice);
  await decided(called, caseKey, 'nilai-hasil', match);
  const token = await api.token({ name: 'operator', region, roles: ['operator'] });
  const { status, body } = await api.ask('get', `/v2/cases/${caseKey}/decision-evaluations`, { token });
  expect(status).toBe(200);
  expect(body.items).toMatchObject([
    {
      caseKey,
      processDefinitionId: 'usulan-dtks',
      elementId: 'nilai-kelayakan',
      elementName: 'Nama nilai-kelayakan',
      decisionId: 'kelayakan',
      explanation: advice,
    },
    { caseKey: called, processDefinitionId: 'verifikasi-nik', decisionId: 'hasil_nik', explanation: match },
  ]);
  const alone = await api.ask('get', `/v2/cases/${called}/decision-evaluations`, { token });
  expect(alone.body.items.map(({ decisionId }: { decisionId: string }) => decisionId)).toEqual(['hasil_nik']);
  const stranger = await api.token({ name: 'jauh', region: '32.73', roles: ['operator'] });
  expect((await api.ask('get', `/v2/cases/${caseKey}/decision-evaluations`, { token: stranger })).status).toBe(404);
});
