import { constants } from 'node:zlib';
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
import type { Answering } from './answering.js';
import type { Answers } from './answers.js';
import { appendVary, isAnonymousGet, sendCacheable, wantsNewest } from './caching.js';
import { bodyWithDocument, searchWithDocument } from './documentId.js';
import { graphiqlPage, sendGraphiql, wantsGraphiql } from './graphiql.js';
import { answerBrokenRequest, answerFailure, answerNothingHere } from './httpErrors.js';
import { readRest } from './lingering.js';
import { limitConnections, type Patience, settingsOf, USUAL_PATIENCE } from './patience.js';
import { createRepeats, type Repeats } from './repeats.js';
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

export interface HttpOptions {
  readonly logger: FastifyBaseLogger;
  readonly answer: Answering;
  /** What is kept of answers; undefined: nothing is, or each request is to be followed. */
  readonly repeat: Answers['repeat'] | undefined;
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

function createOperationHandler(
  { answer, operationTimeout, cacheSeconds }: HttpOptions,
  repeats: Repeats | undefined,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asking = askingOf(reply);
    const answering = answer(
      {
        method: request.method,
        search: searchWithDocument(searchIn(request.url)),
        body: bodyWithDocument(request.body),
        headers: request.headers,
      },
      {
        authorization: request.headers.authorization,
        idempotencyKey: singleHeader(request.headers['idempotency-key']),
        address: request.ip,
        requestId: request.id,
        transport: 'http',
        isCacheable: isAnonymousGet(request),
        newest: wantsNewest(request),
        asking,
      },
    );
    // A database that hangs without refusing would keep the client, and its connection here, for ever.
    const answered =
      answering instanceof Promise ? await within(operationTimeout, answering, undefined) : answering;
    if (answered === undefined) {
      asking.giveUp();
      throw new DomainError('UNAVAILABLE', `The operation was not done after ${operationTimeout} ms.`);
    }
    let mediaType: string | undefined;
    for (const [name, value] of answered.headers) {
      if (name === 'content-type') mediaType = value;
      void reply.header(name, value);
    }
    void reply.code(statusFor(answered.status, mediaType));
    if (answered.key !== undefined) repeats?.found(request.raw, answered.key);
    return sendCacheable(request, reply, answered.body, cacheSeconds);
  };
}

/** Lets what is kept be answered again before Fastify looks at it. */
function standBefore(fastify: FastifyInstance, options: HttpOptions): Repeats | undefined {
  const { repeat, trustedProxies, allowedOrigins, maxBodyBytes } = options;
  if (repeat === undefined) return undefined;
  const { server } = fastify;
  const isBusy = (): boolean => !server.listening || fastify.isUnderPressure();
  const repeats = createRepeats({ repeat, trustedProxies, allowedOrigins, maxBodyBytes, isBusy });
  // The server stays as Fastify set it up. For `localhost` it opens others beside it, which go the usual way.
  const handle = repeats.around((request, response) => fastify.routing(request, response));
  server.removeAllListeners('request').on('request', handle);
  return repeats;
}

/** The HTTP face: /graphql for clients and browsers. JSON in every case but GraphiQL. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const patience = { ...USUAL_PATIENCE, ...options.patience };
  const fastify = Fastify({
    ...settingsOf(patience, options.operationTimeout),
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request would cost as much as the line of its operation. Our lines name the request; Fastify's own do not.
    childLoggerFactory: (logger) => logger,
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

  if (options.allowedOrigins.length > 0) {
    await fastify.register(cors, {
      // No credentials: there are no cookies, and a page that has a token sends it by itself.
      origin: [...options.allowedOrigins],
      // PUT and DELETE are for /graphql/stream.
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      exposedHeaders: [...EXPOSED_HEADERS],
      maxAge: 86_400,
    });
  }
  await shedLoad(fastify, options.pressure);
  await fastify.register(compress, {
    encodings: ['br', 'gzip'],
    // The default, 11, takes a second for a megabyte.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });

  const repeats = standBefore(fastify, options);
  const answerOperation = createOperationHandler(options, repeats);
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: (_, reply, done) => {
      appendVary(reply, 'accept');
      done();
    },
    preParsing: (request, _, payload, done) => done(null, repeats?.bodyOf(request.raw) ?? payload),
    // Not before: compression comes last.
    onResponse: (request, reply, done) => {
      if (reply.statusCode === 200) repeats?.note(request.raw, reply.getHeaders());
      done();
    },
    handler: async (request, reply) =>
      options.graphiql && wantsGraphiql(request)
        ? sendGraphiql(request, reply, await graphiqlPage())
        : answerOperation(request, reply),
  });
  return fastify;
}
