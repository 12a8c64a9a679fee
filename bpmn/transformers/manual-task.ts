import type { Transformer } from '../context.ts';
import { activityBase } from '../node.ts';

/** BPMN 2.0.2 §10.3.3: work the engine neither does nor tracks; it passes through. */
export const manualTask: Transformer = (element, context) => ({
  ...activityBase(element, context),
  type: 'manualTask',
});
