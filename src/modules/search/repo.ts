import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.js';
import { keyset, type PagePlan, type PageShape, pageValues, planOf, shapeOf } from '../../db/keyset.js';
import { anyOf, readiedSqlFor } from '../../db/statement.js';
import type { PageRequest } from '../../lib/paging.js';

/** What can be found, as the API names it. */
export type SearchKind = 'POST' | 'COMMENT' | 'COVERAGE_ENTRY' | 'USER' | 'TAG';

/** All that can be found. */
export const SEARCH_KINDS: readonly SearchKind[] = ['POST', 'COMMENT', 'COVERAGE_ENTRY', 'USER', 'TAG'];

/** A match: what, and how well. */
export interface Match {
  readonly kind: SearchKind;
  readonly id: string;
  readonly rank: number;
}

/** Where in a text a query matched. */
export interface Passage {
  readonly id: string;
  /** The matching part, with the words between {@link MARK_START} and {@link MARK_END}. */
  readonly headline: string;
  /** The parts of the query in scripts without word boundaries, normalised, a space between them; null when none. */
  readonly runs: string | null;
  /** The text itself; null when the headline is enough. */
  readonly text: string | null;
}

/** Private-use characters that no rendered text holds by the time they are set. */
export const MARK_START = '\ue000';
export const MARK_END = '\ue001';

const HEADLINE = `StartSel="${MARK_START}", StopSel="${MARK_END}", MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "`;

// A match further down still counts; its passage is then the beginning. Measured: 60,000 characters of vowelled Arabic
// take 24 ms to fold, on the event loop, and a page may hold a hundred of them.
const HEADLINE_CHARACTERS = 20_000;

/**
 * Matches of a kind that are ranked: the first that are found, for words that are nearly everywhere. To rank half a million posts
 * takes longer than anybody waits.
 */
const MOST_RANKED = 2_000;

/** The stemmers of search_config(): a text is only compared with the query in its own language. */
const CONFIGS = [
  'english',
  'german',
  'spanish',
  'french',
  'italian',
  'dutch',
  'portuguese',
  'russian',
  'simple',
];

/** Where each kind is found: its rows, who may be found, and the language that its text was indexed in. */
const SOURCES: Record<SearchKind, { from: SQL; config: SQL; where: SQL; text: SQL }> = {
  POST: {
    from: sql`posts as found`,
    config: sql`search_config(found.language)`,
    where: sql`found.listed_at is not null`,
    text: sql`concat_ws(' · ', found.title, found.summary, left(found.body_text, ${sql.raw(String(HEADLINE_CHARACTERS))}))`,
  },
  COMMENT: {
    from: sql`comments as found join posts on posts.id = found.post_id`,
    config: sql`search_config(found.language)`,
    where: sql`found.state = 'VISIBLE' and posts.listed_at is not null`,
    text: sql`left(found.body_text, ${sql.raw(String(HEADLINE_CHARACTERS))})`,
  },
  COVERAGE_ENTRY: {
    from: sql`coverage_entries as found join coverages on coverages.id = found.coverage_id`,
    config: sql`search_config(found.language)`,
    where: sql`found.retracted_at is null and coverages.listed_at is not null`,
    text: sql`concat_ws(': ', found.speaker, left(found.body_text, ${sql.raw(String(HEADLINE_CHARACTERS))}))`,
  },
  USER: {
    from: sql`users as found`,
    config: sql`'simple'::regconfig`,
    where: sql`true`,
    text: sql`concat_ws(' · ', found.name, nullif(found.username, lower(found.name)))`,
  },
  TAG: {
    from: sql`tags as found`,
    config: sql`'simple'::regconfig`,
    where: sql`true`,
    text: sql`found.name`,
  },
};

/**
 * All matches of a query in some kinds, as the table `matches (kind, id, rank)`.
 *
 * A text must match the query in its own language, but an index can only be asked for one query: it is asked for the
 * query in any language, and what it finds is compared with the right one. (Joined by language alone, the planner
 * prefers to read whole tables.)
 */
