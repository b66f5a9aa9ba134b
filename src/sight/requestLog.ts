import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { signals } from '../lib/signals.js';

/** Requests that are remembered as answered by an operation until their answer has gone out. */
const MOST_REQUESTS = 1_000;

/** Writes a line for each request that is refused before it is an operation: what no line of an operation speaks of. */
export function logRefusals(http: FastifyInstance): () => void {
  const operations = new LRUCache<string, true>({ max: MOST_REQUESTS });
  const look = (request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): void => {
    const { id: requestId, method, routeOptions, log } = request;
    // Forgotten at once: clients behind a proxy choose the ids, and may send one again.
    const wasOperation = operations.size > 0 && operations.delete(requestId);
    if (wasOperation || statusCode < 400) return;
    const ms = Math.round(elapsedTime * 1_000) / 1_000;
    // Not the address that was asked for: it may hold a token.
    log.info({ requestId, method, route: routeOptions.url, status: statusCode, ms }, 'request refused');
  };
  http.addHook('onResponse', (request, reply, done) => {
    look(request, reply);
    done();
  });
  return signals.operation.hear(({ requestId, codes, transport }) => {
    // What came over a socket has no answer of HTTP.
    if (codes.length > 0 && transport !== 'websocket') operations.set(requestId, true);
  });
}
