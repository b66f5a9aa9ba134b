import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { silenceLostTransactions } from './lostConnections.js';
import { watchClient } from './watching.js';
import { through } from './over.js';
import { createPool, type Pool } from './pool.js';
import { createSockets } from './sockets.js';

/** Runs statements: the database itself, or a transaction in it. */
export type Database = PostgresJsDatabase;

/** An open pool. */
export interface DatabaseClient {
  readonly db: Database;
  /** What `db` runs through. */
  readonly pool: Pool;
  /** Lets running statements finish, for at most a second, then ends all connections. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgres:// address. */
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Milliseconds until a statement has a connection, or fails; 0, and without it: as long as it takes. */
  readonly poolWait?: number;
  /** Milliseconds after which PostgreSQL gives up a statement; 0: never. */
  readonly statementTimeout: number;
  /** Called with each statement before it runs: counts, logs, explains. */
  readonly onStatement?: (text: string, parameters: readonly unknown[]) => void;
}

/** Seconds until a connection is made, at most; that it is kept without being used; and that a close waits for statements. */
const LONGEST_CONNECT = 5;
const LONGEST_IDLE = 10;
const LONGEST_CLOSE = 1;

/**
 * What a page that is read by itself costs, beside one of many in a row: near to nothing more, in memory and on disks of today.
 * PostgreSQL's own 4 is of turning ones; it makes the planner read tables of some thousand posts as a whole for a search.
 */
export const RANDOM_PAGE_COST = 1.1;

/** Milliseconds that an answer may be on its way: PostgreSQL is silent for no longer than a statement takes, and this. */
const ON_ITS_WAY = 2_000;

/** Opens a pool. Connections are made when they are needed, so a database that is down shows at the first statement. */
export function openDatabase(options: DatabaseOptions): DatabaseClient {
  const { poolSize, poolWait = 0, statementTimeout, onStatement } = options;
  const sockets = createSockets(statementTimeout && statementTimeout + ON_ITS_WAY);
  // Its types do not know this option of postgres.js.
  const untyped = { socket: sockets.make };
  const client = postgres(options.url, {
    ...untyped,
    max: poolSize,
    // Nobody waits for it any longer, and a network that is back may not have kept the old try.
    connect_timeout: poolWait > 0 ? Math.min(LONGEST_CONNECT, poolWait / 1000) : LONGEST_CONNECT,
    // What nobody uses is closed in time, with a word to PostgreSQL: after that only what is dead is silent.
    idle_timeout: statementTimeout > 0 ? Math.min(LONGEST_IDLE, statementTimeout / 1000) : LONGEST_IDLE,
    // postgres.js' own backoff grows to many seconds: it came back 4 s after the server did.
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    // "contains only stop words" and the like are no news to anybody.
    onnotice: () => undefined,
    connection: {
      application_name: 'tidings',
      statement_timeout: statementTimeout,
      random_page_cost: RANDOM_PAGE_COST,
      // A process that sleeps in the middle of a transaction keeps others waiting no longer than a statement would.
      idle_in_transaction_session_timeout: statementTimeout,
      // Some zones of old were off by minutes and seconds, which a JavaScript Date does not read.
      TimeZone: 'UTC',
    },
  });
  silenceLostTransactions(client);
  watchClient(client);
  const pool = createPool(client, poolSize, poolWait);
  const db = drizzle(client, {
    casing: 'snake_case',
    ...(onStatement && { logger: { logQuery: onStatement } }),
  });
  return {
    db: through(db, pool),
    pool,
    async close() {
      await client.end({ timeout: LONGEST_CLOSE });
      sockets.end();
    },
  };
}
