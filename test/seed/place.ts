import postgres from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { type Seeded, seedDatabase } from '../../src/seed/seed.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

/** Large enough for every kind of thing, small enough for a second. */
export const SMALL = { users: 400, posts: 900, comments: 4_000 };

/** A database and a connection to it. */
export interface SeedPlace {
  readonly url: string;
  readonly sql: postgres.Sql;
}

/** An empty database for the tests of a `describe`. */
export function useEmptyDatabase(): SeedPlace {
  let database: TestDatabase | undefined;
  let sql: postgres.Sql | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  });
  afterAll(async () => {
    await sql?.end();
    await database?.drop();
  });
  return {
    get url() {
      return database?.url ?? '';
    },
    get sql() {
      if (sql === undefined) throw new Error('There is no database yet.');
      return sql;
    },
  };
}

/** A seeded database for the tests of a `describe`. */
export function useSeededDatabase(): SeedPlace & { readonly seeded: Seeded } {
  const place = useEmptyDatabase();
  let seeded: Seeded = new Map();
  beforeAll(async () => {
    seeded = await seedDatabase(place.url, SMALL);
  });
  return {
    get url() {
      return place.url;
    },
    get sql() {
      return place.sql;
    },
    get seeded() {
      return seeded;
    },
  };
}

/** Everything that rows have to keep to, in PostgreSQL's words for it. */
export async function rulesOf(sql: postgres.Sql): Promise<readonly string[]> {
  const rows = await sql<{ rule: string }[]>`
    select rule from (
      select format('%s %s %s %s', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
        from pg_constraint where connamespace = 'public'::regnamespace
      union all
      select format('%s %s %s', pg_get_indexdef(indexrelid), indisvalid, indisprimary) from pg_index
        join pg_class on pg_class.oid = indexrelid where relnamespace = 'public'::regnamespace
      union all
      select format('%s %s', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
      union all
      select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
      union all
      select format('%s %s', relname, reloptions) from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'
      union all
      select format('%s %s %s %s', attrelid::regclass, attname, attnotnull, attgenerated) from pg_attribute
        join pg_class on pg_class.oid = attrelid
        where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
    ) as rules (rule) order by rule collate "C"`;
  return rows.map(({ rule }) => rule);
}

/** How many rows there are, in all tables together. */
export async function rowsIn(sql: postgres.Sql): Promise<number> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations'`;
  let rows = 0;
  for (const { name } of tables) rows += (await sql.unsafe(`select from ${name}`)).length;
  return rows;
}
