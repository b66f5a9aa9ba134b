import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Documents that all instances share. */
export interface SharedDocuments {
  /** The text with this hash. Never throws: what cannot be read is not there. */
  read(hash: string): Promise<string | undefined>;
  /** Keeps a text, or says that it was used just now. Never throws: what cannot be written is sent again. */
  write(hash: string, text: string): Promise<void>;
}

/** Hears what an operator should know. */
export interface DocumentsLog {
  warn(details: object, message: string): void;
}

/** What one publication keeps: the texts by hash, and when each was used last. */
const TEXTS = 'tidings:apq:texts';
const USED = 'tidings:apq:used';

/** Milliseconds after its last use when a document is forgotten. */
const LONGEST_IDLE = 24 * 60 * 60 * 1000;

/** Documents that Redis keeps: with the longest that is kept (kept.ts) 64 MB, and usually 6. */
export const MOST_SHARED = 4_000;

/** Writes that wait for their answer at a time: a Redis that stands still must not fill our memory. */
const MOST_WRITES = 100;

/** Milliseconds between two lines of the log about a Redis that is there and refuses. */
const REPORT_INTERVAL = 60_000;

/**
 * Keeps one and forgets what is over: idle ones, and the least recently used of too many, a hundred of each at a time. All
 * at once, or two instances that write would leave texts that nobody counts. Should one key be lost without the other, both
 * begin anew. The clock is Redis' own.
 */
const KEEP = `
local texts, used, hash, idle, most = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('HLEN', texts) ~= redis.call('ZCARD', used) then redis.call('DEL', texts, used) end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', texts, hash, ARGV[2])
redis.call('ZADD', used, now, hash)
local function forget(hashes)
  if #hashes == 0 then return end
  redis.call('HDEL', texts, unpack(hashes))
  redis.call('ZREM', used, unpack(hashes))
end
forget(redis.call('ZRANGEBYSCORE', used, '-inf', now - idle, 'LIMIT', 0, 100))
local over = redis.call('ZCARD', used) - most
if over > 0 then forget(redis.call('ZRANGE', used, 0, math.min(over, 100) - 1)) end
redis.call('PEXPIRE', texts, idle)
redis.call('PEXPIRE', used, idle)
`;

/** What names a document: the SHA-256 of its text, in hexadecimal digits. */
export const hashOfText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @see SharedDocuments */
export function createSharedDocuments(redis: Redis, log: DocumentsLog): SharedDocuments {
  let underWay = 0;
  let lastReport = -Infinity;

  // That it is away is told once, by its connection. That it is there and refuses, nobody else tells.
  const report = (error: unknown): void => {
    const now = performance.now();
    if (redis.status !== 'ready' || now - lastReport < REPORT_INTERVAL) return;
    lastReport = now;
    log.warn({ err: error }, 'persisted documents are not shared; clients send their texts again');
  };

  const forget = async (hash: string): Promise<void> => {
    log.warn({ hash }, 'a persisted document in Redis was not what its hash says; it is forgotten');
    await redis.multi().hdel(TEXTS, hash).zrem(USED, hash).exec();
  };

  return {
    async read(hash) {
      if (redis.status !== 'ready') return undefined;
      try {
        const text = await redis.hget(TEXTS, hash);
        if (text === null) return undefined;
        // Whoever may write to Redis must not choose what others run.
        if (hashOfText(text) === hash) return text;
        await forget(hash);
      } catch (error) {
        report(error);
      }
      return undefined;
    },

    async write(hash, text) {
      if (redis.status !== 'ready' || underWay >= MOST_WRITES) return;
      underWay += 1;
      try {
        await redis.eval(KEEP, 2, TEXTS, USED, hash, text, LONGEST_IDLE, MOST_SHARED);
      } catch (error) {
        report(error);
      } finally {
        underWay -= 1;
      }
    },
  };
}
