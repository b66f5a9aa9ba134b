import { within } from './time.js';

/** Work that is done again and again. */
export interface Repetition {
  /** Begins nothing more, and waits for what is under way, for at most a second. */
  stop(): Promise<void>;
}

/** Milliseconds: a database that hangs must not keep an instance from ending. */
const LONGEST_STOP = 1_000;

/**
 * Does work at once and then again and again, never twice at the same time.
 *
 * @param interval milliseconds from the end of one run to the next.
 * @param work may answer that it is wanted sooner than that: in how many milliseconds.
 * @param report hears the first error of several in a row: a database that is away is one piece of news.
 */
export function every(
  interval: number,
  work: () => Promise<number | undefined>,
  report: (error: unknown) => void,
): Repetition {
  let isStopped = false;
  let isFailing = false;
  let timer: NodeJS.Timeout | undefined;

  const turn = async (): Promise<void> => {
    let wait = interval;
    try {
      wait = Math.min(interval, Math.max(0, (await work()) ?? interval));
      isFailing = false;
    } catch (error) {
      if (!isFailing) report(error);
      isFailing = true;
    }
    if (!isStopped) timer = setTimeout(begin, wait).unref();
  };
  let underWay = turn();
  function begin(): void {
    underWay = turn();
  }

  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await within(LONGEST_STOP, underWay, undefined);
    },
  };
}
