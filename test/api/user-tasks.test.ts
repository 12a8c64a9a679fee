import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '#api/refusal.ts';
import { ApiUnderTest } from './api-under-test.ts';
import type { TestAccount } from './api-under-test.ts';
import { publishSample, writeSampleCase } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

const region = '32.15.01.1001';
const nik = '3215015505850001';
const account = (name: string, roles: TestAccount['roles'], groups: readonly string[] = []): TestAccount => ({
  name,
  region: '32.15',
  roles,
  groups,
});
const ani = account('ani', ['operator'], ['operator-desa']);
const budi = account('budi', ['operator'], ['operator-desa']);
const stranger = account('cici', ['operator'], ['pusdatin']);
const overseer = account('dedi', ['supervisor']);
const form = {
  id: 'perbaiki',
  type: 'default',
  components: [
    {
      type: 'textfield',
      key: 'nik',
      label: 'NIK',
      validate: { required: true, pattern: '^([0-9]{16}|[0-9]{6}\\*{10})$' },
      properties: { vault: 'nik' },
    },
    {
      type: 'textfield',
      key: 'nama',
      label: 'Nama',
      validate: { required: true, minLength: 2 },
      properties: { vault: 'nama' },
    },
    {
      type: 'radio',
      key: 'hasil.tindakan',
      label: 'Tindakan',
      values: [
        { label: 'A', value: 'DIPERBAIKI' },
        { label: 'B', value: 'DIBATALKAN' },
      ],
      validate: { required: true },
    },
    {
      type: 'textarea',
      key: 'hasil.alasan',
      label: 'Alasan',
      conditional: { hide: '=hasil.tindakan != "DIBATALKAN"' },
      validate: { required: true, minLength: 5 },
    },
  ],
};

let api: ApiUnderTest;
let definitionKey: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  definitionKey = await publishSample(api, { 'perbaiki.form': JSON.stringify(form) });
}, 120_000);
afterAll(() => api.stop());
beforeEach(() => {
  api.temporal.answer = () => Promise.resolve(1);
});

const newCase = (more: { formId?: string; excludedUsers?: string[] } = {}): Promise<SampleCase> =>
  writeSampleCase(api, { region, nik, definitionKey, ...more });
const ask = async (who: TestAccount, method: string, path: string, body?: unknown) =>
  api.ask(method, path, { token: await api.token(who), ...(body === undefined ? {} : { body }) });
const assign = (name: string, { userTaskKey }: SampleCase) =>
  api.owner.query('update user_task set assignee = $1 where key = $2', [name, userTaskKey]);
const lastCommand = () => api.temporal.commands.at(-1)?.command;

describe('the inbox', () => {
  it('shows in one request what I may work on, and whether I may take it', async () => {
    const mine = await newCase();
    const taken = await newCase();
    const kept = await newCase({ excludedUsers: ['ani'] });
    await assign('budi', taken);
    const { body } = await ask(ani, 'post', '/v2/user-tasks/search', {
      filter: { mine: true },
      include: ['case'],
      page: { limit: 1000 },
    });
    const keys = body.items.map((task: { userTaskKey: string }) => task.userTaskKey);
    expect(keys).toContain(mine.userTaskKey);
    expect(keys).not.toContain(taken.userTaskKey);
    expect(keys).not.toContain(kept.userTaskKey);
    const task = body.items.find(({ userTaskKey }: { userTaskKey: string }) => userTaskKey === mine.userTaskKey);
    expect(task.case).toMatchObject({
      businessKey: mine.businessKey,
      region,
      claimable: true,
      completable: true,
      overdue: false,
    });
  });
  it('has exactly the members of Camunda 8.9 unless more is asked for', async () => {
    const { userTaskKey } = await newCase();
    const { body } = await ask(ani, 'get', `/v2/user-tasks/${userTaskKey}`);
    expect(Object.keys(body).sort()).toEqual(
      [
        'assignee',
        'candidateGroups',
        'candidateUsers',
        'completionDate',
        'creationDate',
        'customHeaders',
        'dueDate',
        'elementId',
        'elementInstanceKey',
        'externalFormReference',
        'followUpDate',
        'formKey',
        'name',
        'priority',
        'processDefinitionId',
        'processDefinitionKey',
        'processDefinitionVersion',
        'processInstanceKey',
        'processName',
        'rootProcessInstanceKey',
        'state',
        'tags',
        'tenantId',
        'userTaskKey',
      ].sort(),
    );
  });
  it('hides what is nobody of mine; an overseer sees all of the region', async () => {
    const { userTaskKey } = await newCase();
    expect((await ask(stranger, 'get', `/v2/user-tasks/${userTaskKey}`)).status).toBe(404);
    expect((await ask(overseer, 'get', `/v2/user-tasks/${userTaskKey}`)).status).toBe(200);
  });
});

