import { DomainError } from '../lib/errors.js';
import type { Asking } from '../lib/asking.js';

/** How busy a pool is. */
export interface PoolNumbers {
  /** Connections at most. */
  readonly size: number;
  /** Statements and transactions that have one, or wait for theirs to be made. */
  readonly inUse: number;
  /** Those that wait until one of them is over. */
  readonly waiting: number;
}

/** As many places as there are connections: whoever holds one finds a connection that nobody else uses. */
export interface Places {
  /**
   * Takes one; undefined: it is taken at once.
   *
   * @param goesFirst whether it goes before all who do not. Whoever says so bounds by themselves how many they are.
   * @throws DomainError UNAVAILABLE after the deadline, and at once when too many wait already.
   */
  take(asking?: Asking, goesFirst?: boolean): Promise<void> | undefined;
  leave(): void;
  readonly numbers: PoolNumbers;
}

/** Those that wait for each place, at most: a longer queue only makes sure that everybody is answered too late. */
const MOST_FOR_EACH = 100;

/** PostgreSQL says the same when it has too many connections. */
const TOO_MANY = '53300';

/** Nothing was done, and nothing will be: it is safe to ask again. */
export const noConnection = (what: string): DomainError =>
  new DomainError('UNAVAILABLE', 'The service is busy. Try again shortly.', {
    retryAfter: 1,
    cause: Object.assign(new Error(`No connection to the database: ${what}.`), { code: TOO_MANY }),
  });

/**
 * @param wait milliseconds that somebody waits at most; 0: for ever.
 * @param most how many wait at a time.
 * @see Places
 */
export function createPlaces(size: number, wait: number, most = size * MOST_FOR_EACH): Places {
  let inUse = 0;
  /** In their order; each is called when it has a place. */
  const waiting = new Set<() => void>();
  /** Those before them all. */
  const waitingFirst = new Set<() => void>();
  const waitingNow = (): number => waitingFirst.size + waiting.size;

  const queue = (line: Set<() => void>, asking: Asking | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let forget = (): void => undefined;
      const begin = (): void => {
        clearTimeout(timer);
        forget();
        resolve();
      };
      const giveUp = (reason: Error): void => {
        line.delete(begin);
        clearTimeout(timer);
        forget();
        reject(reason);
      };
      line.add(begin);
      if (wait > 0) timer = setTimeout(() => giveUp(noConnection(`none was free for ${wait} ms`)), wait);
      if (asking) forget = asking.whenGivenUp(giveUp);
    });

  return {
    take(asking, goesFirst = false) {
      if (inUse < size) {
        inUse += 1;
        return undefined;
      }
      if (wait > 0 && !goesFirst && waitingNow() >= most) {
        return Promise.reject(noConnection(`${waitingNow()} wait for one already`));
      }
      return queue(goesFirst ? waitingFirst : waiting, asking);
    },
    leave() {
      const line = waitingFirst.size > 0 ? waitingFirst : waiting;
      const [next] = line;
      if (next === undefined) {
        inUse -= 1;
        return;
      }
      // The place goes from hand to hand.
      line.delete(next);
      next();
    },
    get numbers() {
      return { size, inUse, waiting: waitingNow() };
    },
  };
}
