/** A case: a process instance as people see it. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime, key, keyParams, people } from './values.ts';

export const waitKinds = [
  'suspended',
  'incident',
  'userTask',
  'message',
  'signal',
  'condition',
  'adHoc',
  'job',
  'child',
  'timer',
] as const;
/** Why a case waits. Exactly one per open case: the first that applies in the order of `waitKinds`, the oldest of that kind. */
export const waitReason = z
  .object({
    kind: z.enum(waitKinds),
    elementId: z.string(),
    name: z.string().nullable(),
    since: dateTime,
    /** Due date, timer or next attempt; null: open-ended. */
    until: dateTime.nullable(),
    forWhom: z.object({ assignee: z.string().nullable(), groups: z.array(z.string()) }).nullable(),
    overdue: z.boolean(),
    /**
     * Machine-readable particulars: message or signal name, job type and attempts left, incident code and text, the called case. With a
     * called case and another kind than `child`, everything else is what that case waits for, in the terms of its process.
     */
    detail: z.object({
      messageName: z.string().optional(),
      signalName: z.string().optional(),
      jobType: z.string().optional(),
      retries: z.int().optional(),
      errorMessage: z.string().optional(),
      incidentCode: z.string().optional(),
      incidentKey: key.optional(),
      userTaskKey: key.optional(),
      childCaseKey: key.optional(),
      childProcessDefinitionId: z.string().optional(),
    }),
  })
  .meta({ id: 'WaitReason' });
export type WaitReason = z.infer<typeof waitReason>;

export const caseStates = ['ACTIVE', 'COMPLETED', 'TERMINATED', 'ERRORED'] as const;
export const caseRef = z.object({
  caseKey: key,
  processDefinitionId: z.string(),
  state: z.enum(caseStates),
  elementId: z.string().nullable(),
});

const namedStep = z.object({ elementId: z.string(), name: z.string().nullable() });

/** An open ad-hoc sub-process and what may be started in it, by `activateAdHocElements`. */
const adHocChoice = namedStep.extend({ elementInstanceKey: key, steps: z.array(namedStep) });
export type AdHocChoice = z.infer<typeof adHocChoice>;

export const caseHeader = z
  .object({
    caseKey: key,
    processDefinitionId: z.string(),
    processDefinitionKey: key,
    processDefinitionVersion: z.int(),
    processDefinitionName: z.string().nullable(),
    businessKey: z.string().nullable(),
    region: z.string(),
    /** Name of the region, narrow to wide: "Wadas, Telukjambe Timur, Karawang, Jawa Barat". */
    regionName: z.string().nullable(),
    /** Key of the citizen in the vault, when the case is about one. */
    subjectKey: key.nullable(),
    state: z.enum(caseStates),
    /** Since when a person holds it; null: it goes on. */
    suspendedAt: dateTime.nullable(),
    startedAt: dateTime,
    endedAt: dateTime.nullable(),
    /** Ids of the elements where tokens are now; for the diagram. */
    positions: z.array(z.string()),
    /** Elements with an open incident. */
    incidentElements: z.array(z.string()),
    /** Elements that have been passed. */
    visited: z.array(z.string()),
    endElements: z.array(z.string()),
    /** Public status step (property `alur.status` of the latest element that has one). */
    status: z.string().nullable(),
    waitReason: waitReason.nullable(),
    /** Oldest first. */
    choices: z.array(adHocChoice),
    parent: caseRef.nullable(),
    children: z.array(caseRef),
  })
  .meta({ id: 'Case' });
export type CaseHeader = z.infer<typeof caseHeader>;