describe('taking and giving back', () => {
  it('an operator takes a task for himself only, and not from a colleague', async () => {
    const sample = await newCase();
    const path = `/v2/user-tasks/${sample.userTaskKey}/assignment`;
    expect((await ask(ani, 'post', path, {})).status).toBe(204);
    expect(lastCommand()).toEqual({ type: 'assignUserTask', task: 1, assignee: 'ani', allowOverride: false });
    expect((await ask(ani, 'post', path, { assignee: 'budi' })).status).toBe(403);
    await assign('budi', sample);
    const refused = await ask(ani, 'post', path, { allowOverride: true });
    expect([refused.status, refused.body.code]).toEqual([409, 'alreadyAssigned']);
    expect(refused.body.detail).toContain('budi');
  });
  it('an overseer reassigns, to candidates of the region only', async () => {
    const sample = await newCase();
    await api.token(budi);
    await api.token(stranger);
    await assign('ani', sample);
    const path = `/v2/user-tasks/${sample.userTaskKey}/assignment`;
    expect((await ask(overseer, 'post', path, { assignee: 'budi' })).status).toBe(204);
    expect(lastCommand()).toMatchObject({ assignee: 'budi', allowOverride: true });
    expect((await ask(overseer, 'post', path, { assignee: 'cici' })).status).toBe(403);
    expect((await ask(overseer, 'post', path, { assignee: 'tidak-ada' })).status).toBe(400);
    expect((await ask(overseer, 'post', path, { assignee: 'budi', allowOverride: false })).body.code).toBe(
      'alreadyAssigned',
    );
  });
  it('separation of duties holds on taking and completing', async () => {
    const { userTaskKey } = await newCase({ excludedUsers: ['ani'] });
    expect((await ask(ani, 'post', `/v2/user-tasks/${userTaskKey}/assignment`, {})).body.code).toBe('fourEyes');
    expect((await ask(ani, 'post', `/v2/user-tasks/${userTaskKey}/completion`, {})).body.code).toBe('fourEyes');
  });
  it('only the holder or an overseer gives a task back', async () => {
    const sample = await newCase();
    await assign('ani', sample);
    const path = `/v2/user-tasks/${sample.userTaskKey}/assignee`;
    expect((await ask(budi, 'delete', path)).body.code).toBe('notAssignedToYou');
    expect((await ask(ani, 'delete', path)).status).toBe(204);
    expect(lastCommand()).toMatchObject({ assignee: null });
  });
});

describe('completing', () => {
  it('is for the holder; a candidate takes a free task by completing it', async () => {
    const sample = await newCase();
    expect(
      (await ask(ani, 'post', `/v2/user-tasks/${sample.userTaskKey}/completion`, { variables: { setuju: true } }))
        .status,
    ).toBe(204);
    expect(lastCommand()).toEqual({ type: 'completeUserTask', task: 1, variables: { setuju: true } });
    await assign('budi', sample);
    const refused = await ask(ani, 'post', `/v2/user-tasks/${sample.userTaskKey}/completion`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'notAssignedToYou']);
  });
  it("passes on the engine's refusals", async () => {
    const { userTaskKey } = await newCase();
    api.temporal.answer = async () => {
      // Somebody else was faster.
      await api.owner.query("update user_task set state = 'COMPLETED' where key = $1", [userTaskKey]);
      throw new Refusal('wrongState', 'taskEnded');
    };
    expect((await ask(ani, 'post', `/v2/user-tasks/${userTaskKey}/completion`, {})).status).toBe(409);
  });
  // found by chaos R1, seed 138660836
  it('sends a completion again while the case does not know a task that is still shown', async () => {
    const { userTaskKey } = await newCase();
    const before = api.temporal.commands.length;
    let refusals = 2;
    api.temporal.answer = () =>
      (refusals -= 1) >= 0 ? Promise.reject(new Refusal('wrongState', 'taskEnded')) : Promise.resolve(1);
    expect((await ask(ani, 'post', `/v2/user-tasks/${userTaskKey}/completion`, {})).status).toBe(204);
    const sent = api.temporal.commands.slice(before);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    refusals = Infinity;
    const other = await newCase();
    const refused = await ask(ani, 'post', `/v2/user-tasks/${other.userTaskKey}/completion`, {});
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  });
  it('refuses a NIK in any text', async () => {
    const { userTaskKey } = await newCase();
    const refused = await ask(ani, 'post', `/v2/user-tasks/${userTaskKey}/completion`, {
      variables: { catatan: { isi: `lihat ${nik} ya` } },
    });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalidVariables']);
    expect(refused.text).not.toContain(nik);
  });
});

