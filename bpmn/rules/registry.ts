/** The publish-time checks of one process, in the order in which their problems are shown. */
import type { Rule } from '../context.ts';
import { boundaryEvents } from './boundary-events.ts';
import { calledDecisions } from './called-decisions.ts';
import { conditions } from './conditions.ts';
import { deadEnds } from './dead-ends.ts';
import { distinctTriggers } from './distinct-triggers.ts';
import { elementIds } from './element-ids.ts';
import { eventGateways } from './event-gateways.ts';
import { fourEyes } from './four-eyes.ts';
import { mixedGateways } from './mixed-gateways.ts';
import { reachable } from './reachable.ts';
import { reservedNames } from './reserved-names.ts';
import { sequenceFlows } from './sequence-flows.ts';
import { startEvents } from './start-events.ts';
import { timers } from './timers.ts';

export const rules: readonly Rule[] = [
  elementIds,
  reservedNames,
  startEvents,
  sequenceFlows,
  conditions,
  eventGateways,
  boundaryEvents,
  distinctTriggers,
  timers,
  calledDecisions,
  fourEyes,
  reachable,
  deadEnds,
  mixedGateways,
];
