import type { FastifyBaseLogger } from 'fastify';
import { signals } from '../lib/signals.js';

/** Characters of the name of an operation: clients choose it. */
const LONGEST_NAME = 64;

const milliseconds = (seconds: number): number => Math.round(seconds * 1_000_000) / 1_000;

/** Writes a line for each operation (info), and one for each subscription that begins or ends (debug). */
export function logOperations(logger: FastifyBaseLogger): () => void {
  const stops = [
    signals.operation.hear((fact) => {
      const { requestId, type, hash, viewerId, transport, statements, name, seconds, cost, codes } = fact;
      logger.info(
        {
          requestId,
          type,
          hash,
          viewerId,
          transport,
          statements,
          operation: name?.slice(0, LONGEST_NAME),
          ms: milliseconds(seconds),
          cost: cost && { requested: cost.requested, actual: cost.actual },
          codes: codes.length > 0 ? codes : undefined,
          kept: fact.isKept || undefined,
        },
        'operation',
      );
    }),
  ];
  if (['debug', 'trace'].includes(logger.level)) {
    stops.push(
      signals.stream.hear(({ name, change, ...fact }) =>
        logger.debug({ ...fact, operation: name?.slice(0, LONGEST_NAME) }, `stream ${change}`),
      ),
    );
  }
  return () => {
    for (const stop of stops) stop();
  };
}
