import { type Placeholder, type Query, type SQL, sql } from 'drizzle-orm';
import type { PageRequest } from '../lib/paging.js';
import type { Database } from './client.js';
import { type KeyType, type PagePlan, pageValues, planOf, shapeOf } from './keyset.js';
import { type Field, rowReader } from './rows.js';

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

/** One parameter for a whole list. drizzle would make one of each member. */
const given = (values: readonly string[] | Placeholder) => ('getSQL' in values ? values : sql.param(values));

/**
 * The column is one of these values. One array parameter, so that the statement's text, and with it the prepared plan,
 * is the same for any number of values.
 */
export function anyOf(
  column: SQL | { getSQL(): SQL },
  values: readonly string[] | Placeholder,
  type: 'uuid' | 'text',
): SQL {
  return sql`${column} = any(${given(values)}::${sql.raw(type)}[])`;
}

/** The parents of a lateral join, one row each, as `list_parent.id`. */
export function listParents(ids: readonly string[] | Placeholder): SQL {
  return sql`unnest(${given(ids)}::uuid[]) as list_parent(id)`;
}

/** The id of the parent at hand in a lateral join over {@link listParents}. */
export const listParentId = sql<string>`list_parent.id`;

/** All columns of a subquery, to be selected from it. */
export const columnsOf = <Fields>(subquery: { readonly _: { readonly selectedFields: Fields } }): Fields =>
  subquery._.selectedFields;

/** A statement of drizzle's that is ready to run. */
interface Prepared<Result> {
  client: unknown;
  logger: unknown;
  readonly fields?: readonly Field[] | undefined;
  customResultMapper?: ((rows: readonly (readonly unknown[])[]) => unknown) | undefined;
  execute(values?: Readonly<Record<string, unknown>>): Promise<Result>;
}

/** What drizzle uses inside. Its public `execute` prepares nothing, and its prepared statements keep to one connection. */
interface DatabaseInternals {
  readonly dialect: { sqlToQuery(statement: SQL): Query };
  readonly session: {
    readonly client: unknown;
    readonly logger: unknown;
    prepareQuery(query: Query, fields: undefined, name: string, asArrays: false): Prepared<unknown>;
  };
}

const internalsOf = (db: Database): DatabaseInternals => db as unknown as DatabaseInternals;

/**
 * Runs a statement written by hand as a prepared one under a name, as {@link named} does with built ones. Its rows come as
 * the driver reads them: names as in the statement, `bigint` as text.
 *
 * @param name the module and the function: `events.append`.
 */
export function namedSql<Row>(db: Database, name: string, statement: SQL): Promise<readonly Row[]> {
  const { dialect, session } = internalsOf(db);
  const query = dialect.sqlToQuery(sql`/* ${sql.raw(name)} */ ${statement}`);
  return session.prepareQuery(query, undefined, name, false).execute() as Promise<readonly Row[]>;
}

/** A statement that is built once; it runs over any database or transaction. */
type Ready<Values, Result> = (db: Database, values: Values) => Promise<Result>;

/** Statements that are built once for each shape. */
type ReadyFor<Shape, Values, Result> = (db: Database, shape: Shape, values: Values) => Promise<Result>;

/** Statements that read a page, built once for each shape. */
type ReadyPage<Shape, Values, Result> = (
  db: Database,
  request: PageRequest,
  shape: Shape,
  values: Values,
) => Promise<Result>;

type Mapper = NonNullable<Prepared<unknown>['customResultMapper']>;

/** Makes rows once of what several requests get (sharing.ts). Nobody can change them: they would change for viewers of other rights. */
function onceForAll(read: NonNullable<ReturnType<typeof rowReader>>): Mapper {
  const made = new WeakMap<object, unknown>();
  return (values) => {
    let rows = made.get(values);
    if (rows === undefined) made.set(values, (rows = Object.freeze(read(values))));
    return rows;
  };
}

