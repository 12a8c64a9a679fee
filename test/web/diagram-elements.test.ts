import { describe, expect, it } from '@jest/globals';
import { diagramSteps, type RegistryElement } from '../../web/src/components/diagram/diagram-elements.ts';

const lane: RegistryElement = {
  id: 'lane',
  type: 'bpmn:Lane',
  businessObject: { id: 'lane', name: 'Camat', flowNodeRef: [{ id: 'check' }] },
};
const end: RegistryElement = { id: 'end', type: 'bpmn:EndEvent', businessObject: { id: 'end', name: 'Selesai' } };
const late: RegistryElement = {
  id: 'late',
  type: 'bpmn:BoundaryEvent',
  businessObject: { id: 'late', name: 'Terlambat' },
};
const check: RegistryElement = {
  id: 'check',
  type: 'bpmn:UserTask',
  businessObject: { id: 'check', name: 'Periksa' },
  outgoing: [{ target: end, businessObject: { id: 'b', name: 'Lengkap' } }],
  attachers: [late],
};
const start: RegistryElement = {
  id: 'start',
  type: 'bpmn:StartEvent',
  businessObject: { id: 'start' },
  outgoing: [{ target: check, businessObject: { id: 'a' } }],
};
const label: RegistryElement = { ...end, id: 'end_label', labelTarget: end };

describe('the diagram as a list', () => {
  it('follows the flow from the start, whatever the drawing order, and leaves out lanes and labels', () => {
    const steps = diagramSteps([label, late, end, lane, check, start]);
    expect(steps.map((step) => step.id)).toEqual(['start', 'check', 'end', 'late']);
    expect(steps[1]).toMatchObject({
      type: 'userTask',
      lane: 'Camat',
      next: [{ id: 'end', name: 'Selesai', condition: 'Lengkap' }],
    });
  });

  it('ends on a loop', () => {
    const loop = { ...check, outgoing: [] as { target: RegistryElement; businessObject: { id: string } }[] };
    loop.outgoing.push({ target: loop, businessObject: { id: 'again' } });
    expect(diagramSteps([loop]).map((step) => step.id)).toEqual(['check', 'late']);
  });
});
