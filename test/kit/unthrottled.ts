import type { Throttle, Tier } from '../../src/limits/throttle.js';
import { createThrottle } from '../../src/limits/throttle.js';
import { TEST_SECRET } from './app.js';

const TIERS: readonly Tier[] = ['ANONYMOUS', 'READER', 'AUTHOR', 'MODERATOR', 'EDITOR', 'ADMIN', 'API_TOKEN'];

/** Buckets that are never empty, for tests of something else. */
export const createUnthrottled = (): Throttle =>
  createThrottle({
    redis: undefined,
    secret: TEST_SECRET,
    tiers: Object.fromEntries(TIERS.map((tier) => [tier, { maximum: 1e9, restoreRate: 1e9 }])) as Record<
      Tier,
      { maximum: number; restoreRate: number }
    >,
    report: (error) => {
      throw error;
    },
  });
