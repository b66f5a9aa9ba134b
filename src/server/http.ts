import { randomUUID } from 'node:crypto';
import { constants } from 'node:zlib';
import { HeaderMap } from '@apollo/server';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { DomainError } from '../lib/errors.js';
import { within } from '../lib/time.js';
import { type Execution, type OperationContext, REFUSED_OPERATION } from './execution.js';
import { graphiqlPage, sendGraphiql, wantsGraphiql } from './graphiql.js';
import { answerBrokenRequest, answerFailure, answerNothingHere } from './httpErrors.js';

/** Milliseconds that a client may take to send a request. */
const LONGEST_REQUEST = 30_000;

/** Milliseconds that clients may take to read their answers once the server is closing. */
const LAST_READ = 2_000;

/** What stands before the operation in a request. */
export interface RequestHead {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
  /** The client's network address. */
  readonly address: string;
  readonly requestId: string;
}

export interface HttpOptions {
  readonly logger: FastifyBaseLogger;
  readonly execution: Execution;
  /** Turns a request's credentials into the context of its operation; throws a DomainError to refuse them. */
  readonly contextOf: (request: RequestHead) => Promise<OperationContext>;
  /** Addresses and ranges of reverse proxies, whose X-Forwarded-For names the client. */
  readonly trustedProxies: readonly string[];
  /** Origins, beside our own, whose pages may send requests. */
  readonly allowedOrigins: readonly string[];
  /** Bytes. */
  readonly maxBodyBytes: number;
  /** Milliseconds until an operation is answered with UNAVAILABLE. */
  readonly operationTimeout: number;
  /** Whether browsers that open the endpoint get GraphiQL. */
  readonly graphiql: boolean;
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/**
 * GraphQL over HTTP has two answers to an operation that was sent properly and is refused: 400 in its own media type,
 * and 200 in plain JSON, where a 400 may come from anybody on the way (sections 6.4.1 and 6.4.2).
 */
function statusFor(status: number | undefined, mediaType: string | undefined): number {
  if (status !== REFUSED_OPERATION) return status ?? 200;
  return mediaType?.startsWith('application/graphql-response+json') ? 400 : 200;
}

/** A header that is sent twice is two keys, and so none that either could mean. */
const singleHeader = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

function createOperationHandler({ execution, contextOf, operationTimeout }: HttpOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const execute = async () => {
      const contextValue = await contextOf({
        authorization: request.headers.authorization,
        idempotencyKey: singleHeader(request.headers['idempotency-key']),
        address: request.ip,
        requestId: request.id,
      });
      return execution.http(
        {
          method: request.method,
          headers: headersOf(request),
          body: request.body,
          search: new URL(request.url, 'http://localhost').search,
        },
        contextValue,
      );
    };
    // A database that hangs without refusing would keep the client, and its connection here, for ever.
    const answer = await within(operationTimeout, execute(), undefined);
    if (answer === undefined) {
      throw new DomainError('UNAVAILABLE', `The operation was not done after ${operationTimeout} ms.`);
    }
    if (answer.body.kind !== 'complete') throw new Error('An answer in parts was not asked for.');
    for (const [name, value] of answer.headers) void reply.header(name, value);
    return reply.code(statusFor(answer.status, answer.headers.get('content-type'))).send(answer.body.string);
  };
}

/** The HTTP face: /graphql for clients and browsers. JSON in every case but GraphiQL. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const fastify = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: options.maxBodyBytes,
    // Fastify's 0 would let a body that never ends hold its socket for ever.
    requestTimeout: LONGEST_REQUEST,
    genReqId: () => randomUUID(),
    // Anybody else could name any address, and so never be counted.
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    // Requests that never reach a route: an address that cannot be decoded, and what is no HTTP at all.
    frameworkErrors: (error, request, reply) => void answerFailure(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  });
  fastify.setErrorHandler(answerFailure);
  fastify.setNotFoundHandler(answerNothingHere);
  fastify.addHook('onRequest', async (request, reply) => {
    // Errors are never cacheable, and what a viewer may read is for no other one.
    void reply.headers({
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  fastify.addHook('preClose', async () => {
    // A client that never reads its answer would keep the server from closing for ever.
    setTimeout(() => fastify.server.closeAllConnections(), LAST_READ).unref();
  });

  await fastify.register(cors, {
    origin: options.allowedOrigins.length > 0 ? [...options.allowedOrigins] : false,
    // PUT and DELETE are for /graphql/stream.
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 86_400,
  });
  await fastify.register(compress, {
    encodings: ['br', 'gzip'],
    // The default, 11, takes a second for a megabyte.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });

  const answerOperation = createOperationHandler(options);
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: async (_, reply) => appendVary(reply, 'accept'),
    handler: async (request, reply) =>
      options.graphiql && wantsGraphiql(request)
        ? sendGraphiql(request, reply, await graphiqlPage())
        : answerOperation(request, reply),
  });
  return fastify;
}

/** Adds to what CORS and compression say that the answer varies with. */
function appendVary(reply: FastifyReply, name: string): void {
  const vary = reply.getHeader('vary');
  void reply.header('vary', vary === undefined ? name : `${String(vary)}, ${name}`);
}
