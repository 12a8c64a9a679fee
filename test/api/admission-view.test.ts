import { describe, expect, it } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import { admissionReport } from '#contract/process-definition.ts';
import { findingsOf } from '#api/admission-view.ts';

/** An exclusive choice whose two ways meet in a parallel join: it waits for ever. The lane and the manual way are only kept. */
const stuck = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="file" targetNamespace="https://example.org/alur">
  <bpmn:process id="macet" isExecutable="true">
    <bpmn:laneSet id="jalur"><bpmn:lane id="desa" name="Desa"><bpmn:flowNodeRef>mulai</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="mulai" name="Mulai" />
    <bpmn:sequenceFlow id="a" sourceRef="mulai" targetRef="pilih" />
    <bpmn:exclusiveGateway id="pilih" default="c" />
    <bpmn:sequenceFlow id="b" sourceRef="pilih" targetRef="cek">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=perlu</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="c" sourceRef="pilih" targetRef="temu" />
    <bpmn:manualTask id="cek" name="Cek" />
    <bpmn:sequenceFlow id="d" sourceRef="cek" targetRef="temu" />
    <bpmn:parallelGateway id="temu" />
    <bpmn:sequenceFlow id="e" sourceRef="temu" targetRef="selesai" />
    <bpmn:endEvent id="selesai" />
  </bpmn:process>
</bpmn:definitions>`;

describe('the admission report as the API shows it', () => {
  it('tells the way to a deadlock and what becomes of each element', async () => {
    const { report } = await compileDeployment([{ name: 'macet.bpmn', content: stuck }], { decisions: {} });
    const found = findingsOf(report.resources, 'id');
    expect(admissionReport.safeParse({ processDefinitionId: 'macet', ...found }).error).toBeUndefined();
    const deadlock = found.problems.find(({ rule }) => rule === 'DEADLOCK');
    expect(deadlock).toMatchObject({ resourceName: 'macet.bpmn', elementId: 'temu', elementType: 'parallelGateway' });
    expect(deadlock?.path?.[0]).toBe('mulai');
    expect(deadlock?.path?.at(-1)).toBe('temu');
    const verdicts = new Map(found.elements.map(({ elementId, verdict }) => [elementId, verdict]));
    expect([verdicts.get('cek'), verdicts.get('desa'), verdicts.get('temu')]).toEqual([
      'executed',
      'preserved',
      'rejected',
    ]);
  });
});
