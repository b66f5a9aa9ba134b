/**
 * The limit of the work: statements written by hand, prepared, and one JSON.stringify. No GraphQL, no rights, no cursors that
 * are signed. A write replays the statements that the product was seen to run.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import postgres from 'postgres';
import { report } from '../../kit/reporting.js';

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 10, onnotice: () => undefined });
// The parameters are as the product hands them to the driver: JSON is text already.
for (const type of [114, 3802]) sql.options.serializers[type] = (/** @type {unknown} */ value) => value;

const VISIBLE = sql`(c.state = 'VISIBLE' or (c.state = 'DELETED' and c.reply_count > 0))`;
const AUTHOR = sql`case when c.state <> 'DELETED' then u.name end as "authorName", u.username as "authorUsername"`;

/** @param {any} row */
const authorOf = ({ authorName, authorUsername }) =>
  authorName === null ? null : { name: authorName, username: authorUsername };

/** @param {any[]} rows @param {number} first @param {(row: any) => Date} key */
function pageInfoOf(rows, first, key) {
  const last = rows[Math.min(first, rows.length) - 1];
  return {
    hasNextPage: rows.length > first,
    endCursor:
      last === undefined ? null : Buffer.from(`${key(last).toISOString()} ${last.id}`).toString('base64url'),
  };
}

/** @param {any[]} rows @param {string} by @returns {Map<string, any[]>} */
function groupBy(rows, by) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[by]);
    if (group === undefined) groups.set(row[by], [row]);
    else group.push(row);
  }
  return groups;
}

/** @param {readonly string[]} ids */
const authorsOf = async (ids) =>
  groupBy(
    await sql`
      select a.post_id as "postId", u.name, u.username from post_authors a join users u on u.id = a.user_id
      where a.post_id = any(${ids}::uuid[]) order by a.position`,
    'postId',
  );

/** @param {any} author */
const named = ({ name, username }) => ({ name, username });

async function feed() {
  const posts = await sql`
    select id, slug, title, summary, published_at as "publishedAt", comment_count as "commentCount", listed_at as "listedAt"
    from posts where listed_at is not null order by listed_at desc, id desc limit 21`;
  const page = posts.slice(0, 20);
  const ids = page.map(({ id }) => id);
  const [authors, comments] = await Promise.all([
    authorsOf(ids),
    sql`
      select post.id as "postId", page.* from unnest(${ids}::uuid[]) as post (id) cross join lateral (
        select c.id, c.body, c.created_at as "createdAt", ${AUTHOR} from comments c left join users u on u.id = c.author_id
        where c.post_id = post.id and c.parent_id is null and ${VISIBLE} order by c.created_at, c.id limit 3
      ) as page`.then((rows) => groupBy(rows, 'postId')),
  ]);
  const nodes = page.map(({ id, title, slug, summary, publishedAt, commentCount }) => ({
    id,
    title,
    slug,
    summary,
    publishedAt,
    commentCount,
    authors: (authors.get(id) ?? []).map(named),
    comments: {
      nodes: (comments.get(id) ?? []).map((comment) => ({
        id: comment.id,
        body: comment.body,
        createdAt: comment.createdAt,
        author: authorOf(comment),
      })),
    },
  }));
  return { posts: { nodes, pageInfo: pageInfoOf(posts, 20, ({ listedAt }) => listedAt) } };
}

/** @param {any} comment */
const short = (comment) => ({
  id: comment.id,
  bodyHtml: comment.bodyHtml,
  createdAt: comment.createdAt,
  author: authorOf(comment),
});

/** @param {{ slug: string }} variables */
async function post({ slug }) {
  const [found] = await sql`
    select p.id, p.title, p.slug, p.summary, p.body_html as "bodyHtml", p.published_at as "publishedAt", p.comment_count as "commentCount",
      v.id as "coverageId", v.status, v.entry_count as "entryCount"
    from post_slugs s join posts p on p.id = s.post_id left join coverages v on v.post_id = p.id
    where s.slug = ${slug} and p.listed_at is not null`;
  if (found === undefined) return { post: null };
  const { coverageId, status, entryCount, ...rest } = found;
  const [authors, entries, comments] = await Promise.all([
    authorsOf([rest['id']]),
    coverageId === null
      ? []
      : sql`
          select id, occurred_at as "occurredAt", speaker, body_html as "bodyHtml", is_key as "isKey" from coverage_entries
          where coverage_id = ${coverageId} and retracted_at is null order by occurred_at, id limit 50`,
    sql`
      select c.id, c.body_html as "bodyHtml", c.created_at as "createdAt", c.reply_count as "replyCount", ${AUTHOR}
      from comments c left join users u on u.id = c.author_id
      where c.post_id = ${rest['id']} and c.parent_id is null and ${VISIBLE} order by c.created_at, c.id limit 51`,
  ]);
  const page = comments.slice(0, 50);
  const replies = groupBy(
    await sql`
      select parent.id as "parentId", page.* from unnest(${page.map(({ id }) => id)}::uuid[]) as parent (id) cross join lateral (
        select c.id, c.body_html as "bodyHtml", c.created_at as "createdAt", ${AUTHOR} from comments c left join users u on u.id = c.author_id
        where c.parent_id = parent.id and ${VISIBLE} order by c.created_at, c.id limit 2
      ) as page`,
    'parentId',
  );
  return {
    post: {
      ...rest,
      authors: (authors.get(rest['id']) ?? []).map(named),
      coverage:
        coverageId === null ? null : { id: coverageId, status, entryCount, entries: { nodes: entries } },
      comments: {
        nodes: page.map((comment) => ({
          ...short(comment),
          replyCount: comment['replyCount'],
          replies: { nodes: (replies.get(comment['id']) ?? []).map(short) },
        })),
        pageInfo: pageInfoOf(comments, 50, ({ createdAt }) => createdAt),
      },
    },
  };
}

