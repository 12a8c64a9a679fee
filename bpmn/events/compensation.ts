/** Compensation throw and end events. BPMN 2.0.2 §10.5.5, §13.5.5. Whether the activity can be undone: rules/compensation-throws.ts. */
import type { CompensationThrow } from '#engine/model.ts';
import { child, flag, idOf, type ModdleElement } from '../moddle.ts';

export function compensationOf(definition: ModdleElement): CompensationThrow {
  const activity = child(definition, 'activityRef');
  return {
    type: 'compensation',
    activity: activity === null ? null : idOf(activity),
    waitForCompletion: flag(definition, 'waitForCompletion', true),
  };
}
