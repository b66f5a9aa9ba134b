/** What somebody who runs PostGraphile over this database would write: two functions that it makes fields of. */
import postgres from 'postgres';

const FUNCTIONS = `
  create schema bench_postgraphile;
  create function bench_postgraphile.published_posts() returns setof posts language sql stable as $$
    select * from posts where listed_at is not null order by listed_at desc, id desc
  $$;
  create function bench_postgraphile.search_posts(query text) returns setof posts language sql stable as $$
    with wanted as materialized (
      select config, search_query(config, search_posts.query) as query from unnest(array['english', 'german', 'spanish', 'french',
        'italian', 'dutch', 'portuguese', 'russian', 'simple']::regconfig[]) as config
      where numnode(search_query(config, search_posts.query)) > 0
    ), anyhow as materialized (
      select string_agg(distinct format('(%s)', query), ' | ')::tsquery as query from wanted
    )
    select (matches.post).* from (
      select posts as post, ts_rank(posts.search, wanted.query, 1) as rank
      from posts join wanted on wanted.config = search_config(posts.language)
      where posts.search @@ (select anyhow.query from anyhow) and posts.search @@ wanted.query and posts.listed_at is not null
      limit 2000) as matches
    order by matches.rank desc, (matches.post).id desc
  $$;`;

const run = async (databaseUrl: string, statements: string): Promise<void> => {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  await sql.unsafe(statements);
  await sql.end();
};

const REMOVED = 'drop schema if exists bench_postgraphile cascade;';

export const addFunctions = (databaseUrl: string): Promise<void> => run(databaseUrl, REMOVED + FUNCTIONS);

export const removeFunctions = (databaseUrl: string): Promise<void> => run(databaseUrl, REMOVED);