export const timelineKinds = [
  'caseStarted',
  'caseCompleted',
  'caseCanceled',
  'caseErrored',
  'milestonePassed',
  'userTaskCreated',
  'userTaskAssigned',
  'userTaskUnassigned',
  'userTaskCompleted',
  'userTaskCanceled',
  'userTaskUpdated',
  'userTaskChangeRequested',
  'userTaskChangeDenied',
  'jobCompleted',
  'listenerCompleted',
  'jobFailed',
  'jobErrorThrown',
  'decisionEvaluated',
  'messageAwaited',
  'messageReceived',
  'messageSent',
  'signalAwaited',
  'signalReceived',
  'signalSent',
  'conditionAwaited',
  'conditionMet',
  'escalated',
  'compensationStarted',
  'flowInterrupted',
  'stepsChosen',
  'loopStarted',
  'stepPaused',
  'timerSet',
  'timerFired',
  'childStarted',
  'childEnded',
  'incidentRaised',
  'incidentResolved',
  'interventionMade',
] as const;
/** One line of the business timeline; the words come from the reader's language. */
export const timelineEntry = z
  .object({
    /** Fact number: order and identity. */
    number: z.int(),
    kind: z.enum(timelineKinds),
    elementId: z.string().nullable(),
    name: z.string().nullable(),
    /** Account, or `system`. */
    actor: z.string(),
    at: dateTime,
    detail: z.object({
      assignee: z.string().optional(),
      dueDate: dateTime.optional(),
      message: z.string().optional(),
      code: z.string().optional(),
      messageName: z.string().optional(),
      signalName: z.string().optional(),
      jobType: z.string().optional(),
      retries: z.int().optional(),
      decisionId: z.string().optional(),
      output: z.json().optional(),
      processDefinitionId: z.string().optional(),
      outcome: z.string().optional(),
      endElements: z.array(z.string()).optional(),
      completedBy: z.string().optional(),
      /** escalated: the event that catches it; absent: nothing in this case does. */
      caughtBy: namedStep.optional(),
      /** stepsChosen: what is to be done in an ad-hoc sub-process. */
      steps: z.array(namedStep).optional(),
      /** loopStarted: how often the step is done. */
      count: z.int().optional(),
      /** interventionMade: what a person did by hand, why, and what it changed directly. */
      command: z.string().optional(),
      reason: z.string().optional(),
      before: z.json().optional(),
      after: z.json().optional(),
    }),
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** One fact of the engine as it is kept: what the state of the case is made of. */
export const caseFact = z
  .object({
    /** From 1, without gaps. */
    number: z.int(),
    at: dateTime,
    /** Account, or `system`. */
    actor: z.string(),
    /** `type` and what belongs to it, see engine/fact.ts. */
    fact: z.looseObject({ type: z.string() }),
  })
  .meta({ id: 'CaseFact' });

export const decisionExplanation = z
  .object({
    decisionId: z.string(),
    decisionName: z.string().nullable(),
    /** What was looked at, by the labels of the table. */
    inputs: z.record(z.string(), z.json()),
    /** In the order of the table; the annotation says why in plain words. */
    matchedRules: z.array(z.object({ rule: z.int(), annotation: z.string().nullable() })),
    output: z.json(),
    /** Decisions that this one rests on. */
    get required() {
      return z.array(decisionExplanation);
    },
  })
  .meta({ id: 'DecisionExplanation' });
export type DecisionExplanation = z.infer<typeof decisionExplanation>;

export const decisionEvaluation = z
  .object({
    /** The case itself, or one that it called. */
    caseKey: key,
    processDefinitionId: z.string(),
    elementId: z.string(),
    elementName: z.string().nullable(),
    decisionId: z.string(),
    at: dateTime,
    explanation: decisionExplanation,
  })
  .meta({ id: 'DecisionEvaluation' });
export type DecisionEvaluation = z.infer<typeof decisionEvaluation>;

const params = keyParams('caseKey');

export const caseEndpoints = {
  getCase: endpoint({
    method: 'get',
    path: '/v2/cases/:caseKey',
    operationId: 'getCase',
    noun: 'Case',
    summary: 'One case: where it stands and the one reason why it waits',
    roles: 'any',
    params,
    status: 200,
    ok: caseHeader,
    problems: ['notFound'],
  }),
  getCaseTimeline: endpoint({
    method: 'get',
    path: '/v2/cases/:caseKey/timeline',
    operationId: 'getCaseTimeline',
    noun: 'Case',
    summary: 'What happened to the case, in business terms, oldest first',
    roles: people,
    params,
    query: z.object({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(2_000).default(500),
    }),
    status: 200,
    ok: z.object({
      items: z.array(timelineEntry),
      /** Number to go on from (`after`), null at the end. */ next: z.int().nullable(),
    }),
    problems: ['notFound'],
  }),
  getCaseFacts: endpoint({
    method: 'get',
    path: '/v2/cases/:caseKey/facts',
    operationId: 'getCaseFacts',
    noun: 'Case',
    summary: 'Everything that happened to the case, token by token, oldest first; its state is the fold of these facts',
    roles: ['supervisor', 'administrator'],
    params,
    query: z.object({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
    }),
    status: 200,
    ok: z.object({
      items: z.array(caseFact),
      /** Number to go on from (`after`), null at the end. */ next: z.int().nullable(),
    }),
    problems: ['notFound'],
  }),
  getCaseDecisions: endpoint({
    method: 'get',
    path: '/v2/cases/:caseKey/decision-evaluations',
    operationId: 'getCaseDecisions',
    noun: 'Case',
    summary: 'Decisions taken for the case and the cases it called, with inputs, matched rules and outputs',
    roles: people,
    params,
    status: 200,
    ok: z.object({ items: z.array(decisionEvaluation) }),
    problems: ['notFound'],
  }),
};
