/** The publish-time checks of one process, in the order in which their problems are shown. */
import type { Rule } from '../context.ts';
import { adHocSubProcesses } from './ad-hoc-sub-processes.ts';
import { boundaryEvents } from './boundary-events.ts';
import { calledDecisions } from './called-decisions.ts';
import { compensationHandlers } from './compensation-handlers.ts';
import { compensationThrows } from './compensation-throws.ts';
import { conditions } from './conditions.ts';
import { deadEnds } from './dead-ends.ts';
import { distinctTriggers } from './distinct-triggers.ts';
import { elementIds } from './element-ids.ts';
import { eventGateways } from './event-gateways.ts';
import { eventSubProcesses } from './event-sub-processes.ts';
import { fourEyes } from './four-eyes.ts';
import { linkEvents } from './link-events.ts';
import { mixedGateways } from './mixed-gateways.ts';
import { multipleResults } from './multiple-results.ts';
import { propertyValues } from './property-values.ts';
import { reachable } from './reachable.ts';
import { reservedNames } from './reserved-names.ts';
import { sequenceFlows } from './sequence-flows.ts';
import { startEvents } from './start-events.ts';
import { timers } from './timers.ts';
import { transactions } from './transactions.ts';

export const rules: readonly Rule[] = [
  elementIds,
  reservedNames,
  startEvents,
  sequenceFlows,
  conditions,
  eventGateways,
  boundaryEvents,
  eventSubProcesses,
  adHocSubProcesses,
  linkEvents,
  compensationHandlers,
  compensationThrows,
  transactions,
  multipleResults,
  distinctTriggers,
  timers,
  calledDecisions,
  fourEyes,
  propertyValues,
  reachable,
  deadEnds,
  mixedGateways,
];
