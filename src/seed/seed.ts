/** Fills an empty database with a made-up publication: all of it, or nothing. */
import postgres from 'postgres';
import { copyRows } from './copying.js';
import { definitionsOf } from './definitions.js';
import { createPublication, type Size } from './publication.js';
import { tablesOf } from './rows.js';

export interface SeedOptions {
  /** Stops it; then nothing was written. */
  readonly signal?: AbortSignal;
  /** Called with what is being done, and how far it is: of how many, when that is known. */
  readonly onProgress?: (task: string, done: number, total: number | undefined) => void;
}

/** How many rows each table got. */
export type Seeded = ReadonlyMap<string, number>;

/** Milliseconds to wait for whoever uses a table. */
const LOCK_PATIENCE = 5_000;
const LOCK_NOT_AVAILABLE = '55P03';

const NOTHING_WRITTEN = 'Nothing was written: the database is as it was.';

const STOPPED = `Stopped. ${NOTHING_WRITTEN}`;
const IN_USE = `Something else uses the database. Stop the servers that run on it, and try again. ${NOTHING_WRITTEN}`;

const notEmpty = (tables: readonly string[]): string =>
  `The database is not empty, there are rows in ${tables.join(', ')}: a seed fills an empty one only. ` +
  'Set DATABASE_URL to a new database, or TIDINGS_DATA_DIR to a new folder.';

/** It takes as long as it takes, and sorts in memory. */
const SETTINGS = `
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
  set local lock_timeout = ${LOCK_PATIENCE};
  set local search_path = public;
  set local maintenance_work_mem = '512MB'`;

/** All tables that are ours, but for the one that says which migrations ran. */
async function allTables(sql: postgres.TransactionSql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations' order by relname`;
  return rows.map(({ name }) => name);
}

/** Keeps everybody out until the end, and finds no row. @throws Error when somebody stays, or there is one. */
async function claimEmpty(sql: postgres.TransactionSql): Promise<void> {
  const tables = await allTables(sql);
  try {
    await sql.unsafe(`lock table ${tables.join(', ')} in access exclusive mode`);
  } catch (cause) {
    const isInUse = cause instanceof postgres.PostgresError && cause.code === LOCK_NOT_AVAILABLE;
    throw isInUse ? new Error(IN_USE) : cause;
  }
  const filled: string[] = [];
  for (const name of tables) {
    const rows = await sql.unsafe(`select from ${name} limit 1`);
    if (rows.length > 0) filled.push(name);
  }
  if (filled.length > 0) throw new Error(notEmpty(filled));
}

/** Does all of it within a transaction. @param onProgress throws when it is to stop. */
async function fill(
  sql: postgres.TransactionSql,
  size: Size,
  onProgress: NonNullable<SeedOptions['onProgress']>,
): Promise<Seeded> {
  await sql.unsafe(SETTINGS);
  await claimEmpty(sql);
  const tables = tablesOf(createPublication(size));
  const names = tables.map(({ name }) => name);
  const definitions = await definitionsOf(sql, names);
  for (const { drop } of definitions.toReversed()) await sql.unsafe(drop);
  // For COPY to freeze what it writes.
  await sql.unsafe(`truncate ${names.join(', ')}`);
  const seeded = new Map<string, number>();
  for (const table of tables) {
    const hear = (rows: number): void => onProgress(`loading ${table.name}`, rows, table.total);
    hear(0);
    seeded.set(table.name, await copyRows(sql, table, hear));
  }
  for (const [done, { create }] of definitions.entries()) {
    onProgress('making indexes and constraints', done, definitions.length);
    await sql.unsafe(create);
  }
  onProgress('analysing', 0, undefined);
  await sql.unsafe(`analyze ${names.join(', ')}`);
  onProgress('committing', 0, undefined);
  return seeded;
}

/** Ends what a connection is at: an index can take minutes. */
async function cancel(url: string, pid: number): Promise<void> {
  const other = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    await other`select pg_cancel_backend(${pid})`;
  } finally {
    await other.end({ timeout: 1 });
  }
}

/**
 * Fills a migrated, empty database in one transaction: whatever happens, it holds the whole publication or is as it was.
 *
 * Without indexes, foreign keys and triggers rows come several times as fast, so these are taken away before, and made again
 * behind, which checks every row. Counts and copies that the application or a trigger would have written come with the rows.
 *
 * @throws Error in words for people when the database is not empty or in use, PostgreSQL refuses something, or it was stopped.
 */
export async function seedDatabase(url: string, size: Size, options: SeedOptions = {}): Promise<Seeded> {
  const { signal, onProgress } = options;
  let task = 'preparing';
  const client = postgres(url, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: { application_name: 'tidings-seed', TimeZone: 'UTC' },
  });
  const proceed = (next: string, done: number, total: number | undefined): void => {
    if (signal?.aborted) throw new Error(STOPPED);
    task = next;
    onProgress?.(task, done, total);
  };
  try {
    return await client.begin(async (sql) => {
      const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const stop = (): void => void cancel(url, backend?.pid ?? 0).catch(() => undefined);
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return await fill(sql, size, proceed);
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    });
  } catch (cause) {
    if (signal?.aborted) throw new Error(STOPPED, { cause });
    if (!(cause instanceof postgres.PostgresError)) throw cause;
    throw new Error(`PostgreSQL refused while ${task}: ${cause.message}. ${NOTHING_WRITTEN}`, { cause });
  } finally {
    await client.end({ timeout: 5 });
  }
}
