import { constants } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { DomainError, ERROR_STATUS } from '../lib/errors.js';
import { type GraphiqlPage, graphiqlPage } from './graphiql.js';
import type { OperationContext } from './execution.js';

export interface HttpOptions {
  readonly logger: FastifyBaseLogger;
  readonly execution: ApolloServer<OperationContext>;
  /** Turns a request's credentials into the context of its operation; throws a DomainError to refuse them. */
  readonly contextOf: (authorization: string | undefined, requestId: string) => OperationContext;
  /** Origins, beside our own, whose pages may send requests. */
  readonly allowedOrigins: readonly string[];
  /** Bytes. */
  readonly maxBodyBytes: number;
  /** Whether browsers that open the endpoint get GraphiQL. */
  readonly graphiql: boolean;
}

/** Whether a browser navigated here, rather than a client asked. */
const wantsPage = (request: FastifyRequest): boolean =>
  request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { gzipped, etag, policy }: GraphiqlPage,
): FastifyReply {
  void reply.headers({
    etag,
    'cache-control': 'no-cache',
    vary: 'accept',
    'x-content-type-options': 'nosniff',
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'content-encoding': 'gzip', 'content-security-policy': policy })
    .send(gzipped);
}

/** An HTTP error in the words of GraphQL, so that a client reads every answer the same way. */
function failure(error: unknown): { status: number; message: string; code: string } {
  if (error instanceof DomainError) {
    return { status: ERROR_STATUS[error.code], message: error.message, code: error.code };
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return { status, message: 'The request is too large.', code: 'LIMIT_EXCEEDED' };
  if (status >= 400 && status < 500) {
    return {
      status,
      message: error instanceof Error ? error.message : 'Bad request.',
      code: 'BAD_USER_INPUT',
    };
  }
  return { status: 500, message: 'Something went wrong here.', code: 'INTERNAL_SERVER_ERROR' };
}

/** The HTTP face: /graphql for clients and browsers. JSON in every case but GraphiQL. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { execution, contextOf } = options;
  const fastify = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.maxBodyBytes,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
  });

  fastify.setErrorHandler((error, request, reply) => {
    const { status, message, code } = failure(error);
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });
  fastify.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      errors: [
        {
          message: `There is nothing at ${request.method} ${request.url}. The API is at /graphql.`,
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    }),
  );
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });

  await fastify.register(cors, {
    origin: options.allowedOrigins.length > 0 ? [...options.allowedOrigins] : false,
    exposedHeaders: ['x-request-id'],
    maxAge: 86_400,
  });
  await fastify.register(compress, {
    encodings: ['br', 'gzip'],
    // The default, 11, takes a second for a megabyte.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  });

  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) => {
      if (options.graphiql && wantsPage(request)) return sendPage(request, reply, await graphiqlPage());

      const headers = new HeaderMap();
      for (const [name, value] of Object.entries(request.headers)) {
        if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
      }
      const contextValue = contextOf(request.headers.authorization, request.id);
      const answer = await execution.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers,
          body: request.body,
          search: new URL(request.url, 'http://localhost').search,
        },
        context: async () => contextValue,
      });
      if (answer.body.kind !== 'complete') throw new Error('An answer in parts was not asked for.');
      for (const [name, value] of answer.headers) void reply.header(name, value);
      return reply
        .code(answer.status ?? 200)
        .header('vary', 'accept')
        .send(answer.body.string);
    },
  });
  return fastify;
}
