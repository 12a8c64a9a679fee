/** Outcomes recorded without a network that come when their task is over (docs/life.md). */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Refusal } from '#api/refusal.ts';
import { ApiUnderTest } from './api-under-test.ts';
import type { TestAccount } from './api-under-test.ts';
import { processId, publishSample, writeSampleCase } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

const region = '32.15.01.1001';
const account = (name: string, groups: readonly string[]): TestAccount => ({
  name,
  region: '32.15',
  roles: ['operator'],
  groups,
});
const ani = account('ani', ['operator-desa']);
const stranger = account('cici', ['pusdatin']);
const model = (properties: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">
  <bpmn:process id="${processId}" isExecutable="true">
    <bpmn:startEvent id="mulai" />
    <bpmn:userTask id="periksa"><bpmn:extensionElements><zeebe:userTask />${properties}</bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="a" sourceRef="mulai" targetRef="periksa" />
  </bpmn:process>
</bpmn:definitions>`;
const named =
  '<zeebe:properties><zeebe:property name="alur.lateMessage" value="dtks.hasil-susulan" /></zeebe:properties>';
const form = {
  id: 'serah',
  type: 'default',
  components: [{ type: 'textfield', key: 'keadaan', label: 'Keadaan', validate: { required: true } }],
};

let api: ApiUnderTest;
let definitionKey: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  definitionKey = await publishSample(api, { 'contoh.bpmn': model(named), 'serah.form': JSON.stringify(form) });
}, 120_000);
afterAll(() => api.stop());
beforeEach(() => {
  api.temporal.messages.length = 0;
  api.temporal.answer = () => Promise.resolve(1);
});

async function endedCase(key = definitionKey): Promise<SampleCase> {
  const sample = await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey: key, formId: 'serah' });
  await api.owner.query("update user_task set state = 'CANCELED' where key = $1", [sample.userTaskKey]);
  return sample;
}
const complete = async (
  who: TestAccount,
  { userTaskKey }: SampleCase,
  variables: object,
  headers: Record<string, string> = {},
) =>
  api.ask('post', `/v2/user-tasks/${userTaskKey}/completion`, {
    token: await api.token(who),
    body: { variables },
    headers,
  });

it('is kept for the process that decides, with what the task saw, and the sender is told', async () => {
  const sample = await endedCase();
  const answer = await complete(ani, sample, { keadaan: 'HADIR' });
  expect([answer.status, answer.body.code]).toEqual([409, 'outcomeKept']);
  expect(api.temporal.messages).toEqual([
    expect.objectContaining({
      name: 'dtks.hasil-susulan',
      correlationKey: sample.businessKey,
      messageId: expect.any(String),
      variables: expect.objectContaining({
        warga: sample.subjectKey,
        susulan: {
          nomor: sample.businessKey,
          wilayah: region,
          tugas: sample.userTaskKey,
          elemen: 'periksa',
          oleh: 'ani',
          perintah: api.temporal.messages[0]?.messageId,
          isian: { keadaan: 'HADIR' },
        },
      }),
    }),
  ]);
  const { rows } = await api.owner.query("select actor from audit where action = 'userTask.lateOutcome'");
  expect(rows).toEqual([{ actor: 'ani' }]);
});

it('is the same outcome however often it is sent', async () => {
  const sample = await endedCase();
  const headers = { 'Idempotency-Key': 'hp-17/42' };
  const codes = [
    (await complete(ani, sample, { keadaan: 'HADIR' }, headers)).body.code,
    (await complete(ani, sample, { keadaan: 'HADIR' }, headers)).body.code,
  ];
  expect(codes).toEqual(['outcomeKept', 'outcomeKept']);
  expect(new Set(api.temporal.messages.map(({ messageId }) => messageId)).size).toBe(1);
});

it('is also kept when the task ends between the look and the command', async () => {
  const sample = await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey, formId: 'serah' });
  api.temporal.answer = async () => {
    await api.owner.query("update user_task set state = 'CANCELED' where key = $1", [sample.userTaskKey]);
    throw new Refusal('wrongState', 'taskEnded');
  };
  expect((await complete(ani, sample, { keadaan: 'HADIR' })).body.code).toBe('outcomeKept');
  expect(api.temporal.messages).toHaveLength(1);
});

it('is judged by the form, and taken from candidates only', async () => {
  const sample = await endedCase();
  expect((await complete(ani, sample, {})).body.code).toBe('invalidForm');
  expect((await complete(stranger, sample, { keadaan: 'HADIR' })).status).toBe(404);
  expect(api.temporal.messages).toEqual([]);
});

it('is refused as before where the model names no message', async () => {
  const plain = await publishSample(api, { 'contoh.bpmn': model('') });
  const answer = await complete(ani, await endedCase(plain), { keadaan: 'HADIR' });
  expect([answer.status, answer.body.code]).toEqual([409, 'wrongState']);
  expect(api.temporal.messages).toEqual([]);
});
