import { type Query, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.js';

/** A drizzle query that has not run yet. */
interface Statement<Result> {
  getSQL(): SQL;
  prepare(name: string): { execute(): Promise<Result> };
}

/**
 * Runs a statement under a name that travels with it, so that the slow log, pg_stat_statements and the tests' statement
 * budgets speak of `comments.byPost` and not of a wall of SQL. A named statement is a prepared one: a connection parses
 * it once.
 *
 * drizzle 0.45 has no comments on PostgreSQL statements; all its builders ask `getSQL` when they run.
 *
 * @param name the module and the function: `comments.byPost`.
 */
export function named<Result>(name: string, query: Statement<Result>): Promise<Result> {
  const unnamed = query.getSQL.bind(query);
  query.getSQL = () => sql`/* ${sql.raw(name)} */ ${unnamed()}`;
  return query.prepare(name).execute();
}

/** The name that {@link named} gave to a statement, from its text. */
export function nameOf(text: string): string | undefined {
  return /^\/\* (\S+) \*\//.exec(text)?.[1];
}

/**
 * The column is one of these values. One array parameter, so that the statement's text, and with it the prepared plan,
 * is the same for any number of values.
 */
export function anyOf(
  column: SQL | { getSQL(): SQL },
  values: readonly string[],
  type: 'uuid' | 'text',
): SQL {
  return sql`${column} = any(${sql.param(values)}::${sql.raw(type)}[])`;
}

/** The parents of a lateral join, one row each, as `list_parent.id`. */
export function listParents(ids: readonly string[]): SQL {
  return sql`unnest(${sql.param(ids)}::uuid[]) as list_parent(id)`;
}

/** The id of the parent at hand in a lateral join over {@link listParents}. */
export const listParentId = sql<string>`list_parent.id`;

/** All columns of a subquery, to be selected from it. */
export const columnsOf = <Fields>(subquery: { readonly _: { readonly selectedFields: Fields } }): Fields =>
  subquery._.selectedFields;

/** What drizzle's `execute` uses inside; the public method prepares nothing. */
interface DatabaseInternals {
  readonly dialect: { sqlToQuery(statement: SQL): Query };
  readonly session: {
    prepareQuery(
      query: Query,
      fields: undefined,
      name: string,
      asArrays: false,
    ): { execute(): Promise<unknown> };
  };
}

/**
 * Runs a statement written by hand as a prepared one under a name, as {@link named} does with built ones. Its rows come as
 * the driver reads them: names as in the statement, `bigint` as text.
 *
 * @param name the module and the function: `events.append`.
 */
export function namedSql<Row>(db: Database, name: string, statement: SQL): Promise<readonly Row[]> {
  const { dialect, session } = db as unknown as DatabaseInternals;
  const query = dialect.sqlToQuery(sql`/* ${sql.raw(name)} */ ${statement}`);
  return session.prepareQuery(query, undefined, name, false).execute() as Promise<readonly Row[]>;
}
