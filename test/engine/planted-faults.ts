/** Subtle faults, each a small change to one file of the engine: what a slip in that behavior could look like. */

export interface PlantedFault {
  /** What the engine does wrong then. */
  readonly fault: string;
  /** In `engine/`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly right: string;
  readonly wrong: string;
}

export const plantedFaults: readonly PlantedFault[] = [
  {
    fault: 'a parallel join fires early',
    file: 'flow.ts',
    right: 'gateway.incoming.every((flow)',
    wrong: 'gateway.incoming.some((flow)',
  },
  {
    fault: 'an inclusive join waits for dead paths',
    file: 'joins.ts',
    right: 'return positions(run, scope).some((at) => reaches(at, empty) && !reaches(at, withToken));',
    wrong: 'return reaches.length > 0;',
  },
  {
    fault: 'an inclusive join does not wait for tokens in other branches',
    file: 'joins.ts',
    right: 'reaches(at, empty) && !reaches(at, withToken)',
    wrong: 'reaches(at, empty) && reaches(at, withToken)',
  },
  {
    fault: 'an exclusive gateway takes the last flow whose condition holds',
    file: 'choose.ts',
    right: 'for (const id of node.outgoing) {\n    const flow = run.process.flows[id];\n    if (!flow || id',
    wrong:
      'for (const id of node.outgoing.toReversed()) {\n    const flow = run.process.flows[id];\n    if (!flow || id',
  },
  {
    fault: 'a non-interrupting boundary event interrupts',
    file: 'triggering.ts',
    right: 'if (event.interrupting) terminate(run, owner);',
    wrong: 'terminate(run, owner);',
  },
  {
    fault: 'an event-based gateway goes on waiting for its other events',
    file: 'triggering.ts',
    right: '  closeCatches(run, owner);\n  closeIncidents',
    wrong: '  closeIncidents',
  },
  {
    fault: 'a parallel multiple event occurs with its first trigger',
    file: 'triggering.ts',
    right: 'if (occurred.length < awaited.triggers.length) return false;',
    wrong: 'if (occurred.length < 1) return false;',
  },
  {
    fault: 'a completion condition counts one instance too few',
    file: 'loop.ts',
    right: 'numberOfCompletedInstances: loop.completed + 1',
    wrong: 'numberOfCompletedInstances: loop.completed',
  },
  {
    fault: 'outputs of a multi-instance activity end up beside their places',
    file: 'apply.ts',
    right: '[fact.loopCounter - 1] = fact.output',
    wrong: '[fact.loopCounter] = fact.output',
  },
  {
    fault: 'a standard loop makes one round too many',
    file: 'loop.ts',
    right: 'created >= count',
    wrong: 'created > count',
  },
  {
    fault: 'a non-interrupting event sub-process ends the normal flow of its scope',
    file: 'event-sub-process.ts',
    right: 'if (start.interrupting) interrupt(',
    wrong: 'if (start.parent !== null) interrupt(',
  },
  {
    fault: 'an interrupting event sub-process leaves the others to be triggered',
    file: 'event-sub-process.ts',
    right: 'closeCatches(run, scope, (elementId) => starts.has(elementId));',
    wrong: 'closeCatches(run, scope, (elementId) => starts.size === 0 && starts.has(elementId));',
  },
  {
    fault: 'a terminate end event leaves a sibling',
    file: 'terminate.ts',
    right: 'if (seq !== except) terminate(run, seq);',
    wrong: "if (seq !== except && elementIn(run, seq).type !== 'userTask') terminate(run, seq);",
  },
  {
    fault: 'an escalation stops the event that throws it',
    file: 'throwing.ts',
    right: "variables: ownVariables(run, element.seq) });\n    return 'done';",
    wrong: "variables: ownVariables(run, element.seq) });\n    return 'waits';",
  },
  {
    fault: 'an error is caught by whoever catches all rather than by its code',
    file: 'errors.ts',
    right: 'if (value.value === thrown.code) return ok(catcher);',
    wrong: 'if (value.value === thrown.code) return ok(catchAll ?? catcher);',
  },
  {
    fault: 'activities are undone in the order of their completion',
    file: 'compensation.ts',
    right: '.toSorted((a, b) => b - a)',
    wrong: '.toSorted((a, b) => a - b)',
  },
  {
    fault: 'a throw event undoes the whole scope although it names an activity',
    file: 'compensation.ts',
    right: 'activity === null || compensations[record]?.elementId === activity',
    wrong: 'activity !== undefined && compensations[record] !== undefined',
  },
  {
    fault: 'a cancelled transaction undoes nothing',
    file: 'compensation.ts',
    right: 'return compensate(run, reason === undefined ? request : { ...request, reason });',
    wrong: 'return request.activity !== null;',
  },
  {
    fault: 'a complex gateway does not reset',
    file: 'joins.ts',
    right: 'if (isAwaited(run, gateway, scope, [...received, ...late])) return false;',
    wrong: 'if (received.length > 0) return false;',
  },
  {
    fault: 'an ad-hoc sub-process ignores its completion condition',
    file: 'ad-hoc.ts',
    right: 'if (completionCondition === null || ',
    wrong: 'if (completionCondition !== null || ',
  },
  {
    fault: 'a condition that stays true occurs again',
    file: 'conditions.ts',
    right: 'if (holds === state.holds) return false;',
    wrong: 'if (!holds && !state.holds) return false;',
  },
  {
    fault: 'an activity completes and its boundary events wait on',
    file: 'lifecycle.ts',
    right: '  closeCatches(run, seq);\n  closeIncidents(run, seq);\n  registerCompensation',
    wrong: '  closeIncidents(run, seq);\n  registerCompensation',
  },
  {
    fault: 'end listeners are not asked',
    file: 'lifecycle.ts',
    right: "isBody(element.type) ? null : prepareExecutionListener(run, active, 'end')",
    wrong: "isBody(element.type) ? null : prepareExecutionListener(run, active, 'end') && null",
  },
  {
    fault: 'a job that fails has an attempt too many',
    file: 'commands.ts',
    right: 'const left = Math.max(retries ?? job.retries - 1, 0);',
    wrong: 'const left = Math.max(retries ?? job.retries, 1);',
  },
];
