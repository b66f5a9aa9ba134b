import type { IncomingHttpHeaders } from 'node:http';
import { HeaderMap, type HTTPGraphQLRequest, type HTTPGraphQLResponse } from '@apollo/server';
import type { Asking } from '../lib/asking.js';
import type { Execution } from './execution.js';
import type { OperationContext } from './operationContext.js';

/** What stands before the operation in a request. */
export interface RequestHead {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
  /** The client's network address. */
  readonly address: string;
  readonly requestId: string;
  readonly transport: 'http';
  /** Whether the answer may be kept by caches, and so must say nothing about who asked. */
  readonly isCacheable: boolean;
  /** Whether nothing may be older than what is committed now: `Cache-Control: no-cache`. */
  readonly newest: boolean;
  /** Who waits for the answer. */
  readonly asking: Asking;
}

/** The operation in a request, as it was sent. */
export interface Asked {
  readonly method: string;
  /** From the question mark of the address on. */
  readonly search: string;
  /** Read as JSON; undefined without one. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** What is sent. */
export interface Answered {
  /** Undefined: 200. */
  readonly status?: number | undefined;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body: string | Buffer;
  /** By which it was found among those that are kept; undefined: it was made. */
  readonly key?: string;
}

/** Answers operations over HTTP. */
export type Answering = (asked: Asked, head: RequestHead) => Promise<Answered> | Answered;

/** Turns a request's credentials into the context of its operation; throws a DomainError to refuse them. */
export type ContextOf = (head: RequestHead) => Promise<OperationContext>;

/** Headers that decide how a request is answered, or whether at all: Apollo refuses what a foreign page could send. */
export const DECISIVE = ['accept', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'];

/** A request as Apollo reads it. */
function requestOf({ method, search, body, headers }: Asked): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const name of DECISIVE) {
    const value = headers[name];
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { method, search, body, headers: map };
}

/** Executes what is asked. */
export const execute = (
  execution: Pick<Execution, 'http'>,
  asked: Asked,
  context: OperationContext,
): Promise<HTTPGraphQLResponse> => execution.http(requestOf(asked), context);

/** What Apollo answers, as it is sent. */
export function answeredOf({ status, headers, body }: HTTPGraphQLResponse): Answered {
  if (body.kind !== 'complete') throw new Error('An answer in parts was not asked for.');
  return { status, headers, body: body.string };
}
