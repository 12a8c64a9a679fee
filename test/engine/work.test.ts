/** Jobs, user tasks, scripts, mappings. */
import { describe, expect, test } from '@jest/globals';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import { earliestDueMs } from '#engine/step.ts';
import {
  boundary,
  catching,
  compare,
  end,
  feel,
  gateway,
  job,
  pass,
  path,
  processOf,
  script,
  service,
  start,
  timer,
  user,
  value,
} from './model-builder.ts';
import { startMs, Story } from './story.ts';

const around = (...nodes: FlowNode[]): ProcessModel =>
  processOf([start('s'), ...nodes, end('e')], [path('s', ...nodes.map(({ id }) => id), 'e')]);

describe('service task', () => {
  test('waits for its job; the result goes up to the process', () => {
    const story = new Story(around(service('a')));
    expect(story.start({ x: 1 })).toEqual('instanceStarted +s -s +a jobCreated'.split(' '));
    expect(story.last('jobCreated')).toMatchObject({ jobType: 'a', retries: 3 });
    expect(story.completeJob('a', { hasil: 2 })).toEqual('jobCompleted -a +e -e instanceCompleted'.split(' '));
    expect(story.variables).toEqual({ x: 1, hasil: 2 });
  });
  test('waits by the model between attempts, then is an incident', () => {
    const story = new Story(around(service('a', { job: job('a', 3, ['PT1M', 'PT5M']) })));
    story.start();
    const seq = story.jobOf('a');
    const failing = { type: 'failJob', job: seq, retries: null, message: 'mati', retryAfterMs: null } as const;
    expect(story.send(failing)).toEqual(['jobFailed']);
    expect(story.last('jobFailed')).toMatchObject({ retries: 2, retryAtMs: startMs + 60_000 });
    expect(earliestDueMs(story.state)).toBe(startMs + 60_000);
    expect(story.later(59_999)).toEqual([]);
    expect(story.later(1)).toEqual(['jobRetried']);
    story.send(failing);
    expect(story.last('jobFailed')?.retryAtMs).toBe(startMs + 360_000);
    story.later(300_000);
    expect(story.send(failing)).toEqual(['jobFailed', '!a JOB_NO_RETRIES']);
    expect(earliestDueMs(story.state)).toBeNull();
    expect(story.resolve(2)).toEqual(['incidentResolved', 'jobRetried']);
    expect(story.state.jobs[seq]?.retries).toBe(2);
    expect(story.completeJob('a').at(-1)).toBe('instanceCompleted');
  });
  test('a failure that asks for no wait is tried again at once', () => {
    const story = new Story(around(service('a')));
    story.start();
    const failing = { type: 'failJob', job: story.jobOf('a'), retries: 1, message: '', retryAfterMs: 0 } as const;
    expect(story.send(failing)).toEqual(['jobFailed', 'jobRetried']);
  });
  test('a job type that is no string is an incident; only activation is done again', () => {
    const story = new Story(around(service('a', { job: { ...job('a'), type: feel('jenis') } })));
    expect(story.start().at(-1)).toBe('!a EXTRACT_VALUE_ERROR');
    story.send({ type: 'setVariables', scope: 0, variables: { jenis: 'cetak' }, local: false });
    expect(story.resolve()).toEqual(['incidentResolved', 'jobCreated']);
    expect(story.last('jobCreated')?.jobType).toBe('cetak');
  });
  test('a job that is not open is unknown', () => {
    const story = new Story(around(service('a')));
    story.start();
    expect(story.send({ type: 'completeJob', job: 99, variables: {} })).toEqual(['rejected unknownJob']);
  });
});

describe('mappings', () => {
  test('inputs are local and see one another; outputs choose what leaves', () => {
    const inputs = [
      { source: feel('a'), target: 'lokal' },
      { source: feel('lokal'), target: 'dalam.lagi' },
    ];
    const outputs = [
      { source: feel('r'), target: 'hasil.skor' },
      { source: feel('hasil.skor'), target: 'salinan' },
    ];
    const story = new Story(around(service('t', { inputs, outputs })));
    story.start({ a: 7, hasil: { lama: true } });
    expect(story.state.elements[story.elementOf('t')]?.variables).toEqual({ lokal: 7, dalam: { lagi: 7 } });
    story.completeJob('t', { r: 3, sampah: 1 });
    expect(story.variables).toEqual({ a: 7, hasil: { lama: true, skor: 3 }, salinan: 3 });
  });
  test('a result of the name of an input stays in the task', () => {
    const story = new Story(around(service('t', { inputs: [{ source: feel('a'), target: 'b' }] })));
    story.start({ a: 1 });
    story.completeJob('t', { b: 2, c: 3 });
    expect(story.variables).toEqual({ a: 1, c: 3 });
  });
  test('a script sets its result variable', () => {
    const plus = feel('n + 1', {
      type: 'arithmetic',
      op: '+',
      left: { type: 'name', name: 'n' },
      right: { type: 'number', value: 1 },
    });
    const story = new Story(around(script('t', 'n', plus)));
    story.start({ n: 1 });
    expect(story.variables).toEqual({ n: 2 });
  });
});

