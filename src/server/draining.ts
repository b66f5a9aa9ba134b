import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds over which all connections are closed when an instance ends. */
const LONGEST_DRAIN = 5_000;

/** Milliseconds between two connections that are closed; less, when there are many. */
const DRAIN_EACH = 10;

/** Milliseconds between two looks at whether something is done. */
const LOOK_EACH = 20;

/** Waits until all is answered that was begun, or for so many milliseconds. */
export async function allAnswered(isUnderWay: () => boolean, patience: number): Promise<void> {
  const end = performance.now() + patience;
  while (isUnderWay() && performance.now() < end) await delay(LOOK_EACH);
}

/**
 * Finishes connections one after the other, so that their clients don't come to the next instance all at once.
 *
 * @param finish closes one when its operations are answered, or after so many milliseconds.
 */
export async function finishAll<Open>(
  connections: Iterable<Open>,
  finish: (connection: Open, patience: number) => Promise<void>,
): Promise<void> {
  const open = [...connections];
  const step = Math.min(DRAIN_EACH, LONGEST_DRAIN / Math.max(1, open.length));
  await Promise.all(
    open.map(async (connection, place) => {
      await delay(place * step);
      await finish(connection, LONGEST_DRAIN - place * step);
    }),
  );
}
