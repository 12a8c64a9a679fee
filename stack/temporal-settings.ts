/** Dynamic configuration that Alur asks of a Temporal server; docs/operations.md says why, and how to set it on a server of your own. */

export type TemporalSettings = Readonly<Record<string, number | boolean | string>>;

export const temporalSettings: TemporalSettings = {
  // With four, which is the default, a task can lie in a partition that nobody polls just then.
  'matching.numTaskqueueWritePartitions': 1,
  // How long a poll may wait where no task comes.
  'matching.longPollExpirationInterval': '20s',
};

/** For `temporal server start-dev`. */
export const settingFlags = (settings: TemporalSettings): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${JSON.stringify(value)}`]);
