/** Processes that answer many cases at once: how the demo opens them, plays their steps and knows that they are over. */
import type { Client } from '#contract/client.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import type { UserTask } from '#contract/user-task.ts';
import type { Values } from './answers.ts';
import type { Case, Cases } from './cases.ts';
import type { Ledger } from './ledger.ts';
import type { Months } from './months.ts';

const pageSize = 1_000;

/** A task, or a trouble. */
export interface OfInstance extends Pick<UserTask, 'processInstanceKey' | 'rootProcessInstanceKey'> {
  readonly case?: { readonly businessKey: string | null } | undefined;
}

/** Steps that belong to no single case. */
export interface BatchPlay {
  readonly owns: (work: OfInstance) => boolean;
  /** Who does the step, if not the account of its group. */
  readonly accountOf?: (task: UserTask) => string | null;
  /** Values for the step's form; null: a step the demo does not know. */
  readonly answer: (task: UserTask, client: Client) => Promise<Values | null>;
  /** After the step was done. */
  readonly done: (task: UserTask) => void;
}

export interface Opening {
  readonly process: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Distinguishes it from all others of this demo. */
  readonly id: string;
  /** Profile of deadlines; null: what anybody gets. */
  readonly profile?: null;
}
export interface BatchOptions {
  readonly cases: Cases;
  readonly ledger: Ledger;
  readonly months: Months;
  /** Distinguishes this demo's commands from another's on the same server. */
  readonly run: string;
  /** Who opens batches and reads lists. */
  readonly caller: Client;
  readonly callerName: string;
}

/** Profile of deadlines: nobody waits days for a step of a demo. */
const deadlines = 'peragaan';

/** @returns the key of the new instance. */
export async function open({ ledger, run, caller, callerName }: BatchOptions, opening: Opening): Promise<string> {
  const { process, variables, id, profile = deadlines } = opening;
  const idempotencyKey = `${run}/${process}/${id}`;
  const { processInstanceKey: key } = await caller(
    processInstanceEndpoints.createProcessInstance,
    {
      body: {
        processDefinitionId: process,
        variables: profile === null ? variables : { ...variables, profilTenggat: profile },
      },
    },
    { idempotencyKey },
  );
  ledger.add({
    command: 'createProcessInstance',
    key,
    idempotencyKey,
    account: callerName,
    elementId: null,
    processInstanceKey: key,
  });
  return key;
}

/** Which of these instances still run. */
export async function running(client: Client, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const { items } = await client(processInstanceEndpoints.searchProcessInstances, {
    body: { filter: { processInstanceKey: { $in: [...keys] } }, page: { limit: pageSize } },
  });
  return new Set(items.filter(({ state }) => state === 'ACTIVE').map(({ processInstanceKey }) => processInstanceKey));
}

/** Those of `needing` who wait. Nobody, while others are on the way, unless the list must not wait for them. */
export function readyOf(needing: readonly Case[], waiting: ReadonlySet<string>, force: boolean): readonly Case[] {
  const present = needing.filter((one) => waiting.has(one.instanceKey));
  return force || present.length === needing.length ? present : [];
}
