import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { isFault, presentFailure } from '../graphql/errors.js';
import { badUserInput, DomainError, ERROR_STATUS } from '../lib/errors.js';
import { finishAll } from './draining.js';
import { createEventStream, type EventStream } from './eventStream.js';
import {
  checkAccept,
  checkOrigin,
  lastEventIdIn,
  operationIdIn,
  operationIn,
  streamTokenIn,
} from './eventStreamRequests.js';
import { isPassing } from './passing.js';
import { createReservations, isOwner, noSuchStream } from './reservations.js';
import {
  LONGEST_OPERATION_ID,
  type OperationFacts,
  PING_INTERVAL,
  type TransportOptions,
} from './transport.js';
import { ALONE, amongMany, OVER } from './voices.js';

/** GraphQL over server-sent events at /graphql/stream. */
export interface EventStreams {
  /** Streams that are open or reserved. */
  readonly open: number;
  /** Takes nobody in any more, lets operations finish, and ends all streams, spread over at most five seconds. */
  drain(): Promise<void>;
}

const factsOf = (request: FastifyRequest): OperationFacts => ({
  address: request.ip,
  requestId: request.id,
  transport: 'sse',
  idempotencyKey: request.headers['idempotency-key']?.toString(),
});

/** @see EventStreams */
export function addEventStreams(fastify: FastifyInstance, options: TransportOptions): EventStreams {
  const { authenticate, allowedOrigins, report } = options;
  const streams = new Set<EventStream>();
  const reservations = createReservations(options.limits);
  let isDraining = false;

  const create = (address: string, isForOne: boolean): EventStream => {
    if (isDraining) throw new DomainError('UNAVAILABLE', 'This instance is going away.', { retryAfter: 1 });
    const stream = createEventStream(options, address, isForOne, () => {
      streams.delete(stream);
      reservations.remove(stream);
    });
    streams.add(stream);
    return stream;
  };

  /** What became of an operation that does not begin; what may go well in a moment is thrown on. */
  const refusalOf = (error: unknown): FormattedExecutionResult => {
    if (isPassing(error)) throw error;
    if (isFault(error)) report(error);
    return { errors: [presentFailure(error)] };
  };

  /** One operation, answered on its own connection. */
  const answerOne = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const after = lastEventIdIn(request);
    // An EventSource whose operation is over: this is how it is told not to come back again.
    if (after === OVER) return reply.code(204).send();
    const operation = operationIn(request);
    const stream = create(request.ip, true);
    reply.raw.once('close', () => stream.leave());
    const refusal = await stream
      .admit(request.headers.authorization)
      .then(() =>
        stream.begin('', ALONE, {
          request: operation,
          facts: factsOf(request),
          onlyReads: request.method === 'GET',
          after,
        }),
      )
      .catch(refusalOf);
    if (refusal !== undefined) stream.refuse(ALONE, refusal);
    stream.attach(reply);
    return reply;
  };

  /** Whatever the status but 200, an EventSource would never come back: what passes ends a stream that says nothing. */
  const answerGet = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      return await answerOne(request, reply);
    } catch (error) {
      if (!isPassing(error)) throw error;
      return reply.headers({ 'content-type': 'text/event-stream; charset=utf-8' }).send('retry: 5000\n\n');
    }
  };

  const reserve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const stream = create(request.ip, false);
    try {
      await stream.admit(request.headers.authorization);
      const token = reservations.add(stream);
      return await reply.code(201).type('text/plain; charset=utf-8').send(token);
    } catch (error) {
      stream.leave();
      throw error;
    }
  };

  /** @throws DomainError NOT_FOUND when somebody else reserved the stream. */
  const checkOwner = async (stream: EventStream, { headers, ip }: FastifyRequest): Promise<void> => {
    if (!isOwner(stream, await authenticate(headers.authorization, ip))) throw noSuchStream();
  };

  const openReserved = async (
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
  ): Promise<FastifyReply> => {
    // A browser's EventSource has nothing to show but the token.
    if (request.headers.authorization !== undefined) await checkOwner(reservations.find(token), request);
    const stream = reservations.open(token);
    reply.raw.once('close', () => stream.leave());
    stream.attach(reply);
    return reply;
  };

  const beginAmongMany = async (
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
  ): Promise<FastifyReply> => {
    const operation = operationIn(request);
    const stream = reservations.find(token);
    await checkOwner(stream, request);
    const id: unknown = operation.extensions?.['operationId'];
    if (typeof id !== 'string' || id === '' || id.length > LONGEST_OPERATION_ID) {
      throw badUserInput(`"extensions.operationId" must be 1 to ${LONGEST_OPERATION_ID} characters.`);
    }
    if (stream.has(id)) throw new DomainError('CONFLICT', 'An operation of this id is under way.');
    const refusal = await stream.begin(id, amongMany(id), {
      request: operation,
      facts: factsOf(request),
      onlyReads: false,
    });
    if (refusal === undefined) return reply.code(202).send();
    const [error] = refusal.errors ?? [];
    const code = error?.extensions?.['code'] as keyof typeof ERROR_STATUS;
    return reply.code(ERROR_STATUS[code]).send(refusal);
  };

  const stopAmongMany = async (
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
  ): Promise<FastifyReply> => {
    const stream = reservations.find(token);
    await checkOwner(stream, request);
    const id = operationIdIn(request);
    if (id === '') throw badUserInput('"operationId" says which operation ends.');
    stream.stop(id);
    return reply.code(200).send();
  };

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    checkOrigin(request, allowedOrigins);
    const token = streamTokenIn(request);
    switch (request.method) {
      case 'PUT':
        return reserve(request, reply);
      case 'DELETE':
        return stopAmongMany(request, reply, token ?? '');
      case 'GET':
        checkAccept(request);
        return token === undefined ? answerGet(request, reply) : openReserved(request, reply, token);
      default:
        if (token !== undefined) return beginAmongMany(request, reply, token);
        checkAccept(request);
        return answerOne(request, reply);
    }
  };

  fastify.route({
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: '/graphql/stream',
    exposeHeadRoute: false,
    handler: answer,
  });

  const pinging = setInterval(() => {
    for (const stream of streams) stream.ping();
  }, PING_INTERVAL);
  pinging.unref();

  return {
    get open() {
      return streams.size;
    },
    async drain() {
      isDraining = true;
      await finishAll(streams, (stream, patience) => stream.finish(patience));
      clearInterval(pinging);
    },
  };
}
