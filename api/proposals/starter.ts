/** Starts the cases of proposals that were written down: those of a request at once, those of an import or a crashed process soon. */
import type { Logger } from 'pino';
import { findByProcessId } from '#db/queries/definitions.ts';
import { findUnstarted, markStarted } from '#db/queries/proposals.ts';
import type { UnstartedProposal } from '#db/queries/proposals.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import type { StartingDeps } from '../starting.ts';
import { Refusal } from '../refusal.ts';
import { assertNotOnHold, startWorkflow, untilVisible } from '../starting.ts';
import { proposalProcessId } from './proposal-process.ts';

/** Starts at once, so that an import does not crowd out people at work. */
const concurrentStarts = 4;
const batch = 40;
const pauseMs = { idle: 2_000, afterFailure: 5_000 } as const;

/** Starts one case; harmless when it was started before. @throws Refusal when the process is not published or nobody answers. */
export async function startProposal(deps: StartingDeps, proposal: UnstartedProposal): Promise<void> {
  const { number, instanceKey, region, createdBy, variables } = proposal;
  const process = await inRegion(deps.pool, wholeCountry, (db) => findByProcessId(db, proposalProcessId, null));
  if (process === null) throw new Refusal('noStartEvent', 'processUnknown', { values: { process: proposalProcessId } });
  assertNotOnHold(process);
  await startWorkflow(deps, { process, instanceKey, variables, businessKey: null, region, actor: createdBy });
  await untilVisible(deps, proposalProcessId, instanceKey);
  await inRegion(deps.pool, wholeCountry, (db) => markStarted(db, [number]));
}

async function inParallel(
  proposals: readonly UnstartedProposal[],
  work: (proposal: UnstartedProposal) => Promise<void>,
): Promise<void> {
  const queue = [...proposals];
  const one = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: concurrentStarts }, one));
}

export interface Starter {
  /** There is work now. */
  readonly wake: () => void;
  /** Resolves when the loop has ended. */
  readonly stop: () => Promise<void>;
}

/** A loop in each API process. Two of them may start the same case: the second attempt finds it started. */
export function runStarter(deps: StartingDeps, logger: Logger): Starter {
  const stopping = new AbortController();
  let wake: () => void = () => undefined;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const proposals = await inRegion(deps.pool, wholeCountry, (db) => findUnstarted(db, batch));
        await inParallel(stopping.signal.aborted ? [] : proposals, (proposal) => startProposal(deps, proposal));
        if (proposals.length === 0 && !stopping.signal.aborted) await pause(pauseMs.idle);
      } catch (error) {
        logger.warn({ err: error }, 'proposals cannot be started now');
        if (!stopping.signal.aborted) await pause(pauseMs.afterFailure);
      }
    }
  };
  const running = loop();
  return {
    wake: () => wake(),
    stop: () => {
      stopping.abort();
      wake();
      return running;
    },
  };
}
