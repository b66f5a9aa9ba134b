import { createHmac } from 'node:crypto';
import type { Redis } from 'ioredis';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { networkOf } from '../lib/networks.js';
import { DomainError } from '../lib/errors.js';

/** Wrong ones that are answered, within how many seconds. */
const WINDOW = { points: 10, duration: 15 * 60 } as const;

/** Whose tries are counted together. */
export interface Tried {
  /** What names the account; tries of one account count wherever they come from. Without one: only the address counts. */
  readonly account?: string;
  /** The client's network address; null: the command line, which may do anything anyway. */
  readonly address: string | null;
}

/** Counts what is tried in vain, so that nobody tries for long. */
export interface Attempts {
  /**
   * Makes a try that may be wrong. It counts as wrong before it is made, so that a burst of parallel ones gets no
   * further than a row of them, and is taken back when it proves right, or fails for another reason.
   *
   * @throws DomainError THROTTLED, with the seconds to wait; then nothing was tried.
   */
  check(tried: Tried, isRight: () => Promise<boolean>): Promise<boolean>;
  /**
   * Does what comes from one address one after the other. For work that checks: what is under way counts as wrong, so
   * many who sign in at the same moment behind one address would stop each other.
   */
  inTurn<Result>(address: string | null, work: () => Promise<Result>): Promise<Result>;
}

/** One counter for each key: in Redis for all instances, in memory without it and while it is away. */
function createLimiter(keyPrefix: string, redis: Redis | undefined): RateLimiterAbstract {
  const memory = new RateLimiterMemory({ ...WINDOW, keyPrefix });
  if (redis === undefined) return memory;
  return new RateLimiterRedis({
    ...WINDOW,
    keyPrefix,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
  });
}

function throttled(milliseconds: number): DomainError {
  const retryAfter = Math.max(1, Math.ceil(milliseconds / 1000));
  return new DomainError('THROTTLED', `Too many wrong ones. Try again in ${retryAfter} seconds.`, {
    retryAfter,
  });
}

async function count(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    throw error instanceof RateLimiterRes ? throttled(error.msBeforeNext) : error;
  }
}

/** Runs work one after the other, for each key. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work);
    const over = turn.catch(() => undefined);
    last.set(key, over);
    try {
      return await turn;
    } finally {
      if (last.get(key) === over) last.delete(key);
    }
  };
}

/**
 * @param secret keeps what stands in Redis from telling who tried: the keys of its counters are digests made with it.
 * @param redis without it each instance counts for itself.
 */
export function createAttempts(secret: string, redis: Redis | undefined): Attempts {
  const byAddress = createLimiter('tidings:attempts:address', redis);
  const byAccount = createLimiter('tidings:attempts:account', redis);
  const keyOf = (name: string): string =>
    createHmac('sha256', secret).update(`attempts\0${name}`).digest('base64url').slice(0, 22);

  const takeTurn = createTurns();

  return {
    inTurn: (address, work) => (address === null ? work() : takeTurn(networkOf(address), work)),

    async check({ account, address }, isRight) {
      const addressKey = address === null ? undefined : keyOf(networkOf(address));
      const accountKey = account === undefined ? undefined : keyOf(account);
      const forgiveAddress = async (): Promise<void> => {
        if (addressKey !== undefined) await byAddress.reward(addressKey);
      };

      // The address goes first: whoever is stopped there must not use up the tries of somebody's account.
      if (addressKey !== undefined) await count(byAddress, addressKey);
      if (accountKey !== undefined) {
        try {
          await count(byAccount, accountKey);
        } catch (error) {
          await forgiveAddress();
          throw error;
        }
      }
      let right: boolean;
      try {
        right = await isRight();
      } catch (error) {
        await forgiveAddress();
        if (accountKey !== undefined) await byAccount.reward(accountKey);
        throw error;
      }
      if (right) {
        await forgiveAddress();
        if (accountKey !== undefined) await byAccount.delete(accountKey);
      }
      return right;
    },
  };
}
