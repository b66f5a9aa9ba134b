import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Changes } from './change.js';

/** Who wrote a moment ago, on any instance: what they read must be at least as new as what they wrote. */
export interface Writers {
  /** Notes that these users wrote just now. Resolves when all instances know it, as far as that can be had. */
  note(userIds: Iterable<string>): Promise<void>;
  /** Whether a user wrote a moment ago; when it cannot be known, they did. */
  wroteJustNow(userId: string): Promise<boolean>;
}

/** Users remembered in memory at a time: more than an instance's changes in that moment. */
const MOST_REMEMBERED = 100_000;

const keyOf = (userId: string): string => `tidings:wrote:${userId}`;

/**
 * @param redis what instances share; without it each knows of its own only.
 * @param moment for how many milliseconds it is remembered.
 * @see Writers
 */
export function createWriters(redis: Redis | undefined, moment: number): Writers {
  const here = new LRUCache<string, true>({ max: MOST_REMEMBERED, ttl: moment });
  const tell = async (userId: string): Promise<void> => {
    const left = Math.ceil(here.getRemainingTTL(userId));
    if (left > 0) await redis?.set(keyOf(userId), '', 'PX', left).catch(() => undefined);
  };
  // While it was away nobody could tell it; and it may have forgotten what it was told before.
  redis?.on('ready', () => {
    for (const userId of here.keys()) void tell(userId);
  });
  return {
    async note(userIds) {
      await Promise.all(
        [...userIds].map(async (userId) => {
          here.set(userId, true);
          await tell(userId);
        }),
      );
    },
    async wroteJustNow(userId) {
      if (here.has(userId)) return true;
      return redis === undefined ? false : redis.exists(keyOf(userId)).then(Boolean, () => true);
    },
  };
}

/**
 * The same changes; whoever makes one is noted before it is answered. Whoever signs in or up is noted too: the session is
 * theirs, though nobody was signed in when it was opened.
 */
export const noteWriters = (changes: Changes, writers: Writers): Changes => ({
  async run(caller, work) {
    const { userId } = caller.viewer;
    const wrote = new Set(userId === null ? [] : [userId]);
    try {
      return await changes.run(caller, (change) =>
        work({
          ...change,
          emit(event) {
            if (event.type === 'session.opened') wrote.add(event.payload.userId);
            change.emit(event);
          },
        }),
      );
    } finally {
      await writers.note(wrote);
    }
  },
});
