/** The processes of processes.ts as a Temporal engineer writes them. `local`: rows by local activities; else by Activities, as the manuals teach. */
import { Case, Expired, oneDay } from './case.ts';
import type { CaseInput } from './messages.ts';

type RowsBy = 'local' | 'remote';

async function runTask(input: CaseInput, rowsBy: RowsBy): Promise<void> {
  const work = new Case('task', input, rowsBy);
  work.begin();
  await work.serve('check');
  await work.ask('decide', 'field', {});
  await work.serve('report');
  await work.end('end');
}

async function runProposal(input: CaseInput, rowsBy: RowsBy): Promise<void> {
  const work = new Case('proposal', input, rowsBy);
  const { items } = input.variables as { readonly items: readonly number[] };
  work.begin();
  try {
    await work.serve('verify');
    await work.ask('fieldValidation', 'field', oneDay);
    await work.ask('vote', 'council', { ...oneDay, times: items.length });
    await work.ask('approval', 'board', oneDay);
    await work.serve('publish');
    await work.ask('delivery', 'ops', oneDay);
  } catch (error) {
    if (!(error instanceof Expired)) throw error;
    return work.end('expired');
  }
  await work.end('end');
}

async function runLoop(input: CaseInput, rowsBy: RowsBy): Promise<void> {
  const work = new Case('loop', input, rowsBy);
  work.begin();
  do await work.ask('work', 'field', {});
  while (work.variables['isEnough'] !== true);
  await work.end('end');
}

export const task = (input: CaseInput): Promise<void> => runTask(input, 'local');
export const proposal = (input: CaseInput): Promise<void> => runProposal(input, 'local');
export const loop = (input: CaseInput): Promise<void> => runLoop(input, 'local');
export const taskByActivities = (input: CaseInput): Promise<void> => runTask(input, 'remote');
export const proposalByActivities = (input: CaseInput): Promise<void> => runProposal(input, 'remote');
export const loopByActivities = (input: CaseInput): Promise<void> => runLoop(input, 'remote');
