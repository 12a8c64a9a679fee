/** The contract as OpenAPI 3.1. `npx tsx api/write-openapi.ts` writes openapi.json; a test says when it is stale. */
import { z } from 'zod';
import { commonProblems, problem, problemStatus } from '#contract/problem.ts';
import type { ProblemCode } from '#contract/problem.ts';
import { workbookType } from '#contract/endpoint.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { routes } from '#contract/routes.ts';
import { csrfHeader, idempotencyHeader, sessionCookie } from '#contract/session.ts';
import { gatewayVersion } from '#contract/topology.ts';

type Document = Record<string, z.core.util.JSONType>;
type JsonSchema = Document;

/** A schema with its named parts as references into the document. */
function schemaOf(type: z.ZodType, io: 'input' | 'output', components: Document): JsonSchema {
  const schema = z.toJSONSchema(type, { io, unrepresentable: 'any', reused: 'inline' }) as unknown as Document;
  const { $schema: _, $defs = {}, id: __, ...rest } = schema;
  for (const [name, part] of Object.entries($defs as Document)) {
    const { id: ___, $schema: ____, ...body } = part as Document;
    components[name] = refer(body) as Document;
  }
  return refer(rest) as JsonSchema;
}
/** `#/$defs/X` of zod's output is `#/components/schemas/X` here. */
function refer(value: z.core.util.JSONType): z.core.util.JSONType {
  if (Array.isArray(value)) return value.map(refer);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : refer(member),
    ]),
  );
}

function parametersOf(endpoint: Endpoint, components: Document): Document[] {
  const from = (place: 'path' | 'query', type: z.ZodObject | undefined): Document[] =>
    Object.entries(type?.shape ?? {}).map(([name, member]) => ({
      name,
      in: place,
      required: place === 'path' || !(member as z.ZodType).safeParse(undefined).success,
      schema: schemaOf(member as z.ZodType, 'input', components),
    }));
  const key: Document = {
    name: idempotencyHeader,
    in: 'header',
    required: false,
    schema: { type: 'string', maxLength: 128 },
  };
  return [
    ...from('path', endpoint.params),
    ...from('query', endpoint.query),
    ...(endpoint.idempotent === true ? [key] : []),
  ];
}

const fileBody: Document = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        properties: { resources: { type: 'array', items: { type: 'string', format: 'binary' } } },
        required: ['resources'],
      },
    },
  },
};
/** A form with fields and one file. */
function formBody(fields: z.ZodObject, components: Document): Document {
  const { properties = {}, required = [], ...rest } = schemaOf(fields, 'input', components);
  const file = { type: 'string', format: 'binary' };
  const schema = {
    ...rest,
    properties: { ...(properties as Document), file },
    required: [...(required as string[]), 'file'],
  };
  return { required: true, content: { 'multipart/form-data': { schema } } };
}
function bodyOf(endpoint: Endpoint, components: Document): Document | undefined {
  if (endpoint.formFields !== undefined) return formBody(endpoint.formFields, components);
  if (endpoint.bodyType === 'multipart') return fileBody;
  if (endpoint.bodyType === 'csv') return { required: true, content: { 'text/csv': { schema: { type: 'string' } } } };
  if (endpoint.bodyType === 'table') {
    const schema = { type: 'string', format: 'binary' };
    return { required: true, content: { 'text/csv': { schema }, [workbookType]: { schema } } };
  }
  if (endpoint.body === undefined) return undefined;
  const schema = schemaOf(endpoint.body, 'input', components);
  return {
    required: !endpoint.body.safeParse({}).success && !endpoint.body.safeParse(undefined).success,
    content: { 'application/json': { schema } },
  };
}

function responsesOf(endpoint: Endpoint, components: Document): Document {
  const media = endpoint.okType ?? 'application/json';
  const content =
    endpoint.ok === null ? {} : { content: { [media]: { schema: schemaOf(endpoint.ok, 'output', components) } } };
  const responses: Document = { [endpoint.status]: { description: endpoint.summary, ...content } };
  if (endpoint.mayBeEmpty === true) responses[204] = { description: 'Done.' };
  const codes: readonly ProblemCode[] =
    endpoint.roles === 'public' ? endpoint.problems : [...commonProblems, ...endpoint.problems];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(problemStatus[code], [...(byStatus.get(problemStatus[code]) ?? []), code]);
  for (const [status, names] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[status] = {
      description: names.join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

function operationOf(endpoint: Endpoint, components: Document): Document {
  const { operationId, noun, summary, roles } = endpoint;
  const who = typeof roles === 'string' ? roles : roles.join(', ');
  const body = bodyOf(endpoint, components);
  return {
    operationId,
    tags: [noun],
    summary,
    description: `Roles: ${who}.`,
    parameters: parametersOf(endpoint, components),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(endpoint, components),
    security: roles === 'public' ? [] : [{ bearer: [] }, { session: [], csrf: [] }],
  };
}

function build(): Document {
  const schemas: Document = {};
  const paths: Record<string, Document> = {};
  schemas['Problem'] = schemaOf(problem, 'output', schemas);
  for (const endpoint of Object.values(routes) as Endpoint[]) {
    const path = endpoint.path.replaceAll(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method]: operationOf(endpoint, schemas) };
  }
  const nouns = [...new Set(Object.values(routes).map(({ noun }) => noun))].sort();
  return {
    openapi: '3.1.0',
    info: { title: 'Alur', version: gatewayVersion, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    tags: nouns.map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        csrf: { type: 'apiKey', in: 'header', name: csrfHeader },
      },
    },
  };
}

export const openApiDocument: Document = build();
export const openApiText = (): string => `${JSON.stringify(openApiDocument, null, 2)}\n`;
