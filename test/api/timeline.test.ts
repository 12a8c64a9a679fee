import { describe, expect, it } from '@jest/globals';
import { compile } from '#bpmn/compile.ts';
import { timelineEntry } from '#contract/case.ts';
import type { FactRow, NamedElement } from '#db/queries/cases.ts';
import type { Fact } from '#engine/fact.ts';
import { keyWithin, sequenceOf } from '#engine/keys.ts';
import { MemoryHost } from '#engine/memory.ts';
import { timelineOf } from '#api/timeline.ts';

/** A listened-to task that a signal can take its course from; the undoing of a booking. */
const xml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="file" targetNamespace="https://example.org/alur">
  <bpmn:escalation id="esk" escalationCode="LAMBAT" />
  <bpmn:signal id="sinyal" name="banjir" />
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="mulai" /><bpmn:sequenceFlow id="a" sourceRef="mulai" targetRef="kerja" />
    <bpmn:userTask id="kerja" name="Kerja"><bpmn:extensionElements><zeebe:userTask />
      <zeebe:taskListeners><zeebe:taskListener eventType="completing" type="periksa" /></zeebe:taskListeners></bpmn:extensionElements></bpmn:userTask>
    <bpmn:boundaryEvent id="naik" name="Terlambat" attachedToRef="kerja" cancelActivity="false">
      <bpmn:escalationEventDefinition escalationRef="esk" /></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="d" sourceRef="naik" targetRef="lapor" /><bpmn:userTask id="lapor"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="b" sourceRef="kerja" targetRef="tunggu" />
    <bpmn:userTask id="tunggu"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="e" sourceRef="tunggu" targetRef="selesai" /><bpmn:endEvent id="selesai" />
    <bpmn:subProcess id="bencana" name="Tanggap banjir" triggeredByEvent="true">
      <bpmn:startEvent id="banjir" isInterrupting="true"><bpmn:signalEventDefinition signalRef="sinyal" /></bpmn:startEvent>
      <bpmn:sequenceFlow id="f" sourceRef="banjir" targetRef="kabar" />
      <bpmn:intermediateThrowEvent id="kabar" name="Kabar"><bpmn:signalEventDefinition signalRef="sinyal" /></bpmn:intermediateThrowEvent>
      <bpmn:sequenceFlow id="g" sourceRef="kabar" targetRef="usai" /><bpmn:endEvent id="usai" />
    </bpmn:subProcess>
  </bpmn:process>
</bpmn:definitions>`;

/** As the read model would tell what the sequence numbers mean. */
function referredIn(instanceKey: string, facts: readonly Fact[]): ReadonlyMap<string, NamedElement> {
  const referred = new Map<string, NamedElement>();
  const note = (seq: number, elementId: string, what: string | null, isListener = false): void =>
    void referred.set(keyWithin(instanceKey, seq), { elementId, name: null, what, isListener });
  for (const fact of facts) {
    if (fact.type === 'elementActivated') note(fact.element, fact.elementId, null);
    if (fact.type === 'signalSubscriptionOpened') note(fact.subscription, fact.elementId, fact.signalName);
    if (fact.type === 'jobCreated') note(fact.job, fact.elementId, fact.jobType, fact.purpose.kind !== 'element');
  }
  return referred;
}

describe('the timeline of a case', () => {
  it('tells who did the work, checks as checks, escalations by name, and what stopped the usual course', async () => {
    const compiled = await compile(xml);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.report));
    const [model] = compiled.processes;
    if (model === undefined) throw new Error('There is no process.');
    const host = new MemoryHost(0);
    host.deploy([model]);
    const started = host.createInstance({ processId: 'p', variables: {} });
    if (!('instanceKey' in started)) throw new Error(started.message);
    const { instanceKey } = started;
    const task = host.userTasks()[0]!;
    const element = sequenceOf(task.key);
    host.send(instanceKey, { type: 'throwEscalation', element, code: 'LAMBAT', variables: {} }, 'siti');
    host.completeUserTask(task.key, {}, 'siti');
    host.completeJob(host.jobs()[0]!.key, {});
    host.broadcastSignal('banjir', {});
    const facts = host.factsOf(instanceKey);
    const rows = facts.map(({ number, atMs, actor, fact }): FactRow => {
      return { number, at: new Date(atMs).toISOString(), actor, fact };
    });
    const referred = referredIn(
      instanceKey,
      facts.map(({ fact }) => fact),
    );
    const lines = timelineOf(rows, { instanceKey, model, referred });
    expect(lines.flatMap((line) => timelineEntry.safeParse(line).error ?? [])).toEqual([]);
    const find = (kind: string) => lines.find((line) => line.kind === kind);
    expect(find('userTaskCompleted')).toMatchObject({ name: 'Kerja', detail: { completedBy: 'siti' } });
    expect(find('listenerCompleted')).toMatchObject({ elementId: 'kerja', detail: { jobType: 'periksa' } });
    expect(find('escalated')).toMatchObject({ detail: { code: 'LAMBAT', caughtBy: { name: 'Terlambat' } } });
    expect(find('flowInterrupted')).toMatchObject({ elementId: 'bencana', name: 'Tanggap banjir' });
    expect(lines.filter(({ kind }) => kind === 'flowInterrupted')).toHaveLength(1);
    expect(find('signalSent')).toMatchObject({ elementId: 'kabar', detail: { signalName: 'banjir' } });
    expect(find('milestonePassed')).toBeUndefined();
    expect(find('jobCompleted')).toBeUndefined();
  });
});
