import { describe, expect, it } from '@jest/globals';
import { diagramSteps, pathPlaces, type RegistryElement } from '../../web/src/components/diagram/diagram-elements.ts';

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

describe('elements of the whole of BPMN', () => {
  const linkEvent = (id: string, type: string, link: string): RegistryElement => ({
    id,
    type: `bpmn:${type}`,
    businessObject: { id, name: link, eventDefinitions: [{ $type: 'bpmn:LinkEventDefinition', name: link }] },
  });

  it('goes on behind a link', () => {
    const landing = {
      ...linkEvent('ke-b', 'IntermediateCatchEvent', 'B'),
      outgoing: [{ target: end, businessObject: { id: 'c' } }],
    };
    const steps = diagramSteps([end, landing, linkEvent('dari-a', 'IntermediateThrowEvent', 'B')]);
    expect(steps.map((step) => step.id)).toEqual(['dari-a', 'ke-b', 'end']);
    expect(steps[0]?.next).toEqual([{ id: 'ke-b', name: 'B', condition: null }]);
  });

  it('lists transactions, and tells parts begun by an event from other parts', () => {
    const part = (id: string, type: string, triggeredByEvent: boolean): RegistryElement => ({
      id,
      type: `bpmn:${type}`,
      businessObject: { id, triggeredByEvent },
    });
    const steps = diagramSteps([
      part('t', 'Transaction', false),
      part('s', 'SubProcess', false),
      part('e', 'SubProcess', true),
    ]);
    expect(steps.map((step) => step.type)).toEqual(['transaction', 'subProcess', 'eventSubProcess']);
  });

  it('numbers a way, also where it comes by twice', () => {
    expect([...pathPlaces(['a', 'b', 'a', 'c'])]).toEqual([
      ['a', '1, 3'],
      ['b', '2'],
      ['c', '4'],
    ]);
  });
});
