import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { bodyOf } from './httpErrors.js';

/** When an instance has too much to do to take on more. */
export interface Pressure {
  /** Milliseconds that the event loop is late, on average; 0: never too late. */
  readonly loopDelay: number;
  /** Percent of the memory that the process may have; 0: never too much. */
  readonly memoryPercent: number;
  /** Milliseconds between two looks. */
  readonly look?: number | undefined;
}

/** Milliseconds between two looks, unless told otherwise. */
const LOOK = 1_000;

/** Seconds after which whoever was sent away may come again: the next look may find another picture. */
const RETRY_AFTER = 2;

/** Milliseconds between two lines of the log about it. */
const REPORT_INTERVAL = 10_000;

/** Looks for which memory is short in a row until it is clear that it does not come back by itself. */
const LOST_AFTER = 30;

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the process has refused everything for so long, for want of memory, that it had better be started anew. */
    isOutOfMemory(): boolean;
  }
}

/** For the configuration of a route that answers all the same: what operators ask is asked then above all. */
export const EVEN_UNDER_PRESSURE = { pressureHandler: (): undefined => undefined };

/** Bytes of memory that the system lets the process have: its container's, where it is in one. */
const memoryOfProcess = (): number => Math.min(process.constrainedMemory() || Infinity, totalmem());

/**
 * Answers 503 to everything new while the process is late or nearly out of memory, so that what is under way gets done. Who
 * asks for a WebSocket is refused where upgrades are (sockets.ts).
 */
export async function shedLoad(fastify: FastifyInstance, pressure: Pressure): Promise<void> {
  const share = pressure.memoryPercent / 100;
  const mostHeap = Math.floor(getHeapStatistics().heap_size_limit * share);
  const mostMemory = Math.floor(memoryOfProcess() * share);
  const interval = pressure.look ?? LOOK;
  let reportedAt = -Infinity;
  await fastify.register(underPressure, {
    sampleInterval: interval,
    maxEventLoopDelay: pressure.loopDelay,
    maxHeapUsedBytes: mostHeap,
    maxRssBytes: mostMemory,
    pressureHandler(_, reply, reason, value) {
      // Not a line for each: that would be one thing more to do.
      if (performance.now() - reportedAt > REPORT_INTERVAL) {
        reportedAt = performance.now();
        fastify.log.warn({ reason, value }, 'too much to do: requests are refused');
      }
      void reply
        .code(503)
        .header('retry-after', RETRY_AFTER)
        .send(
          bodyOf(
            'UNAVAILABLE',
            'This server has too much to do for a moment. Try again shortly.',
            RETRY_AFTER,
          ),
        );
      // Nothing that resolves: the request ends here.
      return new Promise<void>(() => undefined);
    },
  });
  let shortSince: number | undefined;
  fastify.decorate('isOutOfMemory', () => {
    const { heapUsed, rssBytes } = fastify.memoryUsage();
    if (share === 0 || (heapUsed <= mostHeap && rssBytes <= mostMemory)) shortSince = undefined;
    else shortSince ??= performance.now();
    return shortSince !== undefined && performance.now() - shortSince > LOST_AFTER * interval;
  });
}
