import type { TimerDefinition } from '#engine/model.ts';
import { remedyFor, type RemedyName } from '../admission.ts';
import type { Rule } from '../context.ts';
import { isValidTimer } from '../events/timer.ts';
import { literal } from '../expression.ts';
import { singleTriggers } from '../single-triggers.ts';

const examples: Readonly<Record<TimerDefinition['kind'], RemedyName>> = {
  date: 'example.date',
  duration: 'example.duration',
  cycle: 'example.cycle',
};

/** ISO 8601 and cron texts that stand literally in the model. */
export const timers: Rule = ({ nodes, log }) => {
  for (const node of Object.values(nodes)) {
    for (const trigger of singleTriggers(node)) {
      if (trigger.type !== 'timer' || isValidTimer(trigger.timer)) continue;
      const { kind, value } = trigger.timer;
      log.add('TIMER_INVALID', node.id, { value: literal(value) ?? '', kind, example: remedyFor(examples[kind]) });
    }
  }
};
