import { lock } from 'proper-lockfile';
import { codeOf, messageOf } from './files.js';

/**
 * A lock whose holder died is taken over after this many milliseconds. A holder touches it every second, so only
 * an event loop blocked for four seconds could lose it alive; and then PostgreSQL's own lock on the cluster and
 * the rename that makes a cluster still keep two processes from doing the same thing.
 */
const stale = 5_000;

/** Long enough for a slow first start by somebody else, about 90 s. */
const retries = { retries: 450, minTimeout: 50, maxTimeout: 200, factor: 1.2 };

/**
 * Runs `work` while no other process (and no other call in this one) runs any for the same `path`, beside which
 * the lock is kept as a folder `<path>.lock`.
 *
 * @throws Error when the lock could not be had
 */
export async function withLock<T>(
  path: string,
  log: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const lockfilePath = `${path}.lock`;
  const release = await lock(path, {
    lockfilePath,
    realpath: false,
    stale,
    update: 1_000,
    retries,
    // The default throws from a timer, which nobody can catch.
    onCompromised: (error) => {
      log(`The lock ${lockfilePath} was taken over by another process: ${error.message}`);
    },
  }).catch((error: unknown) => {
    throw new Error(
      codeOf(error) === 'ELOCKED'
        ? `Another process has been starting or stopping the database for too long: it keeps ${lockfilePath} fresh.`
        : `Could not make the lock ${lockfilePath}: ${messageOf(error)}. Is the folder there, and writable?`,
      { cause: error },
    );
  });
  try {
    return await work();
  } finally {
    // Fails only when it is not ours any more, which onCompromised has told.
    await release().catch(() => undefined);
  }
}
