import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named, namedSql } from '../../../db/statement.js';
import { postAuthors, posts, postSlugs, postTags } from '../../../db/tables/posts.js';
import type { BodyFormat, RenderedBody } from '../../../render/body.js';
import { postColumns, type PostRow } from './reading.js';

/** What people write of a post. */
export interface PostText {
  readonly slug: string;
  readonly title: string;
  readonly summary: string | null;
  readonly language: string;
}

/** A body and what the renderer made of it. */
export interface WrittenBody {
  readonly body: string;
  readonly bodyFormat: BodyFormat;
  readonly rendered: RenderedBody;
  readonly rendererVersion: number;
}

const bodyColumns = ({ body, bodyFormat, rendered, rendererVersion }: WrittenBody) => ({
  body,
  bodyFormat,
  bodyHtml: rendered.html,
  bodyText: rendered.text,
  rendererVersion,
});

const expectOne = <Row>([row]: readonly Row[]): Row => {
  if (row === undefined) throw new Error('A post that was held has gone.');
  return row;
};

/** A post that somebody wants to change, and what decides whether they may. */
const postToChange = (tx: Database, id: string, viewerId: string | null) =>
  tx
    .select({
      post: postColumns,
      bodyFormat: posts.bodyFormat,
      firstPublishedAt: posts.firstPublishedAt,
      isOwn: sql<boolean>`exists (select from post_authors by_line
        where by_line.post_id = posts.id and by_line.user_id = ${viewerId}::uuid)`,
      firstAuthorId: sql<string | null>`(select by_line.user_id from post_authors by_line
        where by_line.post_id = posts.id order by by_line.position limit 1)`,
    })
    .from(posts)
    .where(eq(posts.id, id));

