import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';

/** A table whose rows remember their id in the system they came from. */
type ImportedTable = PgTable & { readonly id: PgColumn; readonly externalId: PgColumn };

/** What became of a row: one that came back from an upsert was added, or else changed. */
export interface Written {
  readonly externalId: string;
  readonly added: boolean;
}

// Any constant will do, but all versions must use the same.
const IMPORT_LOCK = 7_218_431_906;

/**
 * A transaction for one batch. Imports that run at the same time take turns, batch by batch: what a batch has looked up
 * under the lock (free names, parents, counts) is still so when it writes. The lock ends with the transaction, so a
 * killed import blocks nobody.
 */
export const inTurn = <Result>(db: Database, work: (tx: Database) => Promise<Result>): Promise<Result> =>
  db.transaction(async (tx) => {
    await tx.execute(sql`/* imports.lock */ select pg_advisory_xact_lock(${IMPORT_LOCK})`);
    return work(tx);
  });

/** Our ids of rows, by the ids they came with. Unknown ones are left out. */
export async function idsByExternalId(
  db: Database,
  table: ImportedTable,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  if (externalIds.length === 0) return new Map();
  const rows = await named(
    'imports.idsByExternalId',
    db
      .select({ id: sql<string>`${table.id}`, externalId: sql<string>`${table.externalId}` })
      .from(table)
      .where(anyOf(table.externalId, [...new Set(externalIds)], 'text')),
  );
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

// The name that drizzle's `casing: 'snake_case'` gives a column that is named by its key.
const nameOf = (key: string): SQL =>
  sql`${sql.identifier(key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))}`;

const list = (keys: readonly string[], write: (key: string) => SQL): SQL =>
  sql.join(keys.map(write), sql.raw(', '));

export interface UpsertOptions<Key extends string> {
  /** What the record says. A row that is here changes when one of these differs, and only then. */
  readonly source: readonly Key[];
  /** What is made from it, and written along with it. */
  readonly derived?: readonly Key[];
  /** What else changes in a row that changes. */
  readonly also?: SQL;
  /** Which of the rows that are here may change; it keeps what was decided here from being undone. */
  readonly where?: SQL;
}

/**
 * Adds rows, or changes those that are here under the same external id; no external id may occur twice. A row that is
 * the same is not touched.
 *
 * All rows travel as one JSON parameter. With drizzle's `values`, a parameter for each value, importing the real
 * publication spent 11 of its 38 s of CPU on building statements, and PostgreSQL 3 of its 34 s on parsing them.
 *
 * @param rows all with the same keys.
 */
export async function upsert<Row extends object>(
  db: Database,
  name: string,
  table: ImportedTable,
  rows: readonly Row[],
  { source, derived = [], also, where }: UpsertOptions<Extract<keyof Row, string>>,
): Promise<readonly Written[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const columns: Readonly<Record<string, PgColumn>> = getTableColumns(table);
  const keys = Object.keys(first);
  const typed = (key: string) =>
    sql`${sql.identifier(key)} ${sql.raw(columns[key]?.getSQLType() ?? `unknown /* ${key} */`)}`;
  const assignments = list([...source, ...derived], (key) => sql`${nameOf(key)} = excluded.${nameOf(key)}`);
  return db.execute<{ externalId: string; added: boolean }>(sql`/* ${sql.raw(name)} */
    insert into ${table} (${list(keys, nameOf)})
    select ${list(keys, (key) => sql`${sql.identifier(key)}`)}
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as record (${list(keys, typed)})
    on conflict (external_id) do update set ${also === undefined ? assignments : sql`${assignments}, ${also}`}
    where (${list(source, (key) => sql`${table}.${nameOf(key)}`)})
      is distinct from (${list(source, (key) => sql`excluded.${nameOf(key)}`)})
      and ${where ?? sql`true`}
    returning external_id as "externalId", xmax = 0 as added`);
}

/** Tells the planner what the tables hold now. */
export const analyzeTables = (db: Database) => db.execute(sql`/* imports.analyze */ analyze`);
