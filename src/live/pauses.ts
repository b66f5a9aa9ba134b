import type { Payer, Throttle } from '../limits/throttle.js';

/** Milliseconds. Node ends a longer pause at once. */
const LONGEST_PAUSE = 2 ** 31 - 1;

/** Streams that wait for points. */
export interface Pauses {
  /**
   * Calls once so many points are there for a payer, beside those that others wait for: each wakes to points of its own.
   *
   * @returns a function that gives it up.
   */
  until(payer: Payer, points: number, goOn: () => void): () => void;
}

/** @see Pauses */
export function createPauses(throttle: Pick<Throttle, 'waitFor'>): Pauses {
  /** The points that somebody waits for, by the key of who pays. */
  const owed = new Map<string, number>();
  const owe = (key: string, points: number): number => {
    const sum = (owed.get(key) ?? 0) + points;
    if (sum > 0) owed.set(key, sum);
    else owed.delete(key);
    return sum;
  };
  return {
    until(payer, points, goOn) {
      const wait = throttle.waitFor(payer, owe(payer.key, points));
      const wake = (): void => {
        owe(payer.key, -points);
        goOn();
      };
      const timer = setTimeout(wake, Math.min(wait, LONGEST_PAUSE)).unref();
      return () => {
        clearTimeout(timer);
        owe(payer.key, -points);
      };
    },
  };
}
