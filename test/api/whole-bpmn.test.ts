/** What the wider BPMN brings to the API, on the real worker; and the test clock. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '#contract/client.ts';
import { routes } from '#contract/routes.ts';
import { eventually } from '../support/eventually.ts';
import { HttpStack, problemOf } from '../support/http-stack.ts';
import { filesBody } from './sample-case.ts';

/** A process in the short form of this file: the inner XML of its elements, and its flows as `a>b`. */
function diagram(id: string, elements: string, flows: readonly string[], root = ''): string {
  const lines = flows.map((flow) => {
    const [source, target] = flow.split('>');
    return `<bpmn:sequenceFlow id="${source}_${target}" sourceRef="${source}" targetRef="${target}" />`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d-${id}" targetNamespace="urn:uji">${root}
  <bpmn:process id="${id}" isExecutable="true">${elements}${lines.join('')}</bpmn:process></bpmn:definitions>`;
}
const userTask = (id: string, more = ''): string =>
  `<bpmn:userTask id="${id}"><bpmn:extensionElements><zeebe:userTask />
    <zeebe:assignmentDefinition candidateGroups="operator-desa" />${more}</bpmn:extensionElements></bpmn:userTask>`;
const timerStart = (id: string, kind: string, value: string): string =>
  `<bpmn:startEvent id="${id}"><bpmn:timerEventDefinition><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${value}</bpmn:${kind}>
    </bpmn:timerEventDefinition></bpmn:startEvent>`;
const timerCatch = (id: string, duration: string): string =>
  `<bpmn:intermediateCatchEvent id="${id}"><bpmn:timerEventDefinition>
    <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;

const free = diagram(
  'bebas',
  `<bpmn:startEvent id="a" />
   <bpmn:adHocSubProcess id="ah">${userTask('x')}${userTask('y')}</bpmn:adHocSubProcess>
   <bpmn:endEvent id="z" />`,
  ['a>ah', 'ah>z'],
);
const heard = diagram(
  'didengar',
  `<bpmn:startEvent id="a" />
   ${userTask('t', '<zeebe:taskListeners><zeebe:taskListener eventType="completing" type="periksa.hasil" /></zeebe:taskListeners>')}
   <bpmn:boundaryEvent id="naik" attachedToRef="t" cancelActivity="false"><bpmn:escalationEventDefinition escalationRef="esk" /></bpmn:boundaryEvent>
   ${userTask('atasan')}
   <bpmn:endEvent id="z" /><bpmn:endEvent id="zz" />`,
  ['a>t', 't>z', 'naik>atasan', 'atasan>zz'],
  '<bpmn:escalation id="esk" name="lambat" escalationCode="LAMBAT" />',
);
const threshold = diagram(
  'ambang',
  `<bpmn:startEvent id="a"><bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=kuota &gt; 10</bpmn:condition>
     </bpmn:conditionalEventDefinition></bpmn:startEvent>${userTask('t')}<bpmn:endEvent id="z" />`,
  ['a>t', 't>z'],
);
const alarmed = diagram(
  'siaga',
  `<bpmn:startEvent id="a"><bpmn:signalEventDefinition signalRef="s" /></bpmn:startEvent>${userTask('t')}<bpmn:endEvent id="z" />`,
  ['a>t', 't>z'],
  '<bpmn:signal id="s" name="banjir" />',
);
const daily = (name: string): string =>
  diagram('harian', `${timerStart('a', 'timeCycle', 'R/P1D')}<bpmn:endEvent id="z" name="${name}" />`, ['a>z']);
const patient = diagram(
  'sabar',
  `<bpmn:startEvent id="a" />${timerCatch('tunggu', 'P30D')}
   <bpmn:scriptTask id="kapan"><bpmn:extensionElements><zeebe:script expression="=string(date(now()))" resultVariable="tanggal" /></bpmn:extensionElements></bpmn:scriptTask>
   ${userTask('t')}<bpmn:endEvent id="z" />`,
  ['a>tunggu', 'tunggu>kapan', 'kapan>t', 't>z'],
);
const news = diagram(
  'kabar',
  '<bpmn:startEvent id="a" /><bpmn:receiveTask id="r" messageRef="m" /><bpmn:endEvent id="z" />',
  ['a>r', 'r>z'],
  '<bpmn:message id="m" name="kabar"><bpmn:extensionElements><zeebe:subscription correlationKey="=nomor" /></bpmn:extensionElements></bpmn:message>',
);

let http: HttpStack;
let admin: Client;
beforeAll(async () => {
  http = await HttpStack.start({ hasTestClock: true });
  const roles = ['administrator', 'supervisor', 'integration', 'operator'] as const;
  admin = await http.client({ name: 'admin', roles, groups: ['operator-desa'], region: '*' });
}, 180_000);
afterAll(() => http.stop());

async function deploy(id: string, xml: string): Promise<string> {
  const { deployments } = await admin(routes.createDeployment, {}, { rawBody: filesBody({ [`${id}.bpmn`]: xml }) });
  return deployments[0]?.processDefinition?.processDefinitionKey ?? '';
}
const begin = async (processDefinitionId: string, variables = {}): Promise<string> =>
  (await admin(routes.createProcessInstance, { body: { processDefinitionId, variables } })).processInstanceKey;
const taskOf = (processInstanceKey: string, elementId: string): Promise<string> =>
  eventually(async () => {
    const filter = { processInstanceKey, elementId, state: 'CREATED' } as const;
    return (await admin(routes.searchUserTasks, { body: { filter } })).items[0]?.userTaskKey;
  });
const countOf = async (processDefinitionId: string): Promise<number> =>
  (await admin(routes.searchProcessInstances, { body: { filter: { processDefinitionId } } })).page.totalItems;
const dayMs = 86_400_000;

describe('work on a case', () => {
  it('activates elements of an ad-hoc sub-process', async () => {
    await deploy('bebas', free);
    const key = await begin('bebas');
    const filter = { processInstanceKey: key, elementId: 'ah' };
    const { items } = await admin(routes.searchElementInstances, { body: { filter } });
    const params = { adHocSubProcessInstanceKey: items[0]?.elementInstanceKey ?? '' };
    const seen = await admin(routes.getCase, { params: { caseKey: key } });
    expect(seen.positions).toEqual(['ah']);
    const steps = ['x', 'y'].map((elementId) => ({ elementId, name: null }));
    expect(seen.choices).toEqual([
      { elementInstanceKey: params.adHocSubProcessInstanceKey, elementId: 'ah', name: null, steps },
    ]);
    const body = { elements: [{ elementId: 'x', variables: { untuk: 'x' } }] };
    await admin(routes.activateAdHocElements, { params, body });
    expect(
      await problemOf(admin(routes.activateAdHocElements, { params, body: { elements: [{ elementId: 'bukan' }] } })),
    ).toBe('wrongState');
    await admin(routes.completeUserTask, { params: { userTaskKey: await taskOf(key, 'x') }, body: {} });
    const { items: lines } = await admin(routes.getCaseTimeline, { params: { caseKey: key }, query: {} });
    expect(lines.find(({ kind }) => kind === 'stepsChosen')).toMatchObject({
      elementId: 'ah',
      actor: 'admin',
      detail: { steps: [{ elementId: 'x', name: null }] },
    });
    expect((await admin(routes.getCase, { params: { caseKey: key } })).choices).toEqual([]);
    expect((await admin(routes.getProcessInstance, { params: { processInstanceKey: key } })).state).toBe('COMPLETED');
  });

  it('lets a task listener deny, then correct; changes and escalates from a task', async () => {
    await deploy('didengar', heard);
    const key = await begin('didengar');
    const userTaskKey = await taskOf(key, 't');
    await admin(routes.updateUserTask, {
      params: { userTaskKey },
      body: { changeset: { priority: 90, dueDate: '2030-01-01T00:00:00Z' } },
    });
    const look = () => admin(routes.getUserTask, { params: { userTaskKey }, query: { include: 'case' } });
    expect(await look()).toMatchObject({
      priority: 90,
      dueDate: '2030-01-01T00:00:00.000Z',
      case: { changing: false, escalations: [{ code: 'LAMBAT', name: null }] },
    });
    await admin(routes.escalateUserTask, { params: { userTaskKey }, body: { escalationCode: 'LAMBAT' } });
    await taskOf(key, 'atasan');

    const listened = () =>
      eventually(async () => {
        const body = { type: 'periksa.hasil', timeout: 60_000, maxJobsToActivate: 1, requestTimeout: -1 };
        return (await admin(routes.activateJobs, { body })).jobs[0];
      });
    const first = problemOf(admin(routes.completeUserTask, { params: { userTaskKey }, body: {} }));
    const asked = await listened();
    expect(asked).toMatchObject({
      kind: 'TASK_LISTENER',
      listenerEventType: 'COMPLETING',
      userTask: { userTaskKey, action: 'completing', priority: 90 },
    });
    expect((await look()).case?.changing).toBe(true);
    const deny = { type: 'userTask', denied: true, deniedReason: 'lampiran kurang' } as const;
    await admin(routes.completeJob, { params: { jobKey: asked.jobKey }, body: { result: deny } });
    await first;
    expect(await look()).toMatchObject({ state: 'CREATED', case: { changing: false } });
    const second = problemOf(admin(routes.completeUserTask, { params: { userTaskKey }, body: {} }));
    const again = await listened();
    const allow = { type: 'userTask', denied: false, corrections: { priority: 10 } } as const;
    await admin(routes.completeJob, { params: { jobKey: again.jobKey }, body: { result: allow } });
    await second;
    expect(await admin(routes.getUserTask, { params: { userTaskKey } })).toMatchObject({
      state: 'COMPLETED',
      priority: 10,
    });
    const { items: lines } = await admin(routes.getCaseTimeline, { params: { caseKey: key }, query: {} });
    const kinds = lines.filter(({ elementId }) => elementId === 't').map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'listenerCompleted')).toHaveLength(2);
    expect(kinds).toEqual(expect.arrayContaining(['userTaskChangeRequested', 'userTaskChangeDenied', 'escalated']));
    expect(kinds).not.toContain('jobCompleted');
  });
});

describe('what starts by itself', () => {
  it('a conditional start event, when the variables meet it', async () => {
    const processDefinitionKey = await deploy('ambang', threshold);
    const evaluate = (variables: { kuota: number }) => admin(routes.evaluateConditionals, { body: { variables } });
    expect((await evaluate({ kuota: 3 })).processInstances).toEqual([]);
    const { processInstances } = await evaluate({ kuota: 30 });
    expect(processInstances).toMatchObject([{ processDefinitionKey }]);
    await taskOf(processInstances[0]?.processInstanceKey ?? '', 't');
  });

  it('a signal start event, of the newest version only', async () => {
    await deploy('siaga', alarmed);
    const newest = await deploy(
      'siaga',
      alarmed.replace('<bpmn:endEvent id="z" />', '<bpmn:endEvent id="z" name="Baru" />'),
    );
    const body = { signalName: 'banjir', variables: { tinggi: 2 } };
    await admin(routes.broadcastSignal, { body }, { idempotencyKey: 'banjir-1' });
    await admin(routes.broadcastSignal, { body }, { idempotencyKey: 'banjir-1' });
    const { items } = await eventually(async () => {
      const found = await admin(routes.searchProcessInstances, { body: { filter: { processDefinitionId: 'siaga' } } });
      return found.page.totalItems > 0 && found;
    });
    expect(items.map((item) => item.processDefinitionKey)).toEqual([newest]);
  });
});

describe('the test clock', () => {
  it('fires what is due, and the engine sees the new time', async () => {
    await deploy('sabar', patient);
    const key = await begin('sabar');
    const later = Date.now() + 31 * dayMs;
    await admin(routes.setClock, { body: { timestamp: later } });
    // No waiting: it answered when all that had happened.
    const filter = { processInstanceKey: key, state: 'CREATED' } as const;
    expect((await admin(routes.searchUserTasks, { body: { filter } })).items.length).toBe(1);
    const { items } = await admin(routes.searchVariables, {
      body: { filter: { processInstanceKey: key, name: 'tanggal' } },
    });
    expect(items[0]?.value).toBe(JSON.stringify(new Date(later).toISOString().slice(0, 10)));
    // What starts from now on starts at that time.
    const next = await begin('sabar');
    await admin(routes.setClock, { body: { timestamp: later + 29 * dayMs } });
    expect((await admin(routes.searchUserTasks, { body: { filter: { processInstanceKey: next } } })).items).toEqual([]);
    await admin(routes.setClock, { body: { timestamp: later + 31 * dayMs } });
    expect((await admin(routes.searchUserTasks, { body: { filter: { processInstanceKey: next } } })).items.length).toBe(
      1,
    );
    await admin(routes.resetClock, {});
  }, 60_000);

  it('lets timers start instances, of the newest version, whose deletion gives them back to the one before', async () => {
    const first = await deploy('harian', daily('Satu'));
    await admin(routes.setClock, { body: { timestamp: Date.now() + 3.5 * dayMs } });
    const before = await countOf('harian');
    // At once and each day after, or each day.
    expect(before).toBeGreaterThanOrEqual(3);
    const second = await deploy('harian', daily('Dua'));
    await admin(routes.deleteResource, { params: { resourceKey: second } });
    await admin(routes.setClock, { body: { timestamp: Date.now() + 6 * dayMs } });
    const { items } = await admin(routes.searchProcessInstances, {
      body: { filter: { processDefinitionId: 'harian' }, page: { limit: 100 } },
    });
    expect(items.length).toBeGreaterThanOrEqual(before + 2);
    expect(new Set(items.map((item) => item.processDefinitionKey))).toEqual(new Set([first]));
    await admin(routes.deleteResource, { params: { resourceKey: first } });
    await admin(routes.resetClock, {});
  }, 60_000);

  it('lets messages end that nobody came for, for good', async () => {
    await deploy('kabar', news);
    const hourMs = 3_600_000;
    const publish = (correlationKey: string) =>
      admin(routes.publishMessage, { body: { name: 'kabar', correlationKey, timeToLive: hourMs } });
    const stateOf = async (processInstanceKey: string): Promise<string> =>
      (await admin(routes.getProcessInstance, { params: { processInstanceKey } })).state;
    await publish('K-1');
    await publish('K-2');
    await admin(routes.setClock, { body: { timestamp: Date.now() + 2 * hourMs } });
    const late = await begin('kabar', { nomor: 'K-1' });
    await admin(routes.resetClock, {});
    const backThen = await begin('kabar', { nomor: 'K-2' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([await stateOf(late), await stateOf(backThen)]).toEqual(['ACTIVE', 'ACTIVE']);
    await publish('K-1');
    await eventually(async () => (await stateOf(late)) === 'COMPLETED');
  }, 60_000);
});

describe('a version', () => {
  it('is deleted when nothing runs on it; its number is not given again', async () => {
    const key = await deploy('bebas', free);
    const instance = await begin('bebas');
    const params = { resourceKey: key };
    expect(await problemOf(admin(routes.deleteResource, { params }))).toBe('wrongState');
    await admin(routes.cancelProcessInstance, {
      params: { processInstanceKey: instance },
      body: { reason: 'uji coba' },
    });
    await admin(routes.deleteResource, { params });
    expect(await problemOf(admin(routes.deleteResource, { params }))).toBe('notFound');
    expect(await problemOf(begin('bebas'))).toBe('notFound');
    expect((await admin(routes.getCase, { params: { caseKey: instance } })).state).toBe('TERMINATED');
    await deploy('bebas', free);
    const { items } = await admin(routes.searchProcessDefinitions, {
      body: { filter: { processDefinitionId: 'bebas' } },
    });
    expect(items.map(({ version }) => version)).toEqual([2]);
  });
});
