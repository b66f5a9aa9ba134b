import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { encodeId, type IdType } from '../../src/graphql/globalIds.js';
import type { Targets } from './hostileInputs.js';

/** Whose the targets are. */
interface Owners {
  /** Users that may be changed in any way. */
  readonly others: readonly string[];
  /** Users who send the inputs, by uuid: some of the targets are theirs. */
  readonly senders: readonly string[];
}

const TYPES: readonly IdType[] = [
  'User',
  'Tag',
  'Post',
  'Comment',
  'Coverage',
  'CoverageEntry',
  'ApiToken',
  'AuditEntry',
];

/** Makes one object of each kind and in each state, for mutations to be aimed at. */
export async function createTargets(sql: postgres.Sql, { others, senders }: Owners): Promise<Targets> {
  const [other = ''] = others;
  const ids: Record<string, string[]> = {};
  const made = (type: IdType): string => {
    const uuid = randomUUID();
    (ids[type.toLowerCase()] ??= []).push(encodeId(type, uuid));
    return uuid;
  };
  for (const uuid of others) (ids['user'] ??= []).push(encodeId('User', uuid));

  const createPost = async (status: string, policy: string, author: string): Promise<string> => {
    const id = made('Post');
    await sql`insert into posts (id, slug, title, language, status, published_at, comment_policy, body, body_format, body_html, body_text, renderer_version)
      values (${id}, ${`post-${id}`}, 'A post', 'en', ${status}, ${status === 'SCHEDULED' ? '2099-01-01' : '2026-01-01'}, ${policy}, 'A body', 'MARKDOWN', '<p>A body</p>', 'A body', 1)`;
    await sql`insert into post_authors (post_id, position, user_id) values (${id}, 0, ${author})`;
    await sql`insert into post_revisions (post_id, version, slug, title, language, tags, body, body_format)
      values (${id}, 1, ${`post-${id}`}, 'A post', 'en', '{}', 'A body', 'MARKDOWN')`;
    return id;
  };
  const createComment = async (postId: string, state: string, author: string): Promise<void> => {
    await sql`insert into comments (id, post_id, depth, author_id, state, language, body, body_format, body_html, body_text, renderer_version)
      values (${made('Comment')}, ${postId}, 0, ${author}, ${state}, 'en', 'A comment', 'MARKDOWN', '', '', 1)`;
    if (state === 'VISIBLE') {
      await sql`update posts set comment_count = comment_count + 1 where id = ${postId}`;
    }
  };
  const createCoverage = async (postId: string, status: string): Promise<void> => {
    const id = made('Coverage');
    await sql`insert into coverages (id, post_id, status, started_at, entry_count) values (${id}, ${postId}, ${status}, now(), 1)`;
    await sql`insert into coverage_entries (id, coverage_id, occurred_at, language, body, body_format, body_html, body_text, renderer_version)
      values (${made('CoverageEntry')}, ${id}, now(), 'en', 'An entry', 'MARKDOWN', '', '', 1)`;
  };

  const open = await createPost('PUBLISHED', 'OPEN', other);
  const waiting = await createPost('PUBLISHED', 'PRE_MODERATED', other);
  await createPost('PUBLISHED', 'CLOSED', other);
  for (const status of ['DRAFT', 'SCHEDULED', 'ARCHIVED']) await createPost(status, 'OPEN', other);
  for (const state of ['VISIBLE', 'PENDING', 'HIDDEN', 'DELETED']) await createComment(open, state, other);
  for (const sender of senders) {
    await createPost('DRAFT', 'OPEN', sender);
    await createComment(open, 'VISIBLE', sender);
    await createComment(waiting, 'VISIBLE', sender);
    await sql`insert into api_tokens (id, user_id, name, scopes, digest)
      values (${made('ApiToken')}, ${sender}, 'A token', '{}', sha256(${randomUUID()}::text::bytea))`;
  }
  await createCoverage(open, 'LIVE');
  await createCoverage(waiting, 'UPCOMING');
  const tags = await sql<{ id: string }[]>`select id from tags limit 3`;
  ids['tag'] = tags.map(({ id }) => encodeId('Tag', id));

  return { ids, junkIds: [...TYPES.map((type) => encodeId(type, randomUUID())), '', 'x', '1', '💥', 'AAAA'] };
}

/** How many rows each table has, and how many events all topics: what a refused mutation must leave as it was. */
export async function createRowCounter(sql: postgres.Sql): Promise<() => Promise<Record<string, string>>> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`;
  const counts = tables.map(({ name }) => `(select count(*) from "${name}") as "${name}"`);
  const statement = `select ${counts.join(', ')}, (select coalesce(sum(head), 0) from topics) as heads`;
  return async () => ({
    ...(await sql.unsafe<Record<string, string>[]>(statement, [], { prepare: true }))[0],
  });
}