/** The statements that write posts, within a transaction. */
export const createPostWriting = (tx: Database) => ({
  /** A post that is about to change, held. */
  toChange: (id: string, viewerId: string | null) =>
    named('posts.toChange', postToChange(tx, id, viewerId).for('no key update', { of: posts })),

  /** A post that may be about to change, not held yet. */
  toConsider: (id: string, viewerId: string | null) =>
    named('posts.toConsider', postToChange(tx, id, viewerId)),

  /** What a post is written in; outside of a transaction, to render before it. */
  formatOf: (id: string) =>
    named('posts.formatOf', tx.select({ bodyFormat: posts.bodyFormat }).from(posts).where(eq(posts.id, id))),

  /** Of a post that is held: its body, and the slugs of its tags in their order. */
  async contentOf(id: string): Promise<{ readonly body: string; readonly tags: readonly string[] }> {
    const rows = await namedSql<{ body: string; tags: string[] }>(
      tx,
      'posts.content',
      sql`select posts.body, array(
            select tags.slug from post_tags join tags on tags.id = post_tags.tag_id
            where post_tags.post_id = posts.id order by post_tags.position) as tags
          from posts where posts.id = ${id}`,
    );
    return expectOne(rows);
  },

  /** What events say of posts as they are now. */
  factsOf: (ids: readonly string[]) =>
    named(
      'posts.facts',
      tx
        .select({
          postId: posts.id,
          status: posts.status,
          version: posts.version,
          authorIds: sql<string[]>`array(select by_line.user_id from post_authors by_line
            where by_line.post_id = posts.id order by by_line.position)`,
          authors: sql<string[]>`array(select users.username from post_authors by_line
            join users on users.id = by_line.user_id where by_line.post_id = posts.id order by by_line.position)`,
          tags: sql<string[]>`array(select tags.slug from post_tags join tags on tags.id = post_tags.tag_id
            where post_tags.post_id = posts.id order by post_tags.position)`,
          language: posts.language,
          hasCoverage: sql<boolean>`exists (select from coverages where coverages.post_id = posts.id)`,
          publishedAt: posts.publishedAt,
        })
        .from(posts)
        .where(anyOf(posts.id, ids, 'uuid')),
    ),

  /** Those who look for a free slug on this base wait for each other until their transactions end. */
  queueForSlug: (base: string) =>
    namedSql<never>(
      tx,
      'posts.queueForSlug',
      sql`select pg_advisory_xact_lock(hashtextextended(${`posts.slug:${base}`}, 0))`,
    ),

  /** The numbers that are taken behind a slug: 2 for `base-2`, 1 for `base` itself. */
  async takenNumbers(base: string): Promise<ReadonlySet<number>> {
    const rows = await namedSql<{ number: string }>(
      tx,
      'posts.takenNumbers',
      // The character behind `-` is `.`: all that begins with `base-` is one range of the index.
      sql`select '1' as number from post_slugs where slug = ${base}
        union all
        select substr(slug, char_length(${base}) + 2) from post_slugs
        where slug >= ${`${base}-`} and slug < ${`${base}.`}
          and substr(slug, char_length(${base}) + 2) ~ '^[1-9][0-9]{0,8}$'`,
    );
    return new Set(rows.map(({ number }) => Number(number)));
  },

  /** The post that has or had this slug. */
  async ownerOfSlug(slug: string): Promise<string | undefined> {
    const [owner] = await named(
      'posts.ownerOfSlug',
      tx.select({ postId: postSlugs.postId }).from(postSlugs).where(eq(postSlugs.slug, slug)),
    );
    return owner?.postId;
  },

  create: async (id: string, text: PostText, body: WrittenBody): Promise<PostRow> =>
    expectOne(
      await named(
        'posts.create',
        tx
          .insert(posts)
          .values({ id, ...text, ...bodyColumns(body) })
          .returning(postColumns),
      ),
    ),

  addAuthor: (postId: string, userId: string) =>
    named('posts.addAuthor', tx.insert(postAuthors).values({ postId, position: 0, userId })),

  removeTags: (postId: string) =>
    named('posts.removeTags', tx.delete(postTags).where(eq(postTags.postId, postId))),

  addTags: (postId: string, tagIds: readonly string[]) =>
    named(
      'posts.addTags',
      tx.insert(postTags).values(tagIds.map((tagId, position) => ({ postId, position, tagId }))),
    ),

  /** The next version of a post. */
  edit: async (id: string, text: Partial<PostText>, body: WrittenBody | undefined): Promise<PostRow> =>
    expectOne(
      await named(
        'posts.edit',
        tx
          .update(posts)
          .set({
            ...text,
            ...(body && bodyColumns(body)),
            version: sql`${posts.version} + 1`,
            updatedAt: sql`now()`,
          })
          .where(eq(posts.id, id))
          .returning(postColumns),
      ),
    ),

  setStatus: async (id: string, status: PostRow['status'], publishedAt: Date | null): Promise<PostRow> =>
    expectOne(
      await named(
        'posts.setStatus',
        tx.update(posts).set({ status, publishedAt }).where(eq(posts.id, id)).returning(postColumns),
      ),
    ),

  setCommentPolicy: async (id: string, commentPolicy: PostRow['commentPolicy']): Promise<PostRow> =>
    expectOne(
      await named(
        'posts.setCommentPolicy',
        tx.update(posts).set({ commentPolicy }).where(eq(posts.id, id)).returning(postColumns),
      ),
    ),

  /**
   * Comments are held before their post, so whoever deletes the post holds them first; replies before what they answer,
   * as whoever changes a comment counts upwards.
   */
  holdComments: (postId: string) =>
    namedSql<never>(
      tx,
      'posts.holdComments',
      sql`with held as (select from comments where post_id = ${postId} order by depth desc, id for update)
        select count(*) from held`,
    ),

  delete: (id: string) => named('posts.delete', tx.delete(posts).where(eq(posts.id, id))),

  /** Milliseconds until the next scheduled post is due, negative when it is overdue; undefined: none is scheduled. */
  async untilDue(): Promise<number | undefined> {
    const [next] = await namedSql<{ milliseconds: number }>(
      tx,
      'posts.untilDue',
      sql`select extract(epoch from published_at - clock_timestamp())::float8 * 1000 as milliseconds
        from posts where status = 'SCHEDULED' order by published_at limit 1`,
    );
    return next?.milliseconds;
  },

  /** Publishes scheduled posts whose time has come and that nobody else is publishing. */
  publishDue: (most: number) => {
    const due = tx
      .select({ id: posts.id })
      .from(posts)
      .where(and(eq(posts.status, 'SCHEDULED'), sql`${posts.publishedAt} <= now()`))
      .orderBy(posts.publishedAt)
      .limit(most)
      .for('no key update', { skipLocked: true });
    return named(
      'posts.publishDue',
      tx
        .update(posts)
        .set({ status: 'PUBLISHED' })
        .where(sql`${posts.id} = any(array(${due}))`)
        .returning(postColumns),
    );
  },
});

export type PostWriting = ReturnType<typeof createPostWriting>;
