/** The checks of the fault harness find what was planted: each fault in a doctored ledger or store, and nothing in a whole one. */
import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appliedKey } from '../../chaos/checks/evidence.ts';
import type { Evidence, InstanceSeen } from '../../chaos/checks/evidence.ts';
import { findingsOf } from '../../chaos/checks/findings.ts';
import { Ledger, readLedger } from '../../chaos/load/ledger.ts';
import type { LedgerEntry } from '../../chaos/load/ledger.ts';
import { percentile, recoveries } from '../../chaos/load/owed.ts';
import { Sink } from '../../chaos/load/sink.ts';

const instance: InstanceSeen = {
  key: '1048576',
  processId: 'chaos-loop',
  parentKey: null,
  state: 'COMPLETED',
  ref: 'a',
  variables: { n: 2, received: [2, 1] },
  tasksCompleted: 2,
  messagesCorrelated: 2,
  waits: [],
};
const acked = (key: string, kind: 'start' | 'task' | 'job'): LedgerEntry => ({
  type: 'acked',
  key,
  ref: 'a',
  kind,
  atMs: 2,
  tries: 1,
  instanceKey: instance.key,
});
const whole: Evidence = {
  ledger: [
    {
      type: 'case',
      ref: 'a',
      kind: 'loop',
      experiment: 'R1',
      expects: { effects: { effect: 1 }, messages: 2, tasks: 2, variables: { n: 2, received: [1, 2] } },
    },
    acked('a.start', 'start'),
    acked('task-1', 'task'),
    acked('job-1', 'job'),
  ],
  instances: [instance],
  applied: new Map([
    [appliedKey('task', 'task-1'), 1],
    [appliedKey('job', 'job-1'), 1],
  ]),
  effects: [{ key: '1', ref: 'a', element: 'effect' }],
  workflows: new Map([['chaos-loop/1048576', 'COMPLETED']]),
  differences: [],
};
const planted = (change: Partial<Evidence>): string[] =>
  findingsOf({ ...whole, ...change }).map(({ kind, what }) => `${kind}: ${what}`);
const seen = (change: Partial<InstanceSeen>): Partial<Evidence> => ({ instances: [{ ...instance, ...change }] });

