import { causesOf, ownCode } from '../lib/causes.js';
import type { Asking } from '../lib/asking.js';
import { isAwayCode } from './away.js';
import type { Database } from './client.js';
import { counted, type Effort } from './counting.js';
import { over, poolOf, type Use } from './over.js';
import type { Pool } from './pool.js';
import type { Replica, Replicas } from './replicas.js';
import { sharing } from './sharing.js';

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
  /** Whether those who read the same at once share a statement. */
  readonly shares: boolean;
  /** Whether a user may have written what a replica does not have yet. */
  readonly wroteJustNow: (userId: string) => Promise<boolean>;
}

/** Finds the way to a server that its readers share, or its pool itself. */
function createReadingPools(shares: boolean): (pool: Pool) => Pool {
  if (!shares) return (pool) => pool;
  const known = new WeakMap<Pool, Pool>();
  return (pool) => {
    let shared = known.get(pool);
    if (shared === undefined) known.set(pool, (shared = sharing(pool)));
    return shared;
  };
}

/**
 * A request reads from one replica or from the primary, and changes at most from a replica to the primary: so time never goes
 * backwards in it. (drizzle's `withReplicas` chooses for each statement, and sends transactions and written SQL to the
 * primary: a list would speak of rows that the next statement does not find.)
 */
function followReplica(
  { db, replicas, wroteJustNow }: ReadersOptions,
  reading: (pool: Pool) => Pool,
  { viewer: { userId }, asking }: ReaderFacts,
) {
  // Who cannot give up would keep a statement for good.
  const wayTo = asking ? reading : (pool: Pool) => pool;
  const primary = wayTo(poolOf(db));
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
      return await ask(wayTo(chosen.pool));
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

/** The readers of a database without replicas. Nobody waits for what streams read: they share it in other ways. */
function readersOf(db: Database, reading: (pool: Pool) => Pool): ReaderFactory {
  return ({ asking, effort }) => ({
    db: asking
      ? over(db, (ask) => ask(reading(poolOf(db))), asking, effort)
      : effort
        ? counted(db, effort)
        : db,
    useNewest: nothing,
  });
}

/** @param shares whether those who read the same at once share a statement. */
export const plainReaders = (db: Database, shares = true): ReaderFactory =>
  readersOf(db, createReadingPools(shares));

/** @see Reader */
export function createReaders(options: ReadersOptions): ReaderFactory {
  const { db, shares } = options;
  const reading = createReadingPools(shares);
  const plain = readersOf(db, reading);
  return (facts) => {
    if (facts.newest === true) return plain(facts);
    const { use, useNewest } = followReplica(options, reading, facts);
    return { db: over(db, use, facts.asking, facts.effort), useNewest };
  };
}
