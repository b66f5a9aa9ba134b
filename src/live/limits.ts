import { networkOf } from '../lib/networks.js';
import { DomainError } from '../lib/errors.js';
import type { Connection } from './stream.js';

/** Limits of connections that stay open, over all transports. */
export interface ConnectionLimits {
  /** Connections of one network address; the own machine's are not counted: they are a proxy's. */
  readonly perAddress: number;
  /** Connections of one user. */
  readonly perViewer: number;
  /** Subscriptions of one connection at a time. */
  readonly subscriptions: number;
  /** Operations that one connection begins in a second. */
  readonly operationsPerSecond: number;
}

/** Counts what is open, by whom. */
interface Tally {
  /** @returns a function that gives the place back; undefined when there is none left. */
  take(name: string): (() => void) | undefined;
}

/** @param most how many places each name has. */
function createTally(most: number): Tally {
  const taken = new Map<string, number>();
  return {
    take(name) {
      const count = taken.get(name) ?? 0;
      if (count >= most) return undefined;
      taken.set(name, count + 1);
      let isBack = false;
      return () => {
        if (isBack) return;
        isBack = true;
        const left = (taken.get(name) ?? 1) - 1;
        if (left === 0) taken.delete(name);
        else taken.set(name, left);
      };
    },
  };
}

/** Places for connections that stay open: one count for all transports. */
export interface Places {
  /** @returns how to give the place back; undefined when there is none left. */
  ofAddress(this: void, address: string): (() => void) | undefined;
  /** @returns how to give the place back; undefined when there is none left. */
  ofViewer(this: void, userId: string): (() => void) | undefined;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** @see Places */
export function createPlaces({ perAddress, perViewer }: ConnectionLimits): Places {
  const addresses = createTally(perAddress);
  const viewers = createTally(perViewer);
  return {
    ofAddress: (address) => (LOOPBACK.test(address) ? () => undefined : addresses.take(networkOf(address))),
    ofViewer: (userId) => viewers.take(userId),
  };
}

/** Whether something happens too often: at most so many times a second. */
function createPace(mostPerSecond: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(performance.now() / 1_000);
    if (now !== second) {
      second = now;
      count = 0;
    }
    count += 1;
    return count > mostPerSecond;
  };
}

/** What one connection may do. */
export interface Allowance {
  /** Counts an operation that begins. @throws DomainError THROTTLED */
  checkPace(): void;
  /** @throws DomainError LIMIT_EXCEEDED when the connection has as many subscriptions as it may. */
  checkSubscriptions(): void;
}

/** @see Allowance */
export function createAllowance(
  { streams }: Pick<Connection, 'streams'>,
  { subscriptions, operationsPerSecond }: ConnectionLimits,
): Allowance {
  const isTooFast = createPace(operationsPerSecond);
  return {
    checkPace() {
      if (!isTooFast()) return;
      throw new DomainError('THROTTLED', 'Too many operations on this connection in a second.', {
        retryAfter: 1,
      });
    },
    checkSubscriptions() {
      if (streams.size < subscriptions) return;
      throw new DomainError(
        'LIMIT_EXCEEDED',
        `This connection has ${subscriptions} subscriptions, as many as it may.`,
      );
    },
  };
}
