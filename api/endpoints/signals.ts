/** Signals, and conditional start events. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Endpoint } from '#contract/endpoint.ts';
import type { signalEndpoints } from '#contract/signal.ts';
import { appendAudit } from '#db/audit.ts';
import { conditionalStarts, findByDefinitionKey, nextKey } from '#db/queries/definitions.ts';
import { wholeCountry } from '#db/region-scope.ts';
import { openBroadcast } from '#db/signals.ts';
import { evaluateAny } from '#engine/expression.ts';
import { isKey } from '#engine/keys.ts';
import { startTriggersOf } from '#engine/start.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { assertFit } from '../sizes.ts';
import { regionOf, startWorkflow, untilVisible } from '../starting.ts';

type AnyCall = Pick<Call<Endpoint>, 'caller' | 'deps' | 'db' | 'memory'>;

/** The key of the first attempt of this request. */
async function recalledKey({ memory, db }: AnyCall): Promise<string> {
  const recalled = await memory.recall();
  const key = typeof recalled === 'string' && isKey(recalled) ? recalled : await db(nextKey);
  await memory.remember(key);
  return key;
}

const plannedStart = z.object({
  definitionKey: z.string(),
  processId: z.string(),
  instanceKey: z.string().refine(isKey),
  startElement: z.string(),
  startPart: z.int(),
  region: z.string(),
});
const evaluation = z.object({ key: z.string(), starts: z.array(plannedStart) });
type Evaluation = z.output<typeof evaluation>;
type EvaluateCall = Call<(typeof signalEndpoints)['evaluateConditionals']>;

/** Which start events the variables meet, with the keys of the instances to come: a repeated request finds the same. */
async function evaluate(call: EvaluateCall): Promise<Evaluation> {
  const { memory, db } = call;
  const earlier = evaluation.safeParse(await memory.recall());
  if (earlier.success) return earlier.data;
  const evaluated = await db((client) => evaluateStarts(client, call));
  await memory.remember(evaluated);
  return evaluated;
}
async function evaluateStarts(client: PoolClient, { caller, body, deps }: EvaluateCall): Promise<Evaluation> {
  const { variables, processDefinitionId = null, processDefinitionKey = null } = body;
  const lookup = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const scope = { lookup, nowMs: Date.now() + (await deps.clock.offsetMs()) };
  const starts: Evaluation['starts'] = [];
  const candidates = await conditionalStarts(client, {
    processId: processDefinitionId,
    definitionKey: processDefinitionKey,
  });
  for (const { definitionKey, processId } of candidates) {
    const model = await deps.models.get(client, definitionKey);
    for (const { elementId: startElement, part: startPart, trigger } of model === null ? [] : startTriggersOf(model)) {
      if (model === null || trigger.type !== 'conditional') continue;
      const value = evaluateAny(trigger.conditional.condition, scope);
      if (!value.ok || value.value !== true) continue;
      const region = regionOf(model, variables, caller.account);
      const instanceKey = await nextKey(client);
      starts.push({ definitionKey, processId, instanceKey, startElement, startPart, region });
    }
  }
  return { key: await nextKey(client), starts };
}

export const signalHandlers: HandlersOf<typeof signalEndpoints> = {
  broadcastSignal: async (call) => {
    const { caller, body, deps, db } = call;
    const variables = body.variables ?? {};
    assertNoCitizenNumber(variables);
    assertFit(variables);
    const signalKey = await recalledKey(call);
    const { name: actor, region } = caller.account;
    const { signalName } = body;
    // A case without a region belongs to the whole country, and so does what a start event begins.
    const startsInstances = region === wholeCountry;
    await db((client) => openBroadcast(client, { signalKey, signalName, startsInstances }));
    await deps.temporal.broadcast({ signalKey, name: signalName, variables });
    await db((client) =>
      appendAudit(client, {
        actor,
        action: 'signal.broadcast',
        target: signalKey,
        region,
        detail: { name: signalName },
      }),
    );
    return { signalKey, tenantId: '<default>' };
  },
  evaluateConditionals: async (call) => {
    const { caller, body, deps, db } = call;
    assertNoCitizenNumber(body.variables);
    assertFit(body.variables);
    const { key, starts } = await evaluate(call);
    for (const { definitionKey, instanceKey, startElement, startPart, region } of starts) {
      const process = await db((client) => findByDefinitionKey(client, definitionKey));
      if (process === null) continue;
      const { variables, businessId } = body;
      const start = { process, instanceKey, variables, region, actor: caller.account.name };
      await startWorkflow(deps, { ...start, businessKey: businessId ?? null, startElement, startPart });
    }
    for (const { processId, instanceKey } of starts) await untilVisible(deps, processId, instanceKey);
    return {
      conditionalEvaluationKey: key,
      tenantId: '<default>',
      processInstances: starts.map(({ definitionKey, instanceKey }) => ({
        processDefinitionKey: definitionKey,
        processInstanceKey: instanceKey,
      })),
    };
  },
};