/** Lets a statement that was built over one database run over another. */
function everywhere<Values extends object, Result>(
  make: (db: Database) => Prepared<Result>,
): Ready<Values, Result> {
  let made: Prepared<Result> | undefined;
  return (db, values) => {
    if (made === undefined) {
      made = make(db);
      const reader = made.fields && rowReader(made.fields);
      if (reader) made.customResultMapper ??= onceForAll(reader);
    }
    const { client, logger } = internalsOf(db).session;
    const here = Object.create(made) as Prepared<Result>;
    here.client = client;
    here.logger = logger;
    return here.execute(values as Readonly<Record<string, unknown>>);
  };
}

/** One statement for each shape, made when it is asked for first. */
function eachShape<Shape, Values extends object, Result>(
  make: (shape: Shape) => Ready<Values, Result>,
): ReadyFor<Shape, Values, Result> {
  const known = new Map<string, Ready<Values, Result>>();
  return (db, shape, values) => {
    const key = JSON.stringify(shape);
    let statement = known.get(key);
    if (statement === undefined) known.set(key, (statement = make(shape)));
    return statement(db, values);
  };
}

/**
 * A statement like those of {@link named}, for the ways that are gone most: it is built once, with `sql.placeholder(name)`
 * where values go. Building one costs 0.1 to 0.4 ms, as much as running it.
 *
 * @param name the module and the function: `comments.add`.
 */
export const readied = <Values extends object, Result>(
  name: string,
  build: (db: Database) => Statement<Result>,
): Ready<Values, Result> =>
  everywhere((db) => {
    const query = build(db);
    const unnamed = query.getSQL.bind(query);
    query.getSQL = () => sql`/* ${sql.raw(name)} */ ${unnamed()}`;
    return query.prepare(name) as Prepared<Result>;
  });

/**
 * Statements of one name whose text depends on what is asked for: each is built when it is asked for first.
 *
 * @param name the module and the function, or how the shape makes it.
 * @param build the statement of a shape, which holds nothing that clients choose freely: all statements are kept.
 */
export function readiedFor<Shape, Values extends object, Result>(
  name: string | ((shape: Shape) => string),
  build: (db: Database, shape: Shape) => Statement<Result>,
): ReadyFor<Shape, Values, Result> {
  return eachShape((shape) =>
    readied(typeof name === 'string' ? name : name(shape), (first) => build(first, shape)),
  );
}

/**
 * The same for a page of a list.
 *
 * @param type of the key that orders the list.
 */
export function readiedPage<Shape, Values extends object, Result>(
  name: string | ((shape: Shape) => string),
  type: KeyType,
  build: (db: Database, page: PagePlan, shape: Shape) => Statement<Result>,
): ReadyPage<Shape, Values, Result> {
  const statement = readiedFor<{ page: ReturnType<typeof shapeOf>; shape: Shape }, Values, Result>(
    typeof name === 'string' ? name : ({ shape }) => name(shape),
    (db, { page, shape }) => build(db, planOf(page), shape),
  );
  return (db, request, shape, values) =>
    statement(db, { page: shapeOf(request), shape }, { ...values, ...pageValues(type, request) });
}

/** Like {@link readied}, for a statement written by hand. */
export const readiedSql = <Values extends object, Row>(
  name: string,
  statement: SQL,
): Ready<Values, readonly Row[]> =>
  everywhere((db) => {
    const { dialect, session } = internalsOf(db);
    const query = dialect.sqlToQuery(sql`/* ${sql.raw(name)} */ ${statement}`);
    return session.prepareQuery(query, undefined, name, false) as Prepared<readonly Row[]>;
  });

/** Like {@link readiedFor}, for statements written by hand. */
export const readiedSqlFor = <Shape, Values extends object, Row>(
  name: string,
  write: (shape: Shape) => SQL,
): ReadyFor<Shape, Values, readonly Row[]> => eachShape((shape) => readiedSql(name, write(shape)));
