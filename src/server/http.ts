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
import { type Asking, createAsking } from '../lib/asking.js';
import { DomainError } from '../lib/errors.js';
import { within } from '../lib/time.js';
import { REFUSED_OPERATION } from './admission.js';
import { appendVary, isAnonymousGet, sendCacheable, wantsNewest } from './caching.js';
import { bodyWithDocument, searchWithDocument } from './documentId.js';
import type { Execution } from './execution.js';
import type { OperationContext } from './operationContext.js';
import { graphiqlPage, sendGraphiql, wantsGraphiql } from './graphiql.js';
import { answerBrokenRequest, answerFailure, answerNothingHere } from './httpErrors.js';
import { readRest } from './lingering.js';
import { limitConnections, type Patience, settingsOf, USUAL_PATIENCE } from './patience.js';
import { createRequestIds } from './requestIds.js';
import { securityHeaders } from './securityHeaders.js';
import { type Pressure, shedLoad } from './shedding.js';

/** Milliseconds that clients may take to read their answers once the server is closing. */
const LAST_READ = 2_000;

/** What pages of other origins may read of an answer, beside its body. */
const EXPOSED_HEADERS = [
  'etag',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];

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
  /** Seconds for which caches may keep what anonymous viewers are answered to a GET. */
  readonly cacheSeconds: number;
  readonly pressure: Pressure;
  /** Where it differs from the usual. */
  readonly patience?: Partial<Patience> | undefined;
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

/** What stands in an address from its question mark on. */
function searchIn(address: string): string {
  const start = address.indexOf('?');
  return start < 0 ? '' : address.slice(start);
}

/** Who waits for the answer to a request. Whoever hangs up has given up. */
function askingOf(reply: FastifyReply): Asking {
  const asking = createAsking();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) asking.giveUp();
  });
  return asking;
}

function createOperationHandler(options: HttpOptions) {
  const { execution, contextOf, operationTimeout, cacheSeconds } = options;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asking = askingOf(reply);
    const execute = async () => {
      const contextValue = await contextOf({
        authorization: request.headers.authorization,
        idempotencyKey: singleHeader(request.headers['idempotency-key']),
        address: request.ip,
        requestId: request.id,
        transport: 'http',
        isCacheable: isAnonymousGet(request),
        newest: wantsNewest(request),
        asking,
      });
      return execution.http(
        {
          method: request.method,
          headers: headersOf(request),
          body: bodyWithDocument(request.body),
          search: searchWithDocument(searchIn(request.url)),
        },
        contextValue,
      );
    };
    // A database that hangs without refusing would keep the client, and its connection here, for ever.
    const answer = await within(operationTimeout, execute(), undefined);
    if (answer === undefined) {
      asking.giveUp();
      throw new DomainError('UNAVAILABLE', `The operation was not done after ${operationTimeout} ms.`);
    }
    if (answer.body.kind !== 'complete') throw new Error('An answer in parts was not asked for.');
    for (const [name, value] of answer.headers) void reply.header(name, value);
    void reply.code(statusFor(answer.status, answer.headers.get('content-type')));
    return sendCacheable(request, reply, answer.body.string, cacheSeconds);
  };
}

/** The HTTP face: /graphql for clients and browsers. JSON in every case but GraphiQL. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const patience = { ...USUAL_PATIENCE, ...options.patience };
  const fastify = Fastify({
    ...settingsOf(patience, options.operationTimeout),
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: options.maxBodyBytes,
    genReqId: createRequestIds(options.trustedProxies),
    // Anybody else could name any address, and so never be counted.
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    // On its way out it still answers what comes over connections that are open: a proxy could send a mutation nowhere else.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Requests that never reach a route: an address that cannot be decoded, and what is no HTTP at all.
    frameworkErrors: (error, request, reply) => void answerFailure(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  });
  limitConnections(fastify, patience);
  fastify.setErrorHandler(answerFailure);
  fastify.setNotFoundHandler(answerNothingHere);
  // Hooks of every request call back: a promise for each would cost more than what they do.
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders(request.protocol));
    void reply.header('x-request-id', request.id);
    // Errors are never cacheable, and what a viewer may read is for no other one.
    void reply.header('cache-control', 'no-store');
    done();
  });

  fastify.addHook('onSend', (request, reply, _, done) => {
    if (reply.statusCode < 400) done();
    else readRest(request.raw, done);
  });

  fastify.addHook('preClose', async () => {
    // A client that never reads its answer would keep the server from closing for ever.
    setTimeout(() => fastify.server.closeAllConnections(), LAST_READ).unref();
  });

  await fastify.register(cors, {
    // No credentials: there are no cookies, and a page that has a token sends it by itself.
    origin: options.allowedOrigins.length > 0 ? [...options.allowedOrigins] : false,
    // PUT and DELETE are for /graphql/stream.
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    exposedHeaders: [...EXPOSED_HEADERS],
    maxAge: 86_400,
  });
  await shedLoad(fastify, options.pressure);
  await fastify.register(compress, {
    encodings: ['br', 'gzip'],
    // The default, 11, takes a second for a megabyte.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });

  const answerOperation = createOperationHandler(options);
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: (_, reply, done) => {
      appendVary(reply, 'accept');
      done();
    },
    handler: async (request, reply) =>
      options.graphiql && wantsGraphiql(request)
        ? sendGraphiql(request, reply, await graphiqlPage())
        : answerOperation(request, reply),
  });
  return fastify;
}