const matchesOf = (query: string | Placeholder, kinds: readonly SearchKind[]): SQL => {
  // A long text is no better a match than a short one that says the same: divide by the logarithm of its length.
  const arms = kinds.map((kind) => {
    const { from, config, where } = SOURCES[kind];
    return sql`
        (select ${kind}::text as kind, found.id, ts_rank(found.search, wanted.query, 1) as rank
        from ${from} join wanted on wanted.config = ${config}
        where found.search @@ (select query from anyhow) and found.search @@ wanted.query and ${where}
        limit ${sql.raw(String(MOST_RANKED))})`;
  });
  return sql`
      with wanted as materialized (
        select config, query
        from unnest(${sql.param(CONFIGS)}::regconfig[]) as config, search_query(config, ${query}) as query
        where numnode(query) > 0
      ), anyhow as materialized (
        select string_agg(distinct format('(%s)', query), ' | ')::tsquery as query from wanted
      ), matches as (${sql.join(arms, sql` union all `)})`;
};

const pageOf = (query: string | Placeholder, kinds: readonly SearchKind[], plan: PagePlan): SQL => {
  const clauses = keyset({ key: sql`rank`, id: sql`id`, type: 'rank', descending: true }, plan);
  return sql`${matchesOf(query, kinds)}
        select kind, id, rank from matches where ${clauses.where ?? sql`true`}
        order by ${sql.join(clauses.orderBy, sql`, `)} limit ${clauses.limit}`;
};

const totalOf = (query: string | Placeholder, kinds: readonly SearchKind[]): SQL =>
  sql`${matchesOf(query, kinds)} select count(*)::int as count from matches`;

/**
 * Whether a search is a prepared statement: for all kinds, and for a single one. Of all sets of kinds there would be hundreds, for good.
 * (One statement with the kinds as a parameter was slower: docs/PERFORMANCE.md.)
 */
const isReadied = (kinds: readonly SearchKind[]): boolean =>
  kinds.length === 1 || kinds.length === SEARCH_KINDS.length;

const readiedMatches = readiedSqlFor<
  { page: PageShape; kinds: readonly SearchKind[] },
  { query: string } & ReturnType<typeof pageValues>,
  Match
>('search.matches', ({ page, kinds }) => pageOf(sql.placeholder('query'), kinds, planOf(page)));

const readiedCount = readiedSqlFor<readonly SearchKind[], { query: string }, { count: number }>(
  'search.count',
  (kinds) => totalOf(sql.placeholder('query'), kinds),
);

export type SearchRepo = ReturnType<typeof createSearchRepo>;

/** The statements of full-text search. They span all kinds, so they are written by hand. */
export const createSearchRepo = (db: Database) => ({
  /** The best matches first. */
  async matches(
    query: string,
    kinds: readonly SearchKind[],
    request: PageRequest,
  ): Promise<readonly Match[]> {
    if (isReadied(kinds))
      return readiedMatches(db, { page: shapeOf(request), kinds }, { query, ...pageValues('rank', request) });
    const statement = sql`/* search.matches */ ${pageOf(query, kinds, request)}`;
    return [...(await db.execute<{ kind: SearchKind; id: string; rank: number }>(statement))];
  },

  async count(query: string, kinds: readonly SearchKind[]): Promise<number> {
    const [row] = isReadied(kinds)
      ? await readiedCount(db, kinds, { query })
      : await db.execute<{ count: number }>(sql`/* search.count */ ${totalOf(query, kinds)}`);
    return row?.count ?? 0;
  },

  /** Where a query matched in these objects. */
  async passages(query: string, kinds: readonly SearchKind[], ids: readonly string[]): Promise<Passage[]> {
    const arms = kinds.map((kind) => {
      const { from, config, text } = SOURCES[kind];
      return sql`select found.id, ${config} as config, ${text} as text from ${from} where ${anyOf(sql`found.id`, ids, 'uuid')}`;
    });
    const rows = await db.execute<{
      id: string;
      headline: string;
      runs: string | null;
      text: string | null;
    }>(sql`/* search.passages */
        select id,
          ts_headline(config, translate(text, ${MARK_START + MARK_END}, ''), websearch_to_tsquery(config, search_words(${query})), ${HEADLINE}) as headline,
          search_runs(${query}) as runs,
          case when search_runs(${query}) is not null then text end as text
        from (${sql.join(arms, sql` union all `)}) as passages`);
    return [...rows];
  },
});
