import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { codeOf, faultBehind, isFault, presentFailure, retryAfterOf } from '../graphql/errors.js';
import { DomainError, ERROR_STATUS, type ErrorCode } from '../lib/errors.js';
import { signals } from '../lib/signals.js';

/**
 * Every failure speaks GraphQL, so that a client reads all answers the same way.
 *
 * @param retryAfter seconds after which it makes sense to ask again, when that is known.
 */
export const bodyOf = (code: ErrorCode, message: string, retryAfter?: number) => ({
  errors: [{ message, extensions: { code, ...(retryAfter !== undefined && { retryAfter }) } }],
});

/** The status that Fastify, or one of its plugins, gave to what the client did wrong. */
function clientStatusOf(error: unknown): number | undefined {
  if (error instanceof DomainError || !(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = Number(error.statusCode);
  return status >= 400 && status < 500 ? status : undefined;
}

/** A request that failed before, or beside, GraphQL: a body that cannot be read, credentials that prove nothing. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.headers({
    'x-request-id': request.id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const said = error instanceof Error ? error.message : 'The request failed.';
  const status = clientStatusOf(error);
  if (status === 413) {
    signals.limitExceeded.say({ limit: 'bytes' });
    return reply.code(413).send(bodyOf('LIMIT_EXCEEDED', 'The request is too large for this server.'));
  }
  if (status !== undefined) return reply.code(status).send(bodyOf('BAD_USER_INPUT', said));
  if (isFault(error)) {
    const { error: reason, statement } = faultBehind(error);
    request.log.error({ err: reason, statement, requestId: request.id }, 'request failed');
  }
  const code = codeOf(error);
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer');
  const retryAfter = retryAfterOf(error);
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  return reply.code(ERROR_STATUS[code]).send({ errors: [presentFailure(error)] });
}

/** What the paths of the API answer. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  '/graphql': ['GET', 'POST'],
  '/graphql/stream': ['GET', 'POST', 'PUT', 'DELETE'],
};

/** No such path, or one asked in a way that it does not answer. */
export function answerNothingHere(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const methods = Object.hasOwn(METHODS, path) ? METHODS[path] : undefined;
  if (methods !== undefined) {
    return reply
      .code(405)
      .header('allow', methods.join(', '))
      .send(bodyOf('BAD_USER_INPUT', `${path} answers ${methods.join(' and ')}, not ${request.method}.`));
  }
  return reply
    .code(404)
    .send(
      bodyOf('NOT_FOUND', `There is nothing at ${request.method} ${request.url}. The API is at /graphql.`),
    );
}

/** What Node could not read as HTTP, by its error code; everything else is a 400. */
const BROKEN: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what is no HTTP; there is no request and no reply, only the socket. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  // The client has gone: nobody reads an answer.
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = BROKEN[error.code ?? ''] ?? 400;
  const reason = STATUS_CODES[status] ?? 'Bad Request';
  const code = status === 431 ? 'LIMIT_EXCEEDED' : 'BAD_USER_INPUT';
  const body = JSON.stringify(bodyOf(code, `The request cannot be read: ${reason}.`));
  socket.end(
    [
      `HTTP/1.1 ${status} ${reason}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${randomUUID()}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