describe('a form with citizen data', () => {
  const path = ({ userTaskKey }: SampleCase, rest: string) => `/v2/user-tasks/${userTaskKey}/${rest}`;
  const send = (sample: SampleCase, variables: object) => ask(ani, 'post', path(sample, 'completion'), { variables });

  it('is filled from the vault, numbers masked', async () => {
    const sample = await newCase({ formId: 'perbaiki' });
    const { body, text } = await ask(ani, 'get', path(sample, 'form?data=true'));
    expect(JSON.parse(body.schema)).toEqual(form);
    expect(body.data).toMatchObject({ nik: '321501**********', nama: 'WARGA CONTOH' });
    expect(text).not.toContain(nik);
    expect((await ask(ani, 'get', path(await newCase(), 'form'))).status).toBe(204);
  });
  it('is judged again: each wrong field is named', async () => {
    const sample = await newCase({ formId: 'perbaiki' });
    const refused = await send(sample, { nik: '123', nama: 'X', hasil: { tindakan: 'LAIN' }, tambahan: 1 });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalidForm']);
    expect(refused.body.errors.map((fault: { field: string }) => fault.field).sort()).toEqual([
      'hasil.tindakan',
      'nama',
      'nik',
      'tambahan',
    ]);
    const hidden = await send(sample, {
      nik: '321501**********',
      nama: 'WARGA CONTOH',
      hasil: { tindakan: 'DIBATALKAN' },
    });
    expect(hidden.body.errors).toEqual([{ field: 'hasil.alasan', message: 'wajib diisi' }]);
  });
  it('goes to the vault and to the variables, each its part; the change is audited without its values', async () => {
    const sample = await newCase({ formId: 'perbaiki' });
    const sent = {
      nik: '3215015505850009',
      nama: 'WARGA CONTOH',
      hasil: { tindakan: 'DIPERBAIKI', alasan: 'tersembunyi' },
    };
    expect((await send(sample, sent)).status).toBe(204);
    expect(lastCommand()).toMatchObject({ variables: { hasil: { tindakan: 'DIPERBAIKI' } } });
    expect(JSON.stringify(lastCommand())).not.toContain('3215');
    expect((await api.vault.read(api.worker, sample.subjectKey))?.nik).toBe('3215015505850009');
    const { rows } = await api.owner.query<{ detail: object }>(
      "select detail from audit where target = $1 and action = 'subject.update'",
      [sample.subjectKey],
    );
    expect(rows.map(({ detail }) => detail)).toEqual([{ fields: ['nik'] }]);
  });
  it('leaves the vault as it was when the engine refuses', async () => {
    const sample = await newCase({ formId: 'perbaiki' });
    api.temporal.answer = () => Promise.reject(new Refusal('wrongState', 'caseEnded'));
    await send(sample, { nik: '3215015505850009', nama: 'LAIN', hasil: { tindakan: 'DIPERBAIKI' } });
    expect(await api.vault.read(api.worker, sample.subjectKey)).toMatchObject({ nik, nama: 'WARGA CONTOH' });
  });
});

describe('citizens', () => {
  it('are shown masked, and in full only for a reason that is kept', async () => {
    const { subjectKey } = await newCase();
    const masked = await ask(ani, 'get', `/v2/subjects/${subjectKey}`);
    expect(masked.body).toMatchObject({ nikMasked: '321501**********', nama: 'WARGA CONTOH' });
    expect(masked.text).not.toContain(nik);
    expect(masked.text).not.toContain('IBU CONTOH');
    expect((await ask(ani, 'post', `/v2/subjects/${subjectKey}/reveal`, { reason: '' })).status).toBe(400);
    const full = await ask(ani, 'post', `/v2/subjects/${subjectKey}/reveal`, { reason: 'mencocokkan KTP' });
    expect(full.body).toMatchObject({ nik, ibuKandung: 'IBU CONTOH' });
    const { rows } = await api.owner.query(
      "select actor, detail from audit where action = 'subject.reveal' and target = $1",
      [subjectKey],
    );
    expect(rows).toEqual([{ actor: 'ani', detail: { reason: 'mencocokkan KTP' } }]);
  });
});
