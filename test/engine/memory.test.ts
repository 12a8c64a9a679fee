/** The in-memory host: messages, called instances, virtual time, starts. */
import { describe, expect, test } from '@jest/globals';
import { limits } from '#engine/limits.ts';
import { MemoryHost } from '#engine/memory.ts';
import type { Variables } from '#engine/json.ts';
import {
  boundary,
  call,
  catching,
  end,
  error,
  feel,
  message,
  pass,
  path,
  processOf,
  receive,
  service,
  start,
  timer,
  user,
  value,
} from './model-builder.ts';
import { startMs } from './story.ts';

const hour = 3_600_000;
function hostOf(...processes: ReturnType<typeof processOf>[]): MemoryHost {
  const host = new MemoryHost(startMs);
  host.deploy(processes);
  return host;
}
function create(host: MemoryHost, processId: string, variables: Variables = {}): string {
  const created = host.createInstance({ processId, variables });
  if ('code' in created) throw new Error(created.message);
  return created.instanceKey;
}
const publish = (host: MemoryHost, extra: object = {}): boolean =>
  host.publish({ name: 'm', correlationKey: 'k', timeToLiveMs: hour, messageId: null, variables: {}, ...extra });
const statuses = (host: MemoryHost): string[] => host.instanceKeys().map((key) => host.stateOf(key).status);

describe('messages', () => {
  const waits = processOf([start('s'), receive('r', 'm', 'k'), end('e')], [path('s', 'r', 'e')]);
  test('one message goes to one instance only, to the one that waits longest', () => {
    const host = hostOf(waits);
    create(host, 'p');
    create(host, 'p');
    publish(host, { variables: { n: 1 } });
    expect(statuses(host)).toEqual(['completed', 'active']);
    publish(host, { variables: { n: 2 } });
    expect(statuses(host)).toEqual(['completed', 'completed']);
  });
  test('is kept for its time to live', () => {
    const host = hostOf(waits);
    publish(host);
    create(host, 'p');
    expect(statuses(host)).toEqual(['completed']);
    publish(host);
    host.advanceTime(startMs + hour);
    create(host, 'p');
    expect(statuses(host)).toEqual(['completed', 'active']);
  });
  test('an id is accepted once while it is remembered', () => {
    const host = hostOf(waits);
    expect(publish(host, { messageId: 'a' })).toBe(true);
    expect(publish(host, { messageId: 'a' })).toBe(false);
    host.advanceTime(startMs + hour);
    expect(publish(host, { messageId: 'a' })).toBe(true);
  });
  test('nobody gets a message whose wait is over', () => {
    const model = processOf(
      [
        start('s'),
        receive('r', 'm', 'k'),
        boundary('b', 'r', timer('PT1H')),
        catching('c', message('m', 'k')),
        end('e'),
      ],
      [path('s', 'r', 'e'), path('b', 'c', 'e')],
    );
    const host = hostOf(model);
    const key = create(host, 'p');
    host.advanceTime(startMs + hour);
    publish(host);
    expect(host.stateOf(key).endElements).toEqual(['e']);
    expect(host.factsOf(key).filter(({ fact }) => fact.type === 'messageCorrelated')).toHaveLength(1);
  });
});