describe('the checks', () => {
  test('find nothing where nothing is', () => {
    expect(findingsOf(whole)).toEqual([]);
  });

  test.each<[string, Partial<Evidence>, RegExp]>([
    ['an acknowledged start without an instance', { instances: [], workflows: new Map() }, /^lost: a\.start: instance/],
    [
      'an acknowledged command without a fact',
      { applied: new Map([[appliedKey('job', 'job-1'), 1]]) },
      /^lost: task-1/,
    ],
    ['an effect that never happened', { effects: [] }, /^lost: effect effect: 0 instead of 1/],
    ['a completion that is not counted', seen({ tasksCompleted: 1 }), /^lost: tasks completed: 1/],
    ['a message that never came', seen({ messagesCorrelated: 1 }), /^lost: messages: 1/],
    ['a value that fell out of a list', seen({ variables: { n: 2, received: [1] } }), /^lost: received/],
    ['a counter that fell behind', seen({ variables: { n: 1, received: [1, 2] } }), /^lost: n is 1/],
    ['an end that was another', seen({ state: 'TERMINATED' }), /^lost: ended TERMINATED/],
    ['a workflow that Temporal forgot', { workflows: new Map() }, /^lost: Temporal does not know/],
    [
      'a workflow that the read model does not know',
      { workflows: new Map([...whole.workflows, ['chaos-loop/7', 'RUNNING']]) },
      /^lost: chaos-loop\/7 \(RUNNING\) is not in the read model/,
    ],
    [
      'a workflow that failed',
      { workflows: new Map([['chaos-loop/1048576', 'FAILED']]) },
      /^lost: .* ended FAILED in Temporal/,
    ],
    ['a state that is not the fold of its facts', { differences: [{ key: '1', difference: 'x' }] }, /^lost: x/],
    [
      'a command that took effect twice',
      { applied: new Map([...whole.applied, [appliedKey('task', 'task-1'), 2]]) },
      /^doubled: task task-1 took effect 2 times/,
    ],
    ['a case that was started twice', { instances: [instance, { ...instance }] }, /^doubled: 2 instances/],
    [
      'an effect under another key',
      { effects: [...whole.effects, { key: '2', ref: 'a', element: 'effect' }] },
      /^doubled: effect effect: 2 instead of 1/,
    ],
    ['a message that came twice', seen({ messagesCorrelated: 3 }), /^doubled: messages: 3/],
    ['a value that is twice in a list', seen({ variables: { n: 2, received: [1, 2, 2] } }), /^doubled: received/],
    ['a round too many', seen({ variables: { n: 3, received: [1, 2] } }), /^doubled: n is 3/],
    [
      'a case that waits for nothing',
      { ...seen({ state: 'ACTIVE' }), workflows: new Map([['chaos-loop/1048576', 'RUNNING']]) },
      /^stuck: chaos-loop 1048576 waits for nothing/,
    ],
    [
      'an instance that runs in Temporal only',
      { workflows: new Map([['chaos-loop/1048576', 'RUNNING']]) },
      /^stuck: .* is RUNNING in Temporal and COMPLETED in the read model/,
    ],
    [
      'a workflow that does not answer',
      { differences: [{ key: '1', difference: 'cannot be asked: deadline' }] },
      /^stuck: cannot be asked/,
    ],
  ])('find %s', (_, change, expected) => {
    const found = planted(change);
    expect(found.filter((finding) => expected.test(finding))).toHaveLength(1);
    // Without its instance whatever was acknowledged is lost; all else is one finding.
    if (change.instances?.length !== 0) expect(found).toHaveLength(1);
  });

  test('a start that was never acknowledged may have come to nothing', () => {
    const ledger = whole.ledger.slice(0, 1);
    expect(planted({ ledger, instances: [], applied: new Map(), effects: [], workflows: new Map() })).toEqual([]);
  });
});

describe('what the checks stand on', () => {
  test('the ledger gives back what was written, in order', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'alur-ledger-'));
    const ledger = new Ledger(path.join(folder, 'ledger.jsonl'));
    for (const entry of whole.ledger) ledger.write(entry);
    expect(readLedger(ledger.file)).toEqual(whole.ledger);
    expect(ledger.acknowledged).toBe(3);
    rmSync(folder, { recursive: true });
  });

  test('the sink counts by idempotency key, and understands the protocol of the message gateway', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'alur-sink-'));
    const sink = new Sink(path.join(folder, 'sink.jsonl'), () => 1);
    await sink.open();
    const send = (key: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${String(sink.port)}/v1/pesan`, {
        method: 'POST',
        headers: { 'Idempotency-Key': key },
        body: JSON.stringify({ kanal: 'WHATSAPP', tujuan: 'grup:notify@32.15', teks: 'Usulan 1.r1.7: ada berita.' }),
      });
    for (const key of ['1', '1', '2']) expect((await send(key)).status).toBe(200);
    expect([...sink.effects.values()]).toEqual([
      { key: '1', ref: '1.r1.7', element: 'notify' },
      { key: '2', ref: '1.r1.7', element: 'notify' },
    ]);
    expect(sink.repeats).toBe(1);
    await sink.close();
    rmSync(folder, { recursive: true });
  });

  test('recovery is the time from the last fault within a debt to its settlement', () => {
    const faults = [100, 250].map((atMs) => ({ atMs, experiment: 'R1', kind: 'kill -9', target: 'worker-0' }));
    const debts = [
      { fromMs: 0, toMs: 90 },
      { fromMs: 90, toMs: 240 },
      { fromMs: 95, toMs: 300 },
    ];
    expect(recoveries(debts, faults)).toEqual([140, 50]);
    expect(percentile([5, 1, 3], 0.5)).toBe(3);
    expect(percentile([], 0.99)).toBe(0);
  });
});
