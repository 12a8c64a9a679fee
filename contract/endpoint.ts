/** What one endpoint of the HTTP API is: plain data, read by the server, the OpenAPI writer, the web app, the CLI and the tests. */
import type { z } from 'zod';
import type { ProblemCode } from './problem.ts';
import type { Role } from './values.ts';

/** Media type of .xlsx. */
export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Names of the tags of the OpenAPI document, one per noun. */
export type Noun =
  | 'Access token'
  | 'Account'
  | 'Audit log'
  | 'Batch operation'
  | 'Case'
  | 'Citizen'
  | 'Clock'
  | 'Conditional'
  | 'Deployment'
  | 'Document'
  | 'Element instance'
  | 'Event'
  | 'Exchange'
  | 'File'
  | 'Health'
  | 'Incident'
  | 'Job'
  | 'Job type'
  | 'Message'
  | 'Person'
  | 'Process definition'
  | 'Process instance'
  | 'Proposal'
  | 'Report'
  | 'Resource'
  | 'Session'
  | 'Setting'
  | 'Signal'
  | 'Start schedule'
  | 'Statistics'
  | 'Subject'
  | 'System'
  | 'Timer'
  | 'User task'
  | 'Variable'
  | 'Verification';

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express form: `/v2/user-tasks/:userTaskKey`. */
  readonly path: `/${string}`;
  /** Unique; the client's function name. */
  readonly operationId: string;
  readonly noun: Noun;
  readonly summary: string;
  /** Who may call it. 'public': no account needed; 'any': every account. What a caller then sees is cut by region. */
  readonly roles: readonly Role[] | 'any' | 'public';
  /** Path parameters, all strings. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** How the body travels; default json. For the others the handler reads the stream and `body` stays unset; a table is CSV or XLSX. */
  readonly bodyType?: 'json' | 'multipart' | 'csv' | 'table';
  /** Fields of a multipart form that holds one file; absent: it holds any number of files and no fields. */
  readonly formFields?: z.ZodObject;
  readonly status: 200 | 201 | 202 | 204;
  /** Body of the answer; null: none. For other than json, the text. */
  readonly ok: z.ZodType | null;
  /** Media type of the answer; default application/json. */
  readonly okType?:
    | 'text/xml'
    | 'text/html'
    | 'text/event-stream'
    | 'application/pdf'
    | 'application/octet-stream'
    | 'text/csv'
    | typeof workbookType;
  /** Ways to fail besides those every endpoint has (`commonProblems`). */
  readonly problems: readonly ProblemCode[];
  /** Mostly answered with 204: the body is that of a dry run. */
  readonly mayBeEmpty?: boolean;
  /** Whether an `Idempotency-Key` header is honoured: the first answer is stored and repeated. */
  readonly idempotent?: boolean;
  /** A question too long for an address: allowed by cookie without a CSRF token, as a GET is. */
  readonly changesNothing?: boolean;
}

/** Keeps literal types (method, path, roles …) while checking the shape. */
export const endpoint = <const E extends Endpoint>(definition: E): E => definition;

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;
type InputOf<T> = T extends z.ZodType ? z.input<T> : undefined;

/** What the handler of an endpoint gets after parsing. */
export interface Parsed<E extends Endpoint> {
  readonly params: OutputOf<E['params']>;
  readonly query: OutputOf<E['query']>;
  readonly body: OutputOf<E['body']>;
}
/** What a caller sends. */
export interface Sent<E extends Endpoint> {
  readonly params: InputOf<E['params']>;
  readonly query: InputOf<E['query']>;
  readonly body: InputOf<E['body']>;
}
/** Answers that are no text. */
export const binaryTypes = ['application/octet-stream', 'application/pdf', workbookType] as const;
type Binary = { readonly okType: (typeof binaryTypes)[number] };
/** The answer's body: undefined when there is none. */
export type Answer<E extends Endpoint> = E extends Binary ? Uint8Array<ArrayBuffer> : OutputOf<E['ok']>;
