import { createHmac } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Role } from '../auth/roles.js';
import type { Viewer } from '../auth/viewer.js';
import { networkOf } from '../lib/networks.js';
import {
  fullLevel,
  type Level,
  millisecondsUntil,
  move,
  restore,
  type Size,
  takeHere,
} from './throttle/levels.js';
import { shareBuckets } from './throttle/sharing.js';

/** Buckets that are looked at here. The one that was not used for longest is forgotten first: most likely it is full. */
const MOST_LEVELS = 100_000;

/** Who pays alike. */
export type Tier = 'ANONYMOUS' | Role | 'API_TOKEN';

/** Who pays: a user, one of their API tokens, or a network address. */
export interface Payer {
  /** Names the bucket. */
  readonly key: string;
  readonly tier: Tier;
}

/** Who pays for what a viewer asks for. @param who.apiTokenId what the viewer showed; null for a session. */
export function payerOf(who: {
  readonly viewer: Viewer;
  readonly apiTokenId: string | null;
  readonly address: string;
}): Payer {
  const { viewer, apiTokenId, address } = who;
  if (viewer.userId === null) return { key: `address:${networkOf(address)}`, tier: 'ANONYMOUS' };
  if (apiTokenId !== null) return { key: `token:${apiTokenId}`, tier: 'API_TOKEN' };
  return { key: `user:${viewer.userId}`, tier: viewer.role };
}

/** What `extensions.cost.throttle` says. */
export interface Bucket {
  /** Points in a full bucket. */
  readonly maximum: number;
  /** Points that are there: whole ones. */
  readonly available: number;
  /** Points a second. */
  readonly restoreRate: number;
}

/** What came of taking points. */
export interface Taken {
  readonly isGranted: boolean;
  /** The bucket afterwards. */
  readonly bucket: Bucket;
}

/** A bucket of points for each payer, the same on all instances; points come back with time. */
export interface Throttle {
  /** Takes points before an operation. Nothing is taken when they are not there. */
  take(payer: Payer, points: number): Promise<Taken> | Taken;
  /** The bucket, as far as known here: asks nobody, and takes nothing. */
  look(payer: Payer): Bucket;
  /**
   * Gives back what an operation did not use. Never waits.
   *
   * @param taken the bucket as `take` told it: what is known when it was forgotten here since.
   * @returns the bucket afterwards, as far as known here.
   */
  giveBack(payer: Payer, points: number, taken: Bucket): Bucket;
  /**
   * Takes points at once and without asking anybody: other instances hear of it soon.
   *
   * @returns false: they are not there, and nothing was taken.
   */
  spend(payer: Payer, points: number): boolean;
  /** Milliseconds until so many points are there, as far as known here. More than the maximum will never be. */
  waitFor(payer: Payer, points: number): number;
  /** Tells the other instances what they have not heard of. */
  close(): Promise<void>;
}

export interface ThrottleOptions {
  /** Without it, and while it does not answer, each instance has buckets of its own. */
  readonly redis: Redis | undefined;
  /** Keeps what stands in Redis from telling who was here: the keys of buckets are digests made with it. */
  readonly secret: string;
  readonly tiers: Readonly<Record<Tier, Size>>;
  /** Hears once that Redis does not answer, until it has answered again. */
  readonly report: (error: unknown) => void;
  /** Milliseconds, of a clock that only goes forwards. */
  readonly now?: () => number;
}

function bucketOf({ size: { maximum, restoreRate }, used }: Level): Bucket {
  return { maximum, available: Math.max(0, Math.floor(maximum - used)), restoreRate };
}

/** @see Throttle */
export function createThrottle(options: ThrottleOptions): Throttle {
  const { redis, secret, tiers, report, now = () => performance.now() } = options;
  const sharing = redis && shareBuckets({ redis, now, report });
  const levels = new LRUCache<string, Level>({
    max: MOST_LEVELS,
    dispose: (level) => sharing?.forget(level),
  });

  const redisKeyOf = ({ key }: Payer): string =>
    `tidings:throttle:${createHmac('sha256', secret).update(`throttle\0${key}`).digest('base64url').slice(0, 22)}`;

  const firstLevelOf = (payer: Payer): Level => {
    const level = fullLevel(sharing === undefined ? '' : redisKeyOf(payer), tiers[payer.tier], now());
    levels.set(payer.key, level);
    return level;
  };

  const levelOf = (payer: Payer): Level => {
    const level = levels.get(payer.key);
    if (level === undefined) return firstLevelOf(payer);
    restore(level, now());
    // A user can get another role.
    level.size = tiers[payer.tier];
    return level;
  };

  return {
    take(payer, points) {
      const level = levelOf(payer);
      const conclude = (answer: boolean | undefined): Taken => {
        restore(level, now());
        const isGranted = answer ?? takeHere(level, points);
        if (answer === undefined && isGranted) sharing?.changed(level);
        return { isGranted, bucket: bucketOf(level) };
      };
      const answer = sharing?.take(level, points);
      return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
    },

    look: (payer) => bucketOf(levelOf(payer)),

    giveBack(payer, points, taken) {
      const isKnown = levels.has(payer.key);
      const level = levelOf(payer);
      if (!isKnown) level.used = Math.max(0, level.size.maximum - taken.available);
      move(level, -points);
      sharing?.changed(level);
      return bucketOf(level);
    },

    spend(payer, points) {
      const level = levelOf(payer);
      const isThere = takeHere(level, points);
      // Also when it is refused: others may have given back meanwhile.
      sharing?.changed(level);
      return isThere;
    },

    waitFor: (payer, points) => millisecondsUntil(levelOf(payer), points),

    close: async () => sharing?.close(),
  };
}
