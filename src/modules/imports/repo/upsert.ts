import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';

/** A table whose rows remember their id in the system they came from. */
type ImportedTable = PgTable & { readonly id: PgColumn; readonly externalId: PgColumn };

/** Our ids of rows, by the ids they came with. Unknown ones are left out. */
export async function idsByExternalId(
  db: Database,
  table: ImportedTable,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await named(
    'imports.idsByExternalId',
    db
      .select({ id: sql<string>`${table.id}`, externalId: sql<string>`${table.externalId}` })
      .from(table)
      .where(anyOf(table.externalId, [...new Set(externalIds)], 'text')),
  );
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

const excluded = (column: PgColumn): SQL =>
  sql`excluded.${sql.identifier(column.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))}`;

/**
 * The `do update` of a record that is loaded again: these columns take the new values, but only when one of them
 * differs, so that loading the same folder twice writes nothing.
 */
export function overwrite(table: ImportedTable, columns: Readonly<Record<string, PgColumn>>) {
  const mine = Object.values(columns);
  return {
    target: table.externalId,
    set: Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, excluded(column)])),
    setWhere: sql`(${sql.join(mine, sql`, `)}) is distinct from (${sql.join(mine.map(excluded), sql`, `)})`,
  };
}

/** Whether a row that came back from an upsert is new: PostgreSQL has not locked an older version of it. */
export const wasAdded = sql<boolean>`(xmax = 0)`;

/** Tells the planner what the tables hold now. */
export const analyzeTables = (db: Database) => db.execute(sql`/* imports.analyze */ analyze`);
