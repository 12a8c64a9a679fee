/** For products in memory: nobody is listed, nothing was found, nothing is stopped. */
import type { Monitoring } from '#db/queries/monitoring.ts';
import type { Objections } from '#db/queries/objections.ts';
import type { Updates } from '#db/registry/updates.ts';

export function memoryUpdates(): Updates {
  return {
    listed: () => Promise.resolve([]),
    regions: () => Promise.resolve([]),
    noteFinding: () => Promise.resolve(),
    openFindings: () => Promise.resolve([]),
    noteChecks: () => Promise.resolve(),
    recordDeath: () => Promise.resolve([]),
    changeCaretaker: () => Promise.resolve(true),
    moveFamily: () => Promise.resolve(true),
    stop: (stops) => Promise.resolve(stops.length),
    isStopped: () => Promise.resolve(false),
  };
}

/** Nobody has ever objected to anything. */
export function memoryObjections(): Objections {
  return {
    disputed: () => Promise.resolve(null),
    countOf: () => Promise.resolve(0),
    openAgainst: () => Promise.resolve(0),
  };
}

/** A quarter in which nothing happened. */
export function memoryMonitoring(): Monitoring {
  return {
    population: () => Promise.resolve(0),
    sample: () => Promise.resolve([]),
    performance: () => Promise.resolve({}),
    keep: () => Promise.resolve(),
  };
}
