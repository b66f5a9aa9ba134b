import { and, eq, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import { anyOf, columnsOf, listParentId, listParents, named, namedSql } from '../../../db/statement.js';
import { postRevisions, posts } from '../../../db/tables/posts.js';
import type { PageRequest } from '../../../lib/paging.js';

/** Everything but the body, which has a loader of its own. */
const revisionColumns = {
  postId: postRevisions.postId,
  version: postRevisions.version,
  slug: postRevisions.slug,
  title: postRevisions.title,
  summary: postRevisions.summary,
  language: postRevisions.language,
  tags: postRevisions.tags,
  bodyFormat: postRevisions.bodyFormat,
  editorId: postRevisions.editorId,
  createdAt: postRevisions.createdAt,
};

/** A row of post_revisions, without its body. */
export type PostRevisionRow = Pick<typeof postRevisions.$inferSelect, keyof typeof revisionColumns>;

const tagNames = sql<string[]>`array(
  select tags.name from post_tags join tags on tags.id = post_tags.tag_id
  where post_tags.post_id = posts.id order by post_tags.position)`;

/** What an import wrote is no revision yet. */
const isUnkept = sql`not exists (
  select from post_revisions kept where kept.post_id = posts.id and kept.version = posts.version)`;

/** The statements on the versions of posts. */
export const createRevisionRepo = (db: Database) => {
  return {
    /** For each post a page of its versions, newest first: those that are kept, and the one it has. */
    byPosts: (postIds: readonly string[], request: PageRequest) => {
      const versions = unionAll(
        db.select(revisionColumns).from(postRevisions).where(eq(postRevisions.postId, listParentId)),
        db
          .select({
            postId: posts.id,
            version: posts.version,
            slug: posts.slug,
            title: posts.title,
            summary: posts.summary,
            language: posts.language,
            tags: tagNames,
            bodyFormat: posts.bodyFormat,
            editorId: sql<string | null>`null::uuid`,
            createdAt: posts.updatedAt,
          })
          .from(posts)
          .where(and(eq(posts.id, listParentId), isUnkept)),
      ).as('versions');
      const page = keyset(
        { key: versions.version, id: versions.postId, type: 'number', descending: true },
        request,
      );
      const rows = db
        .select(columnsOf(versions))
        .from(versions)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .as('page');
      return named(
        'posts.revisions',
        db
          .select({ listParentId, ...columnsOf(rows) })
          .from(listParents(postIds))
          .crossJoinLateral(rows)
          .orderBy(...page.outerOrder(rows.version, rows.postId)),
      );
    },

    countByPosts: (postIds: readonly string[]) =>
      named(
        'posts.countRevisions',
        db
          .select({
            listParentId: sql<string>`${posts.id}`,
            count: sql<number>`((select count(*) from post_revisions kept where kept.post_id = posts.id)
              + (case when ${isUnkept} then 1 else 0 end))::int`,
          })
          .from(posts)
          .where(anyOf(posts.id, postIds, 'uuid')),
      ),

    /** The bodies of these versions. */
    bodies: (versions: readonly { readonly postId: string; readonly version: number }[]) =>
      namedSql<{ post_id: string; version: number; body: string }>(
        db,
        'posts.revisionBodies',
        sql`select wanted.post_id, wanted.version, coalesce(kept.body, posts.body) as body
          from unnest(
            ${sql.param(versions.map(({ postId }) => postId))}::uuid[],
            ${sql.param(versions.map(({ version }) => version))}::int[]
          ) as wanted(post_id, version)
          join posts on posts.id = wanted.post_id
          left join post_revisions kept on kept.post_id = wanted.post_id and kept.version = wanted.version
          where kept.post_id is not null or posts.version = wanted.version`,
      ),

    /** One version that was kept, whole. */
    read: (postId: string, version: number) =>
      named(
        'posts.revision',
        db
          .select({ ...revisionColumns, body: postRevisions.body })
          .from(postRevisions)
          .where(and(eq(postRevisions.postId, postId), eq(postRevisions.version, version))),
      ),

    /** Keeps the version that a post has now, if it is not kept yet. */
    keep: (postId: string, editorId: string | null) =>
      namedSql<never>(
        db,
        'posts.keepRevision',
        sql`insert into post_revisions
            (post_id, version, slug, title, summary, language, tags, body, body_format, editor_id, created_at)
          select ${posts.id}, ${posts.version}, ${posts.slug}, ${posts.title}, ${posts.summary}, ${posts.language},
            ${tagNames}, ${posts.body}, ${posts.bodyFormat}, ${editorId}::uuid, ${posts.updatedAt}
          from ${posts} where ${posts.id} = ${postId}
          on conflict do nothing`,
      ),
  };
};
