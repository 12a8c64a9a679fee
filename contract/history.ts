/** Looking back: any moment of a case, a supposed course from there, and finished cases run again through a candidate. */
import { z } from 'zod';
import { caseFact } from './case.ts';
import { dependentsQuery } from './deployment.ts';
import { endpoint } from './endpoint.ts';
import { dateTime, identifier, key, keyParams, people, variables } from './values.ts';

/** Finished cases of one process that one request looks at. */
export const regressionLimits = {
  cases: 1_000,
  listed: 500,
  suppositions: 100,
  momentFacts: 100_000,
  /** Recorded evaluations of one decision. */ evaluations: 5_000,
} as const;

const activeElement = z.object({
  elementInstanceKey: key,
  elementId: z.string(),
  elementType: z.string(),
  /** The enclosing element instance; of the process itself: its own key. */
  scopeKey: key,
  loopCounter: z.int().nullable(),
  variables,
});
const caseState = z
  .object({
    status: z.enum(['active', 'completed', 'terminated', 'errored']),
    suspendedAt: dateTime.nullable(),
    processDefinitionKey: key,
    processDefinitionVersion: z.int(),
    elements: z.array(activeElement),
    /** Tokens that wait before a joining gateway. */
    waitingTokens: z.array(z.object({ flowId: z.string(), scopeKey: key, count: z.int() })),
    timers: z.array(z.object({ timerKey: key, elementId: z.string(), dueDate: dateTime })),
    incidents: z.array(z.object({ incidentKey: key, elementId: z.string(), errorType: z.string() })),
    endElements: z.array(z.string()),
  })
  .meta({ id: 'CaseState', description: 'Where the tokens of a case are, and what it knows, at some moment.' });

const withVariables = { elementId: identifier, variables: variables.default({}) };
const supposition = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('completeUserTask'), ...withVariables }),
    z.object({ type: z.literal('completeJob'), ...withVariables }),
    z.object({ type: z.literal('completeChild'), ...withVariables }),
    z.object({ type: z.literal('receiveMessage'), ...withVariables }),
    z.object({ type: z.literal('receiveSignal'), ...withVariables }),
    z.object({ type: z.literal('throwError'), ...withVariables, code: z.string().max(255) }),
    z.object({ type: z.literal('fireTimer'), elementId: identifier }),
    z.object({ type: z.literal('setVariables'), variables }),
    z.object({ type: z.literal('waitUntil'), at: dateTime }),
  ])
  .meta({ id: 'Supposition' });

const ending = z.object({ status: z.string(), endElements: z.array(z.string()) });
const parting = z
  .object({
    /** Fact of the record; null: the record was over. */
    factNumber: z.int().nullable(),
    /** What happened, in words such as `+periksa` (begins), `-periksa` (ends), `xperiksa` (is withdrawn); null: nothing more. */
    recorded: z.string().nullable(),
    candidate: z.string().nullable(),
  })
  .meta({ id: 'Parting', description: 'The first thing that happens otherwise.' });
const comparedCase = z
  .object({
    processInstanceKey: key,
    businessId: z.string().nullable(),
    kind: z.enum(['different', 'open', 'refused']),
    before: ending.optional(),
    after: ending.optional(),
    /** open: where it would wait for something that the record has no answer to. */
    waitsAt: z.array(z.string()).optional(),
    /** refused: what somebody handed in there would not pass the form. */
    elementId: z.string().optional(),
    fields: z.array(z.string()).optional(),
    factNumber: z.int().optional(),
    parting: parting.nullable().optional(),
  })
  .meta({ id: 'ComparedCase' });