describe('user task', () => {
  const task = {
    candidateGroups: value('operator-desa, psm'),
    assignee: feel('petugas'),
    dueDate: value('P3D'),
    followUpDate: value('2026-11-30T08:00:00+07:00'),
    priority: value('80'),
    formId: 'survei',
  };
  test('assignment, dates and priority are settled at creation', () => {
    const story = new Story(around(user('u', task)));
    story.start({ petugas: null });
    expect(story.last('userTaskCreated')).toMatchObject({
      assignee: null,
      candidateGroups: ['operator-desa', 'psm'],
      candidateUsers: [],
      dueMs: startMs + 259_200_000,
      followUpMs: Date.UTC(2026, 10, 30, 1),
      priority: 80,
      formId: 'survei',
    });
  });
  test('bad dates and priorities are incidents', () => {
    expect(new Story(around(user('u', { dueDate: value('besok') }))).start().at(-1)).toBe('!u EXTRACT_VALUE_ERROR');
    expect(new Story(around(user('u', { priority: value('101') }))).start().at(-1)).toBe('!u EXTRACT_VALUE_ERROR');
  });
  test('is assigned, taken over only when allowed, given back', () => {
    const story = new Story(around(user('u')));
    story.start();
    const assign = (assignee: string | null, allowOverride: boolean): string[] =>
      story.send({ type: 'assignUserTask', task: story.elementOf('u'), assignee, allowOverride });
    expect(assign('ani', false)).toEqual(['userTaskAssigned']);
    expect(assign('ani', false)).toEqual(['userTaskAssigned']);
    expect(assign('budi', false)).toEqual(['rejected alreadyAssigned']);
    expect(assign('budi', true)).toEqual(['userTaskAssigned']);
    expect(assign(null, true)).toEqual(['userTaskAssigned']);
    expect(story.state.userTasks[story.elementOf('u')]?.assignee).toBeNull();
  });
  test('four eyes: whoever did the one task can neither take nor complete the other', () => {
    const story = new Story(around(user('satu'), user('dua', { notSameAs: ['satu'] })));
    story.start();
    story.completeTask('satu', {}, 'ani');
    expect(story.last('userTaskCreated')?.excludedUsers).toEqual(['ani']);
    const dua = story.elementOf('dua');
    expect(story.send({ type: 'assignUserTask', task: dua, assignee: 'ani', allowOverride: true })).toEqual([
      'rejected fourEyes',
    ]);
    expect(story.completeTask('dua', {}, 'ani')).toEqual(['rejected fourEyes']);
    expect(story.completeTask('dua', {}, 'budi').at(-1)).toBe('instanceCompleted');
    expect(story.state.completedBy).toEqual({ satu: ['ani'], dua: ['budi'] });
  });
  test('accounts that the case names are outsiders as well; a name that is missing is an incident', () => {
    const task = user('dua', { notSameAs: ['satu'], notUsers: feel('penyurvei') });
    const story = new Story(around(user('satu'), task));
    story.start({ penyurvei: ['cici', 'ani'] });
    story.completeTask('satu', {}, 'budi');
    expect(story.last('userTaskCreated')?.excludedUsers).toEqual(['ani', 'budi', 'cici']);
    expect(story.completeTask('dua', {}, 'cici')).toEqual(['rejected fourEyes']);
    expect(story.completeTask('dua', {}, 'dedi').at(-1)).toBe('instanceCompleted');
    const nameless = new Story(around(task));
    nameless.start({ penyurvei: null });
    expect(nameless.last('incidentRaised')?.message).toContain('list');
  });
  test('four eyes holds for parallel tasks too', () => {
    const model = processOf(
      [start('s'), gateway('f', 'parallelGateway'), user('satu'), user('dua', { notSameAs: ['satu'] }), end('e')],
      [path('s', 'f', 'satu', 'e'), path('f', 'dua', 'e')],
    );
    const story = new Story(model);
    story.start();
    story.completeTask('satu', {}, 'ani');
    expect(story.completeTask('dua', {}, 'ani')).toEqual(['rejected fourEyes']);
  });
});

