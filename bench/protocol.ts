/**
 * What the benchmark and the process of each engine say to each other: one JSON value per line, a request on stdin, its answer on
 * stdout. Each engine measures itself, so that starting processes and talking to them counts for nobody.
 */
export const engineNames = ['alur', 'bpmn-engine', 'spiffworkflow'] as const;
export type EngineName = (typeof engineNames)[number];

export type Request =
  /** Reads and compiles a model; not measured. `folder` holds `<row>.bpmn` and perhaps `<row>.dmn`. */
  | { readonly do: 'load'; readonly folder: string; readonly row: string; readonly variables: object }
  /** Runs one instance and counts the elements it completed. */
  | { readonly do: 'count' }
  /** Runs instances one after another, each to its end. */
  | { readonly do: 'run'; readonly instances: number }
  /** Starts instances and keeps them where they wait. */
  | { readonly do: 'hold'; readonly instances: number };

export type Answer<T extends Request['do']> = T extends 'load'
  ? object
  : T extends 'count'
    ? { readonly elements: number }
    : T extends 'run'
      ? Sample
      : Weight;

export interface Sample {
  readonly wallMs: number;
  /** User and system time of the whole process, all threads. */
  readonly cpuMs: number;
}
export interface Weight {
  /** Live memory after garbage collection, per instance. */
  readonly bytes: number;
  /** What the engine itself would save of one instance, as JSON, without the model. */
  readonly stateBytes: number;
}
