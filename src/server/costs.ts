import type { Bucket } from '../limits/throttle.js';
import type { OperationCost } from './operationContext.js';

/**
 * What `extensions.cost` says.
 *
 * @param isCacheable what anybody may be given says nothing about whoever asked first.
 */
export const costOf = ({ requested, actual, bucket }: OperationCost, isCacheable: boolean) => {
  const { maximum, available, restoreRate } = bucket;
  const throttle = { maximum, available: Math.floor(available), restoreRate };
  return isCacheable ? { requested, actual } : { requested, actual, throttle };
};

/** The same as text, for one client: an answer that is kept is given so often that writing it counts. */
export const costText = ({ requested, actual, bucket }: OperationCost): string =>
  `{"requested":${requested},"actual":${actual},"throttle":{"maximum":${bucket.maximum},` +
  `"available":${Math.floor(bucket.available)},"restoreRate":${bucket.restoreRate}}}`;

/** The same about the bucket as headers of HTTP. */
export const rateLimitsOf = ({
  maximum,
  available,
  restoreRate,
}: Bucket): [name: string, value: string][] => {
  const left = Math.floor(available);
  return [
    ['ratelimit-limit', String(maximum)],
    ['ratelimit-remaining', String(left)],
    ['ratelimit-reset', String(Math.ceil((maximum - left) / restoreRate))],
  ];
};
