/** Test cases in the format of the conformance pack (its README and tool/case.schema.json): what a case file may contain. */
import { z } from 'zod';
import { malformed } from './malformed.ts';

export const formatLimits = {
  steps: 2_000,
  models: 50,
} as const;

const id = z.string().min(1);
const ids = z.array(id);
const variables = z.record(z.string(), z.json());
const whole = z.int().min(0);
/** Letters of an ISO 8601 duration; the engine reads it. */
const duration = z.string().regex(/^P(?=.)[0-9.,YMWDTHS]+$/);

const expectedInstance = {
  processId: id.optional(),
  endState: z.enum(['completed', 'terminated', 'active', 'incident']).optional(),
  completedElementIds: ids.optional(),
  terminatedElementIds: ids.optional(),
  activeElementIds: ids.optional(),
  ignoreElementIds: ids.optional(),
  strictOrder: z.boolean().optional(),
  happensBefore: z.array(z.tuple([id, id])).optional(),
  variables: variables.optional(),
  absentVariables: ids.optional(),
  incidents: z.array(z.strictObject({ elementId: id, errorType: id })).optional(),
};
const chosenWork = { elementId: id.optional(), processId: id.optional(), where: variables.optional() };
const seenByWork = {
  expectVariables: variables.optional(),
  expectAbsentVariables: ids.optional(),
  expectHeaders: variables.optional(),
  expectRetries: whole.optional(),
};
const jobStep = { jobType: id, ...chosenWork, ...seenByWork };

const step = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('completeJob'), ...jobStep, variables: variables.optional() }),
  z.strictObject({ type: z.literal('failJob'), ...jobStep, retries: whole, errorMessage: z.string().optional() }),
  z.strictObject({ type: z.literal('throwError'), ...jobStep, errorCode: z.string(), variables: variables.optional() }),
  z.strictObject({
    type: z.literal('completeTask'),
    elementId: id,
    where: variables.optional(),
    variables: variables.optional(),
    expectVariables: variables.optional(),
  }),
  z.strictObject({
    type: z.literal('publishMessage'),
    name: id,
    correlationKey: z.string().optional(),
    ttl: duration.optional(),
    messageId: z.string().optional(),
    variables: variables.optional(),
    expectRejected: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('broadcastSignal'), name: id, variables: variables.optional() }),
  z.strictObject({ type: z.literal('advanceTime'), duration }),
  z.strictObject({
    type: z.literal('setVariables'),
    elementId: id.optional(),
    local: z.boolean().optional(),
    variables,
  }),
  z.strictObject({ type: z.literal('resolveIncident'), elementId: id.optional(), retries: z.int().min(1).optional() }),
  z.strictObject({ type: z.literal('cancelInstance'), processId: id.optional() }),
  z.strictObject({ type: z.literal('createInstance'), processId: id, variables: variables.optional() }),
  z.strictObject({ type: z.literal('deploy'), models: ids.min(1).max(formatLimits.models) }),
  z.strictObject({
    type: z.literal('expect'),
    jobs: z.record(id, whole).optional(),
    userTasks: ids.optional(),
    instances: z.record(id, whole).optional(),
    ...expectedInstance,
  }),
]);

const testCase = z.strictObject({
  id,
  features: z.array(z.string()).optional(),
  why: z.string().optional(),
  /** What another engine does instead; for people. */
  zeebe88: z.string().optional(),
  model: z.union([id, ids.min(1).max(formatLimits.models)]),
  processId: id.nullable(),
  variables: variables.optional(),
  steps: z.array(step).max(formatLimits.steps),
  expect: z.strictObject({
    ...expectedInstance,
    deployment: z.literal('rejected').optional(),
    otherInstances: z.array(z.strictObject(expectedInstance)).optional(),
  }),
  provenance: z.strictObject({ model: z.string(), expected: z.string() }).optional(),
});

export type TestCase = z.output<typeof testCase>;
export type CaseStep = z.output<typeof step>;
export type StepOf<T extends CaseStep['type']> = Extract<CaseStep, { readonly type: T }>;
export type ExpectedInstance = z.output<z.ZodObject<typeof expectedInstance>>;

/** @throws Error that names every field that is wrong and what belongs there. */
export function readCase(text: string): TestCase {
  const parsed = testCase.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(malformed(parsed.error));
  return parsed.data;
}
