/** The state of a case as the contract writes it. */
import type { z } from 'zod';
import type { historyEndpoints } from '#contract/history.ts';
import type { InstanceState } from '#engine/instance.ts';
import { keyWithin } from '#engine/keys.ts';
import { jsonView } from './json-view.ts';

type CaseState = z.infer<(typeof historyEndpoints)['getCaseMoment']['ok']>['state'];

const iso = (ms: number): string => new Date(ms).toISOString();

/** Throws for a state before the first fact. */
export function stateView(state: InstanceState): CaseState {
  const { status, instanceKey, suspendedAtMs, definitionKey, version, endElements } = state;
  if (status === 'new') throw new Error('the instance has not begun');
  const key = (seq: number | string): string => keyWithin(instanceKey, Number(seq));
  const elements = Object.values(state.elements);
  return {
    status,
    suspendedAt: suspendedAtMs === null ? null : iso(suspendedAtMs),
    processDefinitionKey: definitionKey,
    processDefinitionVersion: version,
    elements: elements.map(({ seq, elementId, type, scope, loopCounter, variables }) => ({
      elementInstanceKey: key(seq),
      elementId,
      elementType: type,
      scopeKey: key(scope),
      loopCounter,
      variables: jsonView(variables),
    })),
    waitingTokens: elements.flatMap(({ seq, waitingTokens }) =>
      Object.entries(waitingTokens).map(([flowId, count]) => ({ flowId, scopeKey: key(seq), count })),
    ),
    timers: Object.entries(state.timers).map(([seq, { elementId, dueMs }]) => ({
      timerKey: key(seq),
      elementId,
      dueDate: iso(dueMs),
    })),
    incidents: Object.entries(state.incidents).map(([seq, { elementId, code }]) => ({
      incidentKey: key(seq),
      elementId,
      errorType: code,
    })),
    endElements: [...endElements],
  };
}
