import type { Redis, RedisOptions } from 'ioredis';
import { within } from './lib/time.js';

/** Milliseconds until a connection, or a command, is given up. */
const LONGEST_CONNECT = 2_000;
const LONGEST_COMMAND = 500;

/** Milliseconds without a byte in answer to a command until the connection counts as dead. */
const LONGEST_SILENCE = 5_000;

/** Milliseconds between tries to connect: the first, and at most. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/** Hears what an operator should know. */
export interface RedisLog {
  warn(details: object, message: string): void;
  info(message: string): void;
}

/** What a connection may want otherwise than most. */
export type RedisHabits = Pick<
  RedisOptions,
  'commandTimeout' | 'maxRetriesPerRequest' | 'autoResendUnfulfilledCommands' | 'autoResubscribe'
>;

/**
 * A connection to Redis that is tried again until it is there, and noticed when it is gone without a word. It does not
 * connect yet.
 */
export async function createRedis(url: string, habits: RedisHabits = {}): Promise<Redis> {
  // Loaded only when it is used: 100 ms of a start.
  const { Redis: Client } = await import('ioredis');
  const redis = new Client(url, {
    lazyConnect: true,
    connectionName: 'tidings',
    connectTimeout: LONGEST_CONNECT,
    commandTimeout: LONGEST_COMMAND,
    // ioredis notices a peer that is gone without a word only when it asks: the system asks, and whoever sends commands.
    keepAlive: 10_000,
    socketTimeout: LONGEST_SILENCE,
    disconnectTimeout: LONGEST_COMMAND,
    // A command that cannot be sent now fails now; nobody wants its answer later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE),
    ...habits,
  });
  // Without a listener an error event would end the process.
  redis.on('error', () => undefined);
  return redis;
}

/** Connects, as far as that takes no longer than two seconds; a connection that cannot be had now is tried on. */
export async function beginConnecting(redis: Redis): Promise<void> {
  await within(
    LONGEST_CONNECT,
    redis.connect().catch(() => undefined),
    undefined,
  );
}

/** Ends a connection for good; resolves when its socket is closed, within half a second. */
export async function endConnection(redis: Redis): Promise<void> {
  const isOpen = ['connecting', 'connect', 'ready'].includes(redis.status);
  // Not once() of node:events, which an error on the way would end.
  const ended = isOpen ? new Promise((resolve) => redis.once('end', resolve)) : undefined;
  redis.disconnect();
  await ended;
}

/**
 * Opens a connection to Redis. One that cannot be had is no reason not to start: what uses Redis goes on without it, and
 * it is tried again until it is there.
 *
 * @param log hears once when Redis goes away, and once when it is back.
 */
export async function connectRedis(url: string, log: RedisLog): Promise<Redis> {
  const redis = await createRedis(url);
  let away = false;
  let reason: Error | undefined;
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
  await beginConnecting(redis);
  return redis;
}
