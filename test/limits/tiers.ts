import type { Payer, ThrottleOptions } from '../../src/limits/throttle.js';

const SMALL = { maximum: 1_000, restoreRate: 100 };

/** Small buckets, full after ten seconds. */
export const TIERS: ThrottleOptions['tiers'] = {
  ANONYMOUS: SMALL,
  READER: SMALL,
  AUTHOR: SMALL,
  MODERATOR: SMALL,
  EDITOR: { maximum: 2_000, restoreRate: 100 },
  ADMIN: SMALL,
  API_TOKEN: SMALL,
};

export const ALICE: Payer = { key: 'user:alice', tier: 'READER' };
export const BOB: Payer = { key: 'user:bob', tier: 'READER' };
