import { type AnyColumn, type SQL, and, asc, desc, sql } from 'drizzle-orm';
import type { Position } from '../lib/cursor.js';
import type { PageRequest } from '../lib/paging.js';

/** A position's key as a parameter of the column's type. */
const KEY_PARAMETERS = {
  moment: (key: Position[0]) => sql`${new Date(key).toISOString()}::timestamptz`,
  text: (key: Position[0]) => sql`${key}::text`,
  rank: (key: Position[0]) => sql`${key}::real`,
  number: (key: Position[0]) => sql`${key}::int`,
};

/** The columns a list is ordered by, the last one unique, and the type of the first. */
export interface KeysetOrder {
  readonly key: AnyColumn | SQL;
  readonly id: AnyColumn | SQL;
  readonly type: keyof typeof KEY_PARAMETERS;
  readonly descending?: boolean;
}

/** The clauses that read one page and one row more. */
export interface KeysetClauses {
  readonly where: SQL | undefined;
  readonly orderBy: [SQL, SQL];
  readonly limit: number;
  /** The same order over the columns of a subquery that holds these clauses. */
  readonly outerOrder: (key: AnyColumn | SQL, id: AnyColumn | SQL) => [SQL, SQL];
}

/**
 * Pages by position, not by offset: a page costs the same anywhere in the list, and rows that appear or vanish
 * elsewhere neither repeat nor swallow any. Comparing rows, `(key, id) > (a, b)`, is one range of one index.
 */
export function keyset(order: KeysetOrder, page: PageRequest): KeysetClauses {
  const { key, id, type, descending = false } = order;
  const beyond = (operator: '<' | '>', [value, uuid]: Position): SQL =>
    sql`(${key}, ${id}) ${sql.raw(operator)} (${KEY_PARAMETERS[type](value)}, ${uuid}::uuid)`;
  const direction = descending === page.backward ? asc : desc;
  return {
    where: and(
      page.after && beyond(descending ? '<' : '>', page.after),
      page.before && beyond(descending ? '>' : '<', page.before),
    ),
    orderBy: [direction(key), direction(id)],
    limit: page.limit + 1,
    outerOrder: (outerKey, outerId) => [direction(outerKey), direction(outerId)],
  };
}
