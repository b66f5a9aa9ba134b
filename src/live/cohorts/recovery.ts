import { isDatabaseAway } from '../../graphql/errors.js';
import { NotNow, TooSlow } from '../rendering.js';
import type { Stream } from '../stream.js';
import type { CohortTools } from './cohort.js';

/** Milliseconds until something is tried again that the database was away for; twice as many each time, up to this. */
const TRY_AGAIN = 200;
const LONGEST_PAUSE = 5_000;

/** Statements that took too long, one after the other for the same answer, after which it is given up. */
const MOST_TIMEOUTS = 3;

/** Some of a pause, and at least half of it, so that not everybody comes back at the same moment. */
export const spread = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2);

/** What becomes of a cohort when an answer cannot be made. */
export interface Recovery {
  /** It works again. */
  succeeded(): void;
  /** Tries again later what may go well then, and ends what cannot go on. */
  failed(error: unknown): void;
  stop(): void;
}

/** @see Recovery */
export function createRecovery(
  { report, end }: Pick<CohortTools, 'report' | 'end'>,
  streams: ReadonlySet<Stream>,
  advance: () => void,
): Recovery {
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let timeouts = 0;

  const tryAgain = (): void => {
    timer = undefined;
    advance();
  };

  return {
    succeeded() {
      failures = 0;
      timeouts = 0;
    },
    failed(error) {
      const isForNow = error instanceof NotNow || isDatabaseAway(error);
      if (error instanceof TooSlow) timeouts += 1;
      if (isForNow && timeouts < MOST_TIMEOUTS) {
        // What comes meanwhile fails too, and says nothing new.
        if (timer !== undefined) return;
        timer = setTimeout(tryAgain, spread(Math.min(LONGEST_PAUSE, TRY_AGAIN * 2 ** failures))).unref();
        failures += 1;
        return;
      }
      report(error);
      for (const stream of streams) end(stream, error);
    },
    stop: () => clearTimeout(timer),
  };
}
