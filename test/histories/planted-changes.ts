/** Changes to the workflow code and the engine that running cases must not meet: what a slip without a gate could look like. */

export interface PlantedChange {
  readonly change: string;
  /** From the project's folder. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly right: string;
  readonly wrong: string;
}

export const plantedChanges: readonly PlantedChange[] = [
  {
    change: 'a timer more before facts are recorded',
    file: 'workflows/process-instance.ts',
    right: '    const recorded = facts.at(-1)?.number ?? this.#recorded;\n',
    wrong: '    await sleep(1);\n    const recorded = facts.at(-1)?.number ?? this.#recorded;\n',
  },
  {
    change: 'effects begin before their facts are recorded',
    file: 'workflows/process-instance.ts',
    right: '    for (;;) {\n      try {\n        await this.#effects.inTurn',
    wrong: '    await this.#effects.perform(facts);\n    for (;;) {\n      try {\n        await this.#effects.inTurn',
  },
  {
    change: 'an Activity has another name',
    file: 'workflows/shell-activities.ts',
    right: '  const run = isReserved(jobType) ? undefined : jobs[jobType];',
    wrong: '  const run = isReserved(jobType) ? undefined : jobs[`job.${jobType}`];',
  },
  {
    change: 'effects happen in another order',
    file: 'workflows/effects.ts',
    right: '    for (const each of facts) {',
    wrong: '    for (const each of facts.toReversed()) {',
  },
  {
    change: 'an alarm that would do is not used',
    file: 'workflows/process-instance.ts',
    right: 'if (this.#alarms.some((alarmMs) => alarmMs <= ringMs)) return;',
    wrong: 'if (this.#alarms.some((alarmMs) => alarmMs === ringMs)) return;',
  },
  {
    change: 'an alarm rings a second later',
    file: 'workflows/process-instance.ts',
    right: 'Math.max(dueMs - this.#clock.offsetMs, nowMs + 1)',
    wrong: 'Math.max(dueMs - this.#clock.offsetMs + 1_000, nowMs + 1)',
  },
  {
    change: 'the id of a called instance is drawn',
    file: 'workflows/effects.ts',
    right: '    const workflowId = workflowIdOf(processId, childKey);',
    wrong: '    const workflowId = workflowIdOf(processId, `${childKey}-${Math.random()}`);',
  },
  {
    change: 'messages are told one by one',
    file: 'workflows/limits.ts',
    right: '  messagesPerExchange: 100,',
    wrong: '  messagesPerExchange: 1,',
  },
  {
    change: 'an instance leaves while an Activity is under way',
    file: 'workflows/process-instance.ts',
    right: 'if (this.#effects.inFlight > 0 || this.#unrecorded.length > 0',
    wrong: 'if (this.#unrecorded.length > 0',
  },
  {
    change: 'local activities take turns in runs that began without',
    file: 'workflows/gates.ts',
    right: '  localActivitiesInTurn: 2,',
    wrong: '  localActivitiesInTurn: 1,',
  },
  {
    change: 'a parallel join fires early',
    file: 'engine/flow.ts',
    right: 'gateway.incoming.every((flow)',
    wrong: 'gateway.incoming.some((flow)',
  },
  {
    change: 'a message entity forgets a message that it has delivered',
    file: 'workflows/message.ts',
    right: '    this.#buffer = this.#buffer.map((other) => (other.message === message ? done : other));',
    wrong: '    this.#buffer = this.#buffer.filter((other) => other.message !== message || done.isBlocked);',
  },
  {
    change: 'a failed job is tried again a little later',
    file: 'engine/commands.ts',
    right: 'run.nowMs + Math.max(waitMs, 0)',
    wrong: 'run.nowMs + Math.max(waitMs, 5)',
  },
  {
    change: 'an instance tells its end twice',
    file: 'workflows/process-instance.ts',
    right: 'if (parent !== null && this.#detached)',
    wrong: 'if (parent !== null)',
  },
];
