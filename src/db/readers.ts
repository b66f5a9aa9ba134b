import { causesOf, ownCode } from '../lib/causes.js';
import type { Asking } from '../lib/asking.js';
import { isAwayCode } from './away.js';
import type { Database } from './client.js';
import { counted, type Effort } from './counting.js';
import { over, poolOf, type Use } from './over.js';
import type { Replica, Replicas } from './replicas.js';

/** PostgreSQL gave up a statement that took too long. */
const TIMEOUT = '57014';

/** What a statement reads was in the way of what came from the primary: the replica is as well as before. */
const IN_THE_WAY = '40001';

/** What one request reads through. */
export interface Reader {
  readonly db: Database;
  /** From now on it reads what is newest: it wrote, or it looks at events. */
  useNewest(this: void): void;
}

/** Whoever reads. */
export interface ReaderFacts {
  readonly viewer: { readonly userId: string | null };
  /** Who waits for the answer. */
  readonly asking?: Asking | undefined;
  /** Counts what is asked; undefined: nobody does. */
  readonly effort?: Effort | undefined;
  /** Whether it may read nothing but what is newest. */
  readonly newest?: boolean | undefined;
}

/** Makes the reader of each request. */
export type ReaderFactory = (facts: ReaderFacts) => Reader;

export interface ReadersOptions {
  /** The primary. */
  readonly db: Database;
  readonly replicas: Replicas;
  /** Whether a user may have written what a replica does not have yet. */
  readonly wroteJustNow: (userId: string) => Promise<boolean>;
}

/**
 * A request reads from one replica or from the primary, and changes at most from a replica to the primary: so time never goes
 * backwards in it. (drizzle's `withReplicas` chooses for each statement, and sends transactions and written SQL to the
 * primary: a list would speak of rows that the next statement does not find.)
 */
function followReplica(
  { db, replicas, wroteJustNow }: ReadersOptions,
  { viewer: { userId }, asking }: ReaderFacts,
) {
  const primary = poolOf(db);
  let replica: Replica | undefined;
  let choosing: Promise<void> | undefined;

  const choose = async (): Promise<void> => {
    const mustBeNewest = userId !== null && (await wroteJustNow(userId));
    if (!mustBeNewest) replica = replicas.choose();
  };

  let isNewest = false;
  const use: Use = async (ask) => {
    if (!isNewest) await (choosing ??= choose());
    const chosen = isNewest ? undefined : replica;
    if (chosen === undefined) return ask(primary);
    try {
      return await ask(chosen.pool);
    } catch (error) {
      asking?.check();
      const codes = causesOf(error).map(ownCode);
      // The primary would take as long.
      if (codes.includes(TIMEOUT) || !codes.some(isAwayCode)) throw error;
      if (!codes.includes(IN_THE_WAY)) chosen.fail();
      isNewest = true;
      return ask(primary);
    }
  };
  return {
    use,
    useNewest: () => {
      isNewest = true;
    },
  };
}

const nothing = (): void => undefined;

/** The readers of a database without replicas. */
export const plainReaders =
  (db: Database): ReaderFactory =>
  ({ asking, effort }) => ({
    db: asking ? over(db, (ask) => ask(poolOf(db)), asking, effort) : effort ? counted(db, effort) : db,
    useNewest: nothing,
  });

/** @see Reader */
export function createReaders(options: ReadersOptions): ReaderFactory {
  const { db } = options;
  const plain = plainReaders(db);
  return (facts) => {
    if (facts.newest === true) return plain(facts);
    const { use, useNewest } = followReplica(options, facts);
    return { db: over(db, use, facts.asking, facts.effort), useNewest };
  };
}
