import type { GraphQLRequest } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { badUserInput, DomainError } from '../lib/errors.js';
import { persistedQueryOf } from './documentId.js';
import { isOriginAllowed } from './origins.js';

const json = z.record(z.string(), z.unknown());

const operation = z.object({
  query: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: json.nullish(),
  extensions: json.nullish(),
  documentId: z.string().nullish(),
});

/** A refusal for which HTTP has a status of its own. */
const withStatus = (statusCode: number, message: string): Error =>
  Object.assign(new Error(message), { statusCode });

function parse(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badUserInput(`"${name}" must be JSON.`);
  }
}

/** What stands behind the question mark of an address. */
const parametersOf = (request: FastifyRequest): URLSearchParams =>
  new URL(request.url, 'http://localhost').searchParams;

function partsOf(request: FastifyRequest): unknown {
  if (request.method === 'GET') {
    const parameters = parametersOf(request);
    const parameter = (name: string): string | undefined => parameters.get(name) ?? undefined;
    return {
      query: parameter('query'),
      operationName: parameter('operationName'),
      variables: parse('variables', parameter('variables')),
      extensions: parse('extensions', parameter('extensions')),
      documentId: parameter('documentId'),
    };
  }
  // A page of another origin sends any other type without asking its browser's leave.
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw withStatus(415, 'The body must be JSON, and its type application/json.');
  }
  return request.body;
}

/** The operation that a request asks for. @throws DomainError when it is none. */
export function operationIn(request: FastifyRequest): GraphQLRequest {
  const { data, error } = operation.safeParse(partsOf(request));
  if (error !== undefined) {
    const [issue] = error.issues;
    throw badUserInput(
      `The operation cannot be read${issue?.path.length ? `, because of "${issue.path.join('.')}"` : ''}: ${issue?.message}.`,
    );
  }
  const { query, operationName, variables, documentId } = data;
  const extensions =
    documentId == null ? data.extensions : { ...data.extensions, ...persistedQueryOf(documentId) };
  return {
    variables: variables ?? {},
    ...(query != null && { query }),
    ...(operationName != null && { operationName }),
    ...(extensions != null && { extensions }),
  };
}

/** The token of a reserved stream. */
export const streamTokenIn = (request: FastifyRequest): string | undefined =>
  request.headers['x-graphql-event-stream-token']?.toString() ??
  parametersOf(request).get('token') ??
  undefined;

/** The name of an operation among many, in the address. */
export const operationIdIn = (request: FastifyRequest): string =>
  parametersOf(request).get('operationId') ?? '';

/** The last event that the client has; undefined when it has none. */
export const lastEventIdIn = (request: FastifyRequest): string | undefined =>
  request.headers['last-event-id']?.toString() || undefined;

const takesEvents = ({ headers }: FastifyRequest): boolean =>
  (headers.accept ?? '').split(',').some((range) => range.split(';')[0]?.trim() === 'text/event-stream');

/** Whoever wants a stream says so: nothing streams by accident. @throws Error with status 406 */
export function checkAccept(request: FastifyRequest): void {
  if (takesEvents(request)) return;
  throw withStatus(406, 'This address answers with server-sent events: send Accept: text/event-stream.');
}

/**
 * Pages of other origins have nothing to look for here. Their browser would keep the answer from them, but a stream would be
 * open all the same. It says which origin asks, except for a GET whose answer nobody may read: that one it calls `no-cors`.
 *
 * @throws DomainError FORBIDDEN
 */
export function checkOrigin({ headers }: FastifyRequest, allowed: readonly string[]): void {
  if (headers['sec-fetch-mode'] !== 'no-cors' && isOriginAllowed(headers, allowed)) return;
  throw new DomainError('FORBIDDEN', 'Pages of this origin may not open streams here.');
}
