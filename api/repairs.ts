/** Changes by hand: each has a reason, and can be asked first what it would do. Its audit row is written with its facts (db/record-facts.ts). */
import type { PoolClient } from 'pg';
import { reasonLimits } from '#contract/operation.ts';
import type { DryRunAnswer, DryRunLine } from '#contract/operation.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { findReferred } from '#db/queries/cases.ts';
import { findInstance } from '#db/queries/instances.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import { valuesOf } from '#db/queries/repairs.ts';
import type { Fact } from '#engine/fact.ts';
import type { JsonObject } from '#engine/json.ts';
import { keyWithin } from '#engine/keys.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import { assertRunning, visibleInstance, wasDone } from './commands.ts';
import { dryRunLines } from './dry-run.ts';
import { noContent } from './handler.ts';
import type { Call } from './handler.ts';
import { assertNoCitizenNumber } from './privacy.ts';
import { Refusal } from './refusal.ts';
import { assertFit } from './sizes.ts';

export type RepairCall = Pick<Call<Endpoint>, 'caller' | 'commandKey' | 'deps' | 'db'>;
/** What of a body says why, and whether it is meant. */
export interface Asking {
  readonly reason?: string | undefined;
  /** Of clients of Camunda, which know no reasons: a record of their own. */
  readonly operationReference?: number | null | undefined;
  readonly dryRun?: boolean | null | undefined;
}
export interface Repair {
  readonly instance: Pick<InstanceRow, 'processDefinitionId' | 'processInstanceKey'>;
  readonly command: InstanceCommand;
  /** Of a migration: hex SHA-256 of the model to follow. */
  readonly modelSha256?: string;
  readonly body: Asking;
}

/** @throws Refusal when no reason is given, or it holds the number of a citizen. */
export function reasonOf({ reason, operationReference }: Asking): string {
  if (reason !== undefined) {
    assertNoCitizenNumber({ reason });
    return reason;
  }
  if (operationReference !== undefined && operationReference !== null)
    return `operationReference ${operationReference}`;
  const fault = { field: 'reason', text: 'tooShort', values: { limit: reasonLimits.shortest } };
  throw new Refusal('invalidRequest', 'badFields', { faults: [fault] });
}

/** @throws Refusal when the variables are too large, or hold the number of a citizen. */
export function assertStorable(variables: JsonObject | null | undefined): void {
  assertNoCitizenNumber(variables ?? {});
  assertFit(variables);
}

/** The instance, running and in the caller's region; null: this very request has taken effect already. @throws Refusal */
export async function runningInstance(
  db: PoolClient,
  call: RepairCall,
  instanceKey: string,
): Promise<InstanceRow | null> {
  const found = await visibleInstance(db, instanceKey);
  if (await wasDone(db, call, instanceKey)) return null;
  assertRunning(found);
  return found;
}

const orderOf = ({ caller, commandKey }: RepairCall, { instance, command, modelSha256, body }: Repair) => ({
  processId: instance.processDefinitionId,
  instanceKey: instance.processInstanceKey,
  key: commandKey,
  actor: caller.account.name,
  reason: reasonOf(body),
  ...(modelSha256 === undefined ? {} : { modelSha256 }),
  command,
});

/** Does it, or says what it would do. @throws Refusal when it is refused */
export async function repair(call: RepairCall, asked: Repair): Promise<DryRunAnswer | typeof noContent> {
  if (asked.body.dryRun === true) return { dryRun: true, lines: await linesOf(call, asked) };
  await call.deps.temporal.command(orderOf(call, asked));
  return noContent;
}

/** What a repair would do. @throws Refusal when it would be refused */
export async function linesOf(call: RepairCall, asked: Repair): Promise<DryRunLine[]> {
  const facts = await call.deps.temporal.preview(orderOf(call, asked));
  return tell(call, asked.instance.processInstanceKey, facts);
}

const tell = (call: RepairCall, instanceKey: string, facts: readonly Fact[]): Promise<DryRunLine[]> =>
  call.db(async (db) => {
    const instance = await findInstance(db, instanceKey);
    const definitionKey = instance?.processDefinitionKey;
    const model = definitionKey === undefined ? null : await call.deps.models.get(db, definitionKey);
    const referred = await findReferred(db, instanceKey);
    const scopes = facts.flatMap((fact) => (fact.type === 'variablesSet' ? [keyWithin(instanceKey, fact.scope)] : []));
    const values = await valuesOf(db, instanceKey, [...new Set(scopes)]);
    const valueOf = (scopeKey: string, name: string) => values.get(`${scopeKey}/${name}`);
    return dryRunLines(facts, { instanceKey, model, referred, valueOf });
  });
