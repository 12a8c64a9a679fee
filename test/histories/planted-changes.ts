/** Changes to the workflow code and the engine that running cases must not meet: what a slip without a gate could look like. */

export interface PlantedChange {
  readonly change: string;
  /** Workflow ids of the histories of 0.1.0 that are enough to see it. */
  readonly seenIn: RegExp;
  /** From the project's folder. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly right: string;
  readonly wrong: string;
}

export const plantedChanges: readonly PlantedChange[] = [
  {
    change: 'a timer more before facts are recorded',
    seenIn: /^induk\//,
    file: 'workflows/process-instance.ts',
    right: '    const recorded = facts.at(-1)?.number ?? this.#recorded;\n',
    wrong: '    await sleep(1);\n    const recorded = facts.at(-1)?.number ?? this.#recorded;\n',
  },
  {
    change: 'effects begin before their facts are recorded',
    seenIn: /^perjalanan\//,
    file: 'workflows/process-instance.ts',
    right: '    for (let isSettled = false; ; isSettled = true) {',
    wrong: '    await this.#effects.perform(facts);\n    for (let isSettled = false; ; isSettled = true) {',
  },
  {
    change: 'an Activity has another name',
    seenIn: /^perjalanan\//,
    file: 'workflows/shell-activities.ts',
    right: '  const run = isReserved(jobType) ? undefined : jobs[jobType];',
    wrong: '  const run = isReserved(jobType) ? undefined : jobs[`job.${jobType}`];',
  },
  {
    change: 'effects happen in another order',
    seenIn: /^perjalanan\//,
    file: 'workflows/effects.ts',
    right: '    for (const each of facts) {',
    wrong: '    for (const each of facts.toReversed()) {',
  },
  {
    change: 'an alarm that would do is not used',
    seenIn: /^acak-65\//,
    file: 'workflows/process-instance.ts',
    right: 'if (this.#alarms.some((alarmMs) => alarmMs <= ringMs)) return;',
    wrong: 'if (this.#alarms.some((alarmMs) => alarmMs === ringMs)) return;',
  },
  {
    change: 'an alarm rings a second later',
    seenIn: /^acak-10\//,
    file: 'workflows/process-instance.ts',
    right: 'Math.max(dueMs - this.#clock.offsetMs, nowMs + 1)',
    wrong: 'Math.max(dueMs - this.#clock.offsetMs + 1_000, nowMs + 1)',
  },
  {
    change: 'the id of a called instance is drawn',
    seenIn: /^induk\//,
    file: 'workflows/effects.ts',
    right: '    const workflowId = workflowIdOf(processId, childKey);',
    wrong: '    const workflowId = workflowIdOf(processId, `${childKey}-${Math.random()}`);',
  },
  {
    change: 'messages are told one by one',
    seenIn: /^acak-6\//,
    file: 'workflows/limits.ts',
    right: '  messagesPerExchange: 100,',
    wrong: '  messagesPerExchange: 1,',
  },
  {
    change: 'an instance leaves while an Activity is under way',
    seenIn: /^acak-31\//,
    file: 'workflows/process-instance.ts',
    right: 'if (this.#effects.inFlight > 0 || this.#unrecorded.length > 0',
    wrong: 'if (this.#unrecorded.length > 0',
  },
  {
    change: 'local activities take turns in runs that began without',
    seenIn: /^acak-41\//,
    file: 'workflows/gates.ts',
    right: '  localActivitiesInTurn: 2,',
    wrong: '  localActivitiesInTurn: 1,',
  },
  {
    change: 'a parallel join fires early',
    seenIn: /^acak-57\//,
    file: 'engine/flow.ts',
    right: 'gateway.incoming.every((flow)',
    wrong: 'gateway.incoming.some((flow)',
  },
  {
    change: 'a message entity forgets a message that it has delivered',
    seenIn: /^message\/m7\//,
    file: 'workflows/message.ts',
    right: '    this.#buffer = this.#buffer.map((other) => (other.message === message ? done : other));',
    wrong: '    this.#buffer = this.#buffer.filter((other) => other.message !== message || done.isBlocked);',
  },
  {
    change: 'a failed job is tried again a little later',
    seenIn: /^acak-(?:57|65|69|79|94|97|104|118|120|123)\//,
    file: 'engine/commands.ts',
    right: 'run.nowMs + Math.max(waitMs, 0)',
    wrong: 'run.nowMs + Math.max(waitMs, 0) + 5',
  },
  {
    change: 'an instance tells its end twice',
    seenIn: /^anak-lapor\//,
    file: 'workflows/process-instance.ts',
    right: 'if (parent !== null && this.#detached)',
    wrong: 'if (parent !== null)',
  },
];
