import { type AnyColumn, type Placeholder, type SQL, and, asc, desc, sql } from 'drizzle-orm';
import type { Position } from '../lib/cursor.js';
import type { PageRequest } from '../lib/paging.js';

/** What PostgreSQL calls the type of a position's key. */
const KEY_TYPES = {
  moment: sql.raw('timestamptz'),
  text: sql.raw('text'),
  rank: sql.raw('real'),
  number: sql.raw('int'),
};

export type KeyType = keyof typeof KEY_TYPES;

/** A position, or the places where its parts go. */
type Bound = Position | readonly [key: Placeholder, id: Placeholder];

/** Which page is asked for, as far as the text of a statement depends on it. */
export interface PageShape {
  readonly backward: boolean;
  readonly after: boolean;
  readonly before: boolean;
}

/** A page that is asked for now, or whose bounds and size are given when the statement runs. */
export interface PagePlan {
  readonly backward: boolean;
  readonly after?: Bound;
  readonly before?: Bound;
  readonly limit: number | Placeholder;
}

/** The key of a position, as PostgreSQL reads it. */
const keyValue = (type: KeyType, key: Position[0]): Position[0] =>
  type === 'moment' ? new Date(key).toISOString() : key;

export const shapeOf = ({ backward, after, before }: PageRequest): PageShape => ({
  backward,
  after: after !== undefined,
  before: before !== undefined,
});

/** A page of some shape, with places for its values: {@link pageValues} fills them. */
export const planOf = ({ backward, after, before }: PageShape): PagePlan => ({
  backward,
  ...(after && { after: [sql.placeholder('afterKey'), sql.placeholder('afterId')] }),
  ...(before && { before: [sql.placeholder('beforeKey'), sql.placeholder('beforeId')] }),
  limit: sql.placeholder('pageLimit'),
});

/** What goes into the places of {@link planOf}. */
export function pageValues(type: KeyType, { after, before, limit }: PageRequest) {
  return {
    ...(after && { afterKey: keyValue(type, after[0]), afterId: after[1] }),
    ...(before && { beforeKey: keyValue(type, before[0]), beforeId: before[1] }),
    pageLimit: limit + 1,
  };
}

/** The columns a list is ordered by, the last one unique, and the type of the first. */
export interface KeysetOrder {
  readonly key: AnyColumn | SQL;
  readonly id: AnyColumn | SQL;
  readonly type: KeyType;
  readonly descending?: boolean;
}

/** The clauses that read one page and one row more. */
export interface KeysetClauses {
  readonly where: SQL | undefined;
  readonly orderBy: [SQL, SQL];
  readonly limit: number | Placeholder;
  /** The same order over the columns of a subquery that holds these clauses. */
  readonly outerOrder: (key: AnyColumn | SQL, id: AnyColumn | SQL) => [SQL, SQL];
}

/**
 * Pages by position, not by offset: a page costs the same anywhere in the list, and rows that appear or vanish
 * elsewhere neither repeat nor swallow any. Comparing rows, `(key, id) > (a, b)`, is one range of one index.
 */
export function keyset(order: KeysetOrder, page: PagePlan): KeysetClauses {
  const { key, id, type, descending = false } = order;
  const beyond = (operator: '<' | '>', [given, uuid]: Bound): SQL => {
    const value = typeof given === 'object' ? given : keyValue(type, given);
    return sql`(${key}, ${id}) ${sql.raw(operator)} (${value}::${KEY_TYPES[type]}, ${uuid}::uuid)`;
  };
  const direction = descending === page.backward ? asc : desc;
  return {
    where: and(
      page.after && beyond(descending ? '<' : '>', page.after),
      page.before && beyond(descending ? '>' : '<', page.before),
    ),
    orderBy: [direction(key), direction(id)],
    limit: typeof page.limit === 'number' ? page.limit + 1 : page.limit,
    outerOrder: (outerKey, outerId) => [direction(outerKey), direction(outerId)],
  };
}
