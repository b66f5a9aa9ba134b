/** What stands in the way of many rows: taken away before they come, and made again from PostgreSQL's own words for it. */
import type postgres from 'postgres';

/** The statements that take something away and make it again. */
export interface Definition {
  readonly drop: string;
  readonly create: string;
}

/** In the order in which they are made; they are taken away the other way round. */
export async function definitionsOf(
  sql: postgres.ISql,
  tables: readonly string[],
): Promise<readonly Definition[]> {
  const loaded = sql`(select array_agg(format('public.%I', name)::regclass::oid) from unnest(${[...tables]}::text[]) as name)`;
  return sql<Definition[]>`
    with loaded as (select ${loaded} as oids)
    select drop, "create" from (
      -- All of search in texts without spaces between words: the seed has none, and looking for some takes as long as the rest.
      select 0 as turn,
        format('create or replace function %s(content text, weight text) returns tsvector
          language sql immutable parallel safe return ''''::tsvector', pg_proc.oid::regproc) as drop,
        pg_get_functiondef(pg_proc.oid) as "create"
      from pg_proc where pg_proc.oid = 'public.search_grams(text, text)'::regprocedure
      union all
      select case contype when 'f' then 4 when 'p' then 1 else 2 end,
        format('alter table %s drop constraint %I', conrelid::regclass, conname),
        format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
      from pg_constraint, loaded
      where contype in ('p', 'u', 'f') and (conrelid = any (oids) or (contype = 'f' and confrelid = any (oids)))
      union all
      select 3, format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
      from pg_index, loaded
      where indrelid = any (oids) and not exists (
        select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
      union all
      -- Where a trigger changes rows before they are inserted, they come one by one.
      select 5, format('drop trigger %I on %s', tgname, tgrelid::regclass), pg_get_triggerdef(pg_trigger.oid)
      from pg_trigger, loaded where tgrelid = any (oids) and not tgisinternal
    ) as definitions order by turn, drop`;
}