/** @param {{ id: string, after: string | null }} variables */
async function thread({ id, after }) {
  const [at = '', lastId = ''] = after ? Buffer.from(after, 'base64url').toString().split(' ') : [];
  const rows = await sql`
    select c.id, c.depth, p.id as "parentId", c.body, c.created_at as "createdAt", ${AUTHOR}
    from comments c left join users u on u.id = c.author_id
      left join comments p on p.id = c.parent_id and p.state in ('VISIBLE', 'DELETED')
    where c.post_id = ${id} and ${VISIBLE}
      ${after ? sql`and (c.created_at, c.id) > (${at}::timestamptz, ${lastId}::uuid)` : sql``}
      and exists (select from posts where posts.id = ${id} and listed_at is not null)
    order by c.created_at, c.id limit 101`;
  const nodes = rows.slice(0, 100).map((comment) => ({
    id: comment['id'],
    depth: comment['depth'],
    body: comment['body'],
    createdAt: comment['createdAt'],
    parent: comment['parentId'] === null ? null : { id: comment['parentId'] },
    author: authorOf(comment),
  }));
  return { post: { id, comments: { nodes, pageInfo: pageInfoOf(rows, 100, ({ createdAt }) => createdAt) } } };
}

/** @param {{ query: string }} variables */
async function search({ query }) {
  const rows = await sql`
    with wanted as materialized (
      select config, query from unnest(array['english', 'german', 'spanish', 'french', 'italian', 'dutch',
        'portuguese', 'russian', 'simple']::regconfig[]) as config, search_query(config, ${query}) as query
      where numnode(query) > 0
    ), anyhow as materialized (
      select string_agg(distinct format('(%s)', query), ' | ')::tsquery as query from wanted
    )
    select id, title, slug, summary from (
      select p.id, p.title, p.slug, p.summary, ts_rank(p.search, wanted.query, 1) as rank
      from posts p join wanted on wanted.config = search_config(p.language)
      where p.search @@ (select query from anyhow) and p.search @@ wanted.query and p.listed_at is not null
      limit 2000) as matches
    order by rank desc, id desc limit 21`;
  return {
    search: {
      edges: rows.slice(0, 20).map((node) => ({ node })),
      pageInfo: { hasNextPage: rows.length > 20 },
    },
  };
}

/** @type {{ statements: { text: string, parameters: any[] }[], recorded: Record<string, string>, viewers: Record<string, { userId: string, sessionId: string }> }} */
const plan = JSON.parse(readFileSync(process.env['BENCH_PLAN_FILE'] ?? '', 'utf8'));
const [whoItIs, ...writing] = plan.statements;

/** The parameters of a recorded statement for another viewer, post and comment. @param {any} parameter @param {[string, string][]} own @returns {any} */
function owned(parameter, own) {
  if (Array.isArray(parameter)) return parameter.map((one) => owned(one, own));
  if (typeof parameter !== 'string') return parameter;
  return own.reduce((text, [from, to]) => text.replaceAll(from, to), parameter);
}

/** @param {{ input: { postId: string, body: string } }} variables @param {string} authorization */
async function write({ input }, authorization) {
  const viewer = plan.viewers[authorization];
  if (viewer === undefined || whoItIs === undefined) throw new Error('Nobody.');
  const id = randomUUID();
  const { recorded } = plan;
  /** @type {[string, string][]} */
  const own = [
    [recorded['userId'] ?? '', viewer.userId],
    [recorded['sessionId'] ?? '', viewer.sessionId],
    [recorded['postId'] ?? '', input.postId],
    [recorded['commentId'] ?? '', id],
  ];
  // The first tells who it is, before the transaction.
  await sql.unsafe(whoItIs.text, owned(whoItIs.parameters, own), { prepare: true });
  await sql.begin(async (tx) => {
    for (const { text, parameters } of writing)
      await tx.unsafe(text, owned(parameters, own), { prepare: true });
  });
  return { addComment: { comment: { id, version: 1 }, userErrors: [] } };
}

/** @type {Record<string, (variables: any, authorization: string) => Promise<unknown>>} */
const WORKS = { feed, post, thread, search, write };

/** @param {string} name @param {string} body @param {string} authorization */
async function answerOf(name, body, authorization) {
  const work = WORKS[name];
  if (work === undefined) throw new Error('No such work.');
  return Buffer.from(JSON.stringify({ data: await work(JSON.parse(body).variables, authorization) }));
}

/** @param {import('node:http').IncomingMessage} request @param {string} body @param {import('node:http').ServerResponse} response */
async function respond({ headers }, body, response) {
  try {
    const answer = await answerOf(String(headers['x-work']), body, headers.authorization ?? '');
    const head = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length };
    response.writeHead(200, head).end(answer);
  } catch (error) {
    console.error(error);
    response.writeHead(500, { 'content-length': 0 }).end();
  }
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
  request.on('end', () => void respond(request, body, response));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
report(`http://127.0.0.1:${port}/`, async () => {
  server.closeAllConnections();
  await sql.end();
});
