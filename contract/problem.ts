/** RFC 9457 problems. `code` names the kind of problem for programs; `title` and `detail` are for people, in the caller's language. */
import { z } from 'zod';

/** Every way to fail, with its HTTP status. Titles in Indonesian and English are in api/texts. */
export const problemStatus = {
  invalidRequest: 400,
  notSignedIn: 401,
  wrongCredentials: 401,
  notAllowed: 403,
  csrfTokenMissing: 403,
  fourEyes: 403,
  notFound: 404,
  wrongCode: 404,
  wrongState: 409,
  outcomeKept: 409,
  alreadyAssigned: 409,
  notAssignedToYou: 409,
  requestInFlight: 409,
  alreadyExists: 409,
  versionConflict: 412,
  versionRequired: 428,
  tooLarge: 413,
  unsupportedMediaType: 415,
  invalidFile: 422,
  invalidForm: 422,
  invalidVariables: 422,
  notAdmitted: 422,
  idempotencyKeyReused: 422,
  invalidProposal: 422,
  noStartEvent: 422,
  tooManyRequests: 429,
  internalError: 500,
  overloaded: 503,
  unavailable: 503,
} as const;
export type ProblemCode = keyof typeof problemStatus;
export const problemCodes = Object.keys(problemStatus) as ProblemCode[];

/** Problems any endpoint may answer with; not repeated in each `problems`. */
export const commonProblems = [
  'invalidRequest',
  'notSignedIn',
  'notAllowed',
  'tooManyRequests',
  'internalError',
  'unavailable',
] as const satisfies ProblemCode[];

/** One element, or one fault of it, that keeps a definition from being published. */
export const admissionProblem = z.object({
  resourceName: z.string(),
  elementId: z.string().nullable(),
  elementType: z.string().nullable(),
  rule: z.string(),
  message: z.string(),
  /** How a case gets there: elements and flows of an example, in order. Only from the soundness check. */
  path: z.array(z.string()).optional(),
});
export type AdmissionProblem = z.infer<typeof admissionProblem>;

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(problemCodes),
    /** What is wrong with which field; `field` is a path such as `filter.state` or a form field's key. */
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    /** notAdmitted only: every element at fault. */
    admission: z.array(admissionProblem).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
export type Problem = z.infer<typeof problem>;
