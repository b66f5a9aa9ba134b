/** Statements that read for many objects at once, as one writes them behind a loader. */
import { sql } from './database.js';

/**
 * @typedef {{ first: number, after?: string | null }} PageArguments
 * @typedef {{ nodes: any[], pageInfo: { hasNextPage: boolean, endCursor: string | null } }} Page
 */

const POST = sql`posts.id, posts.slug, posts.title, posts.summary, posts.body_html, posts.published_at, posts.comment_count, posts.listed_at`;
const COMMENT = sql`comments.id, comments.post_id, comments.parent_id, comments.depth, comments.author_id, comments.state, comments.body,
  comments.body_html, comments.created_at, comments.version, comments.reply_count`;
const ENTRY = sql`coverage_entries.id, coverage_entries.occurred_at, coverage_entries.speaker, coverage_entries.body_html, coverage_entries.is_key`;

/** What readers see: also a deleted comment that holds the place of its replies. */
const VISIBLE = sql`(comments.state = 'VISIBLE' or (comments.state = 'DELETED' and comments.reply_count > 0))`;

/** @param {Date} moment @param {string} id */
const sealCursor = (moment, id) => Buffer.from(`${moment.toISOString()} ${id}`).toString('base64url');

/** @param {string} cursor */
const openCursor = (cursor) => Buffer.from(cursor, 'base64url').toString().split(' ');

/**
 * A page of rows of which one more was read than is wanted.
 *
 * @param {any[]} rows @param {number} first @param {string} key what the rows are ordered by.
 * @returns {Page}
 */
function pageOf(rows, first, key) {
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      endCursor: last === undefined ? null : sealCursor(last[key], last.id),
    },
  };
}

/** What was found for each key, in their order. @param {readonly string[]} keys @param {any[]} rows @param {string} by */
function groups(keys, rows, by) {
  const found = new Map(keys.map((key) => [key, /** @type {any[]} */ ([])]));
  for (const row of rows) found.get(row[by])?.push(row);
  return keys.map((key) => found.get(key) ?? []);
}

/** The one row for each key, in their order. @param {readonly string[]} keys @param {any[]} rows @param {string} by */
function each(keys, rows, by) {
  const found = new Map(rows.map((row) => [row[by], row]));
  return keys.map((key) => found.get(key) ?? null);
}

/** @param {PageArguments} page */
export async function listPosts({ first, after }) {
  const [at = '', id = ''] = after ? openCursor(after) : [];
  const rows = await sql`
    select ${POST} from posts
    where listed_at is not null ${after ? sql`and (listed_at, id) < (${at}::timestamptz, ${id}::uuid)` : sql``}
    order by listed_at desc, id desc limit ${first + 1}`;
  return pageOf(rows, first, 'listedAt');
}

/** @param {readonly string[]} ids */
export const postsByIds = async (ids) =>
  each(
    ids,
    await sql`select ${POST} from posts where id = any(${ids}::uuid[]) and listed_at is not null`,
    'id',
  );

/** @param {readonly string[]} slugs */
export const postsBySlugs = async (slugs) =>
  each(
    slugs,
    await sql`
      select post_slugs.slug as asked_slug, ${POST} from post_slugs join posts on posts.id = post_slugs.post_id
      where post_slugs.slug = any(${slugs}) and listed_at is not null`,
    'askedSlug',
  );

/** @param {readonly string[]} ids */
export const usersByIds = async (ids) =>
  each(ids, await sql`select id, username, name from users where id = any(${ids}::uuid[])`, 'id');

/** @param {readonly string[]} postIds */
export const authorsOfPosts = async (postIds) =>
  groups(
    postIds,
    await sql`
      select post_authors.post_id, users.id, users.username, users.name
      from post_authors join users on users.id = post_authors.user_id
      where post_authors.post_id = any(${postIds}::uuid[]) order by post_authors.position`,
    'postId',
  );

