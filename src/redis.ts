import type { Redis } from 'ioredis';
import { within } from './lib/time.js';

/** Milliseconds until a connection, or a command, is given up. */
const LONGEST_CONNECT = 2_000;
const LONGEST_COMMAND = 500;

/** Milliseconds between tries to connect, at most. */
const LONGEST_PAUSE = 2_000;

/**
 * Opens a connection to Redis. One that cannot be had is no reason not to start: what uses Redis goes on without it, and
 * it is tried again until it is there.
 *
 * @param log hears once when Redis goes away, and once when it is back.
 */
export async function connectRedis(
  url: string,
  log: { warn(details: object, message: string): void; info(message: string): void },
): Promise<Redis> {
  // Loaded only when it is used: 100 ms of a start.
  const { Redis: Client } = await import('ioredis');
  const redis = new Client(url, {
    lazyConnect: true,
    connectionName: 'tidings',
    connectTimeout: LONGEST_CONNECT,
    commandTimeout: LONGEST_COMMAND,
    // ioredis notices a peer that is gone without a word only when it asks.
    keepAlive: 10_000,
    // A command that cannot be sent now fails now; nobody wants its answer later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, LONGEST_PAUSE),
  });
  let away = false;
  let reason: Error | undefined;
  // Without a listener an error event would end the process.
  redis.on('error', (error: Error) => {
    reason = error;
  });
  redis.on('reconnecting', () => {
    if (!away) log.warn({ err: reason }, 'Redis is away; going on without it');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  await within(
    LONGEST_CONNECT,
    redis.connect().catch(() => undefined),
    undefined,
  );
  return redis;
}