describe('limits', () => {
  test('a circle that never waits is an incident, not an endless step', () => {
    const model = processOf(
      [
        start('s'),
        gateway('g', 'exclusiveGateway', { defaultFlow: 'g>a' }),
        script('a', 'n', compare('n', '=', 1)),
        end('e'),
      ],
      [path('s', 'g', 'a', 'g'), path('g', 'e')],
    );
    const [, toEnd] = ['g>a', 'g>e'];
    const flows = { ...model.flows, [toEnd ?? '']: { ...model.flows['g>e']!, condition: compare('n', '>', 5) } };
    const story = new Story({ ...model, flows });
    expect(story.start({ n: 9 }).at(-1)).toBe('instanceCompleted');
    const circle = new Story({
      ...model,
      flows: { ...flows, 'g>e': { ...flows['g>e']!, condition: compare('m', '=', 5) } },
    });
    expect(circle.start({ n: 1, m: 1 }).at(-1)).toMatch(/LIMIT_EXCEEDED/);
    circle.send({ type: 'setVariables', scope: 0, variables: { m: 5 }, local: false });
    expect(circle.resolve().at(-1)).toBe('instanceCompleted');
  });
  test('a circle of timers that are due at once is an incident too', () => {
    const model = processOf([start('s'), catching('c', timer('PT0S'))], [path('s', 'c', 'c')]);
    const story = new Story(model);
    story.start();
    expect(story.later(0).at(-1)).toBe('!c LIMIT_EXCEEDED');
    const patient = new Story(
      processOf(
        [start('s'), service('a'), boundary('b', 'a', timer('R/PT1S', 'cycle'), { interrupting: false }), pass('x')],
        [path('s', 'a'), path('b', 'x')],
      ),
    );
    patient.start();
    expect(patient.later(25_000_000).filter((word) => word === '-x')).toHaveLength(25_000);
  });
  test('variables that are too large or too deep are refused', () => {
    const story = new Story(around(service('a')));
    expect(story.start({ besar: 'x'.repeat(300_000) })).toEqual(['rejected tooLarge']);
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level++) deep = [deep];
    expect(story.start({ dalam: deep as never })).toEqual(['rejected tooLarge']);
    expect(story.start(JSON.parse('{"__proto__": 1}') as never)).toEqual(['rejected tooLarge']);
    story.start({ x: 'x'.repeat(200_000) });
    expect(story.state.variableBytes).toBe(200_003);
    for (const name of ['a', 'b', 'c', 'd']) {
      story.send({ type: 'setVariables', scope: 0, variables: { [name]: 'x'.repeat(200_000) }, local: true });
    }
    expect(story.completeJob('a', { lagi: 'x'.repeat(200_000) })).toEqual(['rejected tooLarge']);
  });
});

describe('an instance', () => {
  test('starts once, and answers nothing after its end', () => {
    const story = new Story(around(service('a')));
    expect(story.completeJob('a')).toEqual(['rejected notActive']);
    story.start();
    expect(story.start()).toEqual(['rejected alreadyStarted']);
    story.completeJob('a');
    expect(story.send({ type: 'cancelInstance', reason: '' })).toEqual(['rejected notActive']);
    expect(story.later(1)).toEqual([]);
    expect(new Story(around(service('a'))).start({}, { startElement: 'x' })).toEqual(['rejected noStartEvent']);
  });
  test('is cancelled with all that waits', () => {
    const model = processOf(
      [start('s'), service('a'), boundary('b', 'a', timer('PT1H')), end('e')],
      [path('s', 'a', 'e'), path('b', 'e')],
    );
    const story = new Story(model);
    story.start();
    expect(story.send({ type: 'cancelInstance', reason: 'salah' })).toEqual(
      'jobCanceled timerCanceled xa instanceTerminated'.split(' '),
    );
    expect(story.state).toMatchObject({ status: 'terminated', jobs: {}, timers: {} });
  });
  test('business key and region come from the model or from the starter', () => {
    const model = { ...around(service('a')), businessKey: feel('usulan.nomor'), region: feel('usulan.desa') };
    const story = new Story(model);
    story.start({ usulan: { nomor: 17, desa: '32.15.01.2001' } });
    expect(story.state).toMatchObject({ businessKey: '17', region: '32.15.01.2001' });
    const given = new Story(model);
    expect(given.start({}, { region: '32' })).toContain('!p EXTRACT_VALUE_ERROR');
    expect(given.state).toMatchObject({ businessKey: null, region: '32' });
    expect(given.resolve()).toEqual(['incidentResolved']);
  });
});