/** @param {readonly string[]} ids */
export const commentsByIds = async (ids) =>
  each(ids, await sql`select ${COMMENT} from comments where id = any(${ids}::uuid[]) and ${VISIBLE}`, 'id');

/**
 * A page of comments for each parent: a post or a comment.
 *
 * @param {any} ofParent @param {readonly string[]} parents @param {PageArguments} page
 */
async function pagesOfComments(ofParent, parents, { first, after }) {
  const [at = '', id = ''] = after ? openCursor(after) : [];
  const rows = await sql`
    select parent.id as list_parent_id, page.*
    from unnest(${parents}::uuid[]) as parent (id) cross join lateral (
      select ${COMMENT} from comments
      where ${ofParent} and ${VISIBLE}
        ${after ? sql`and (created_at, comments.id) > (${at}::timestamptz, ${id}::uuid)` : sql``}
      order by created_at, comments.id limit ${first + 1}
    ) as page order by page.created_at, page.id`;
  return groups(parents, rows, 'listParentId').map((found) => pageOf(found, first, 'createdAt'));
}

const TOP_LEVEL = sql`post_id = parent.id and parent_id is null`;
const FLAT = sql`post_id = parent.id`;
const REPLIES = sql`parent_id = parent.id`;

/** @param {readonly string[]} postIds @param {PageArguments & { topLevelOnly: boolean }} page */
export const commentsOfPosts = (postIds, page) =>
  pagesOfComments(page.topLevelOnly ? TOP_LEVEL : FLAT, postIds, page);

/** @param {readonly string[]} commentIds @param {PageArguments} page */
export const repliesOf = (commentIds, page) => pagesOfComments(REPLIES, commentIds, page);

/** @param {readonly string[]} postIds */
export const coveragesOfPosts = async (postIds) =>
  each(
    postIds,
    await sql`select id, post_id, status, entry_count from coverages where post_id = any(${postIds}::uuid[])`,
    'postId',
  );

/** @param {readonly string[]} coverageIds @param {PageArguments} page */
export async function entriesOf(coverageIds, { first, after }) {
  const [at = '', id = ''] = after ? openCursor(after) : [];
  const rows = await sql`
    select parent.id as list_parent_id, page.*
    from unnest(${coverageIds}::uuid[]) as parent (id) cross join lateral (
      select ${ENTRY} from coverage_entries
      where coverage_id = parent.id and retracted_at is null
        ${after ? sql`and (occurred_at, coverage_entries.id) > (${at}::timestamptz, ${id}::uuid)` : sql``}
      order by occurred_at, coverage_entries.id limit ${first + 1}
    ) as page order by page.occurred_at, page.id`;
  return groups(coverageIds, rows, 'listParentId').map((found) => pageOf(found, first, 'occurredAt'));
}

/**
 * Posts that match, best first. A text has to match the query in its own language, as in the product.
 *
 * @param {string} query @param {number} first
 */
export async function searchPosts(query, first) {
  const rows = await sql`
    with wanted as materialized (
      select config, query from unnest(array['english', 'german', 'spanish', 'french', 'italian', 'dutch',
        'portuguese', 'russian', 'simple']::regconfig[]) as config, search_query(config, ${query}) as query
      where numnode(query) > 0
    ), anyhow as materialized (
      select string_agg(distinct format('(%s)', query), ' | ')::tsquery as query from wanted
    )
    select ${POST} from (
      select posts.*, ts_rank(posts.search, wanted.query, 1) as rank
      from posts join wanted on wanted.config = search_config(posts.language)
      where posts.search @@ (select query from anyhow) and posts.search @@ wanted.query and posts.listed_at is not null
      limit 2000) as posts
    order by rank desc, id desc limit ${first + 1}`;
  return {
    nodes: rows.slice(0, first),
    pageInfo: { hasNextPage: rows.length > first, endCursor: null },
  };
}