describe('called instances', () => {
  const caller = processOf(
    [start('s'), call('c', 'q'), boundary('b', 'c', error('E')), end('e'), end('x')],
    [path('s', 'c', 'e'), path('b', 'x')],
  );
  const called = processOf([start('s'), service('a'), end('e')], [path('s', 'a', 'e')], { processId: 'q' });
  test.each([
    ['32.15', '32.15', 'of its own, within'],
    ['32.73.01', '32.73.01', 'of its own, deeper within'],
    ['33.15', '32', 'elsewhere'],
    ['321', '32', 'that only looks alike'],
  ])('a model that says %s below 32 belongs to %s: %s', (own, region) => {
    const host = hostOf({ ...caller, region: value('32') }, { ...called, region: value(own) });
    create(host, 'p', {});
    expect(host.stateOf(host.instanceKeys()[1] ?? '')).toMatchObject({ region });
  });

  test('inherit the region, bring their variables back', () => {
    const host = hostOf({ ...caller, region: value('32.15') }, called);
    const key = create(host, 'p', { a: 1 });
    const child = host.instanceKeys()[1] ?? '';
    expect(host.stateOf(child)).toMatchObject({ region: '32.15', parent: { instanceKey: key, rootInstanceKey: key } });
    const [job] = host.jobs();
    expect(job).toMatchObject({ processId: 'q', variables: { a: 1 } });
    host.completeJob(job?.key ?? '', { b: 2 });
    expect(host.stateOf(key).elements[0]?.variables).toEqual({ a: 1, b: 2 });
  });
  test('hand errors to their caller', () => {
    const host = hostOf(caller, called);
    const key = create(host, 'p');
    host.throwJobError(host.jobs()[0]?.key ?? '', 'E', {});
    expect(host.stateOf(key).endElements).toEqual(['x']);
    expect(statuses(host)).toEqual(['completed', 'errored']);
  });
  test('end with their caller', () => {
    const host = hostOf(caller, called);
    host.send(create(host, 'p'), { type: 'cancelInstance', reason: '' });
    expect(statuses(host)).toEqual(['terminated', 'terminated']);
  });
  test('a process that does not exist is an incident, mended by deploying it', () => {
    const host = hostOf(caller);
    const key = create(host, 'p');
    const [incident = ''] = Object.keys(host.stateOf(key).incidents);
    expect(host.stateOf(key).incidents[Number(incident)]?.code).toBe('CALLED_ELEMENT_ERROR');
    host.deploy([called]);
    host.send(key, { type: 'resolveIncident', incident: Number(incident), retries: null });
    host.completeJob(host.jobs()[0]?.key ?? '', {});
    expect(statuses(host)).toEqual(['completed', 'completed']);
  });
  test('a process that calls itself for ever ends in an incident', () => {
    const host = hostOf(processOf([start('s'), call('c', 'p')], [path('s', 'c')]));
    create(host, 'p');
    const deepest = host.instanceKeys().at(-1) ?? '';
    expect(host.instanceKeys()).toHaveLength(limits.callDepth);
    expect(Object.values(host.stateOf(deepest).incidents)[0]?.code).toBe('CALLED_ELEMENT_ERROR');
  });
});

describe('starts', () => {
  test('a message start event has one instance for a key at a time', () => {
    const model = processOf(
      [start('s', { trigger: { type: 'message', message: { name: value('m'), correlationKey: null } } }), user('u')],
      [path('s', 'u')],
    );
    const host = hostOf(model);
    publish(host, { variables: { n: 1 } });
    publish(host, { variables: { n: 2 } });
    publish(host, { correlationKey: '', variables: { n: 3 } });
    expect(host.userTasks().map(({ variables }) => variables['n'])).toEqual([1, 3]);
    host.completeUserTask(host.userTasks()[0]?.key ?? '', {});
    expect(host.userTasks().map(({ variables }) => variables['n'])).toEqual([3, 2]);
  });
  test('a timer start event starts as often as it says; a newer version takes over', () => {
    const timed = (text: string) =>
      processOf([start('s', { trigger: timer(text, 'cycle') }), pass('a')], [path('s', 'a')]);
    const host = hostOf(timed('R3/PT1H'));
    host.advanceTime(startMs + hour);
    host.deploy([timed('R1/PT30M')]);
    host.advanceTime(startMs + 10 * hour);
    expect(host.instanceKeys().map((key) => host.stateOf(key).version)).toEqual([1, 2]);
  });
  test('a bad start timer is told to whoever deploys', () => {
    const model = processOf(
      [start('s', { trigger: { type: 'timer', timer: { kind: 'date', value: feel('x') } } })],
      [],
    );
    expect(() => hostOf(model)).toThrow(/date-time|string/);
  });
});
