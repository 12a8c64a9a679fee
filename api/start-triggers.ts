/** What starts instances of a process by itself, as it is kept beside the published version. */
import type { StartTrigger } from '#db/deployments.ts';
import { evaluateString } from '#engine/expression.ts';
import type { ProcessModel } from '#engine/model.ts';
import { startTriggersOf } from '#engine/start.ts';

/** Names are evaluated once, without variables. One that gives no name starts nothing: publishing has refused it before. */
export function startTriggersRow(model: ProcessModel, nowMs: number): readonly StartTrigger[] {
  const scope = { lookup: () => undefined, nowMs };
  return startTriggersOf(model).flatMap(({ elementId, part, trigger }): StartTrigger[] => {
    switch (trigger.type) {
      case 'timer':
      case 'conditional':
        return [{ elementId, part, type: trigger.type }];
      case 'message':
      case 'signal': {
        const name = evaluateString(trigger.type === 'message' ? trigger.message.name : trigger.signal.name, scope);
        return name.ok ? [{ elementId, part, type: trigger.type, name: name.value }] : [];
      }
      default:
        return [];
    }
  });
}