const decisionChange = z.object({
  /** Decision of the file: the one asked or one it requires. */
  decisionDefinitionId: z.string(),
  name: z.string().nullable(),
  /** 1-based; of a rule that was removed, in the old table; null: not of a rule. */
  rule: z.int().nullable(),
  /** Label of the column; null: the whole rule, or the expression. */
  column: z.string().nullable(),
  /** As written; null: not there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});
const matchedRules = z.array(z.object({ rule: z.int(), annotation: z.string().nullable() }));
const decidedOtherwise = z.object({
  processInstanceKey: key,
  businessId: z.string().nullable(),
  processDefinitionId: z.string(),
  state: z.enum(['ACTIVE', 'COMPLETED', 'TERMINATED']),
  elementId: z.string(),
  /** Fact of the case that recorded the decision. */
  factNumber: z.int(),
  at: dateTime,
  before: z.object({ output: z.json(), matchedRules }),
  /** null: it could not be evaluated; `message` says why. */
  after: z.object({ output: z.json(), matchedRules }).nullable(),
  message: z.string().nullable(),
});
const decisionRegression = z
  .object({
    decisionDefinitionId: z.string(),
    name: z.string().nullable(),
    changes: z.array(decisionChange),
    /** Evaluations on record; the newest of them are compared. */
    recorded: z.int(),
    compared: z.int(),
    same: z.int(),
    different: z.int(),
    /** Would be an incident. */
    failed: z.int(),
    /** Those that are not the same, newest first. */
    cases: z.array(decidedOtherwise).max(regressionLimits.listed),
  })
  .meta({
    id: 'DecisionRegression',
    description: 'What a changed decision would have said where it was asked before.',
  });
export type DecisionRegression = z.infer<typeof decisionRegression>;

export const historyEndpoints = {
  getCaseMoment: endpoint({
    method: 'get',
    path: '/v2/cases/:caseKey/moments/:factNumber',
    operationId: 'getCaseMoment',
    noun: 'Case',
    summary: 'The case as it was after one of its facts: tokens, variables, timers, incidents, and that fact',
    roles: people,
    params: z.object({ ...keyParams('caseKey').shape, factNumber: z.coerce.number().int().min(1) }),
    status: 200,
    ok: z.object({ fact: caseFact, lastFactNumber: z.int(), state: caseState }),
    problems: ['notFound', 'tooLarge'],
  }),
  supposeCase: endpoint({
    method: 'post',
    path: '/v2/cases/:caseKey/moments/:factNumber/supposition',
    operationId: 'supposeCase',
    noun: 'Case',
    summary: 'What would have happened from there on, if …: a copy in memory that touches nothing outside',
    roles: ['supervisor', 'administrator'],
    params: z.object({ ...keyParams('caseKey').shape, factNumber: z.coerce.number().int().min(1) }),
    body: z.object({ suppositions: z.array(supposition).min(1).max(regressionLimits.suppositions) }),
    status: 200,
    ok: z.object({ facts: z.array(caseFact), state: caseState }),
    problems: ['notFound', 'wrongState', 'tooLarge'],
  }),
  checkRegression: endpoint({
    method: 'post',
    path: '/v2/deployments/regression',
    operationId: 'checkRegression',
    noun: 'Deployment',
    summary:
      'Run the last finished cases through the files as a deployment would publish them: which would end differently, and where they part',
    roles: ['administrator'],
    query: dependentsQuery.extend({ cases: z.coerce.number().int().min(1).max(regressionLimits.cases).default(200) }),
    bodyType: 'multipart',
    status: 200,
    ok: z.object({
      items: z.array(
        z.object({
          processDefinitionId: z.string(),
          compared: z.int(),
          same: z.int(),
          different: z.int(),
          open: z.int(),
          refused: z.int(),
          /** Somebody changed their course by hand: they cannot be run again. */
          notComparable: z.int(),
          /** Same end, other values: how many cases, by name of the process variable. */
          variables: z.record(z.string(), z.int()),
          /** Those that are not the same, newest first. */
          cases: z.array(comparedCase).max(regressionLimits.listed),
        }),
      ),
    }),
    problems: ['notAdmitted', 'tooLarge', 'unsupportedMediaType'],
  }),
  checkDecisions: endpoint({
    method: 'post',
    path: '/v2/deployments/decisions',
    operationId: 'checkDecisions',
    noun: 'Deployment',
    summary:
      'Ask the changed decisions of the files again what they were asked in running and finished cases: what has changed, and who would be answered otherwise',
    roles: ['administrator'],
    query: z.object({
      evaluations: z.coerce.number().int().min(1).max(regressionLimits.evaluations).default(1_000),
    }),
    bodyType: 'multipart',
    status: 200,
    ok: z.object({ items: z.array(decisionRegression) }),
    problems: ['notAdmitted', 'tooLarge', 'unsupportedMediaType'],
    changesNothing: true,
  }),
};
