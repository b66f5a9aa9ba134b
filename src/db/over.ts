import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import type { Asking } from '../lib/asking.js';
import { counting, type Effort, type Session } from './counting.js';
import { createPlaces, type PoolNumbers } from './places.js';
import type { Pool, ServerPool, StatementText } from './pool.js';

/** What drizzle has of a connection, and asks of it. */
interface Connection {
  /** The pool that is asked unless something else chooses. */
  readonly pool?: ServerPool;
  unsafe(...statement: StatementText): unknown;
  begin(work: (tx: postgres.TransactionSql) => Promise<unknown>): Promise<unknown>;
}

/** Asks something of a pool. */
export type Use = <Result>(ask: (pool: Pool) => Promise<Result>) => Promise<Result>;

interface Internals {
  session: { client: Connection } & Session;
}

const internalsOf = (db: PostgresJsDatabase): Internals => db as unknown as Internals;

/**
 * The same database, whose statements go through a connection, and are counted. Two objects, which inherit all the rest, and from
 * which nothing inherits: making a prototype of something new takes longer than all else here.
 */
function connected(db: PostgresJsDatabase, connection: Connection, effort?: Effort): PostgresJsDatabase {
  const here = Object.create(db) as PostgresJsDatabase;
  const above = internalsOf(db).session;
  const session = Object.create(above) as Internals['session'];
  session.client = connection;
  if (effort) Object.assign(session, counting(above, effort));
  internalsOf(here).session = session;
  return here;
}

/** The pool that a database runs through. */
export function poolOf(db: PostgresJsDatabase): ServerPool {
  const { pool } = internalsOf(db).session.client;
  if (pool === undefined) throw new Error('This database has no pool of its own.');
  return pool;
}

const connectionOf = (use: Use, asking: Asking | undefined): Connection => ({
  // Like a statement of postgres.js it runs when it is awaited: until then drizzle may still want arrays.
  unsafe: (...statement) => ({
    values: () => use((pool) => pool.run(statement, true, asking)),
    // oxlint-disable-next-line unicorn/no-thenable -- drizzle awaits what it gets here
    then: (onRows: (rows: unknown) => unknown, onError: (error: unknown) => unknown) =>
      use((pool) => pool.run(statement, false, asking)).then(onRows, onError),
  }),
  begin: (work) => use((pool) => pool.begin(work, asking)),
});

/** The same database, through a pool. */
export const through = (db: PostgresJsDatabase, pool: ServerPool): PostgresJsDatabase =>
  connected(db, { ...connectionOf((ask) => ask(pool), undefined), pool });

/**
 * The same database, as somebody asks it.
 *
 * @param use chooses the pool of each statement or transaction, and may ask another one as well.
 */
export const over = (
  db: PostgresJsDatabase,
  use: Use,
  asking?: Asking,
  effort?: Effort,
): PostgresJsDatabase => connected(db, connectionOf(use, asking), effort);

/** A database for many who ask at once, and how busy they keep it. */
export interface Sparing {
  readonly db: PostgresJsDatabase;
  /** Of the connections that are theirs. */
  readonly numbers: PoolNumbers;
}

/**
 * The same database, for many who ask at once: together they use so many of its connections, at most, and the others are
 * for everybody else. They get theirs before everybody else who waits: what each of them asks for is for many.
 *
 * @param wait milliseconds that somebody waits for their turn, at most; 0: for ever.
 */
export function sparingly(db: PostgresJsDatabase, most: number, wait: number): Sparing {
  const { first } = poolOf(db);
  const places = createPlaces(most, wait, Infinity);
  const use: Use = async (ask) => {
    await places.take();
    try {
      return await ask(first);
    } finally {
      places.leave();
    }
  };
  return {
    db: over(db, use),
    get numbers() {
      return places.numbers;
    },
  };
}
