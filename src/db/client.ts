import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { silenceLostTransactions } from './lostConnections.js';

/** Runs statements: the database itself, or a transaction in it. */
export type Database = PostgresJsDatabase;

/** An open pool. */
export interface DatabaseClient {
  readonly db: Database;
  /** Lets running statements finish, for at most five seconds, then closes all connections. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgres:// address. */
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Milliseconds after which PostgreSQL gives up a statement; 0: never. */
  readonly statementTimeout: number;
  /** Called with each statement before it runs: counts, logs, explains. */
  readonly onStatement?: (text: string, parameters: readonly unknown[]) => void;
}

/** Opens a pool. Connections are made when they are needed, so a database that is down shows at the first statement. */
export function openDatabase(options: DatabaseOptions): DatabaseClient {
  const client = postgres(options.url, {
    max: options.poolSize,
    connect_timeout: 5,
    // postgres.js' own backoff grows to many seconds: it came back 4 s after the server did.
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    // "contains only stop words" and the like are no news to anybody.
    onnotice: () => undefined,
    connection: {
      application_name: 'tidings',
      statement_timeout: options.statementTimeout,
      // A process that sleeps in the middle of a transaction keeps others waiting no longer than a statement would.
      idle_in_transaction_session_timeout: options.statementTimeout,
      // Some zones of old were off by minutes and seconds, which a JavaScript Date does not read.
      TimeZone: 'UTC',
    },
  });
  silenceLostTransactions(client);
  const { onStatement } = options;
  const db = drizzle(client, {
    casing: 'snake_case',
    ...(onStatement && { logger: { logQuery: onStatement } }),
  });
  return { db, close: () => client.end({ timeout: 5 }) };
}
