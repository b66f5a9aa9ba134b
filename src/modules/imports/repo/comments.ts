import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { comments } from '../../../db/tables/comments.js';
import { importedDiscussions } from '../../../db/tables/imports.js';
import { upsert, type Written } from './upsert.js';

/** Where discussions that are not here yet, or have no post yet, belong. */
export async function upsertDiscussions(
  db: Database,
  rows: readonly (typeof importedDiscussions.$inferInsert)[],
): Promise<readonly Written[]> {
  if (rows.length === 0) return [];
  return named(
    'imports.upsertDiscussions',
    db
      .insert(importedDiscussions)
      .values([...rows])
      .onConflictDoUpdate({
        target: importedDiscussions.externalId,
        set: { postId: sql`excluded.post_id` },
        setWhere: sql`${importedDiscussions.postId} is null and excluded.post_id is not null`,
      })
      .returning({ externalId: importedDiscussions.externalId, added: sql<boolean>`xmax = 0` }),
  );
}

/** The posts of discussions, by the discussions' external ids; null for one without a post. */
export async function postsOfDiscussions(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, string | null>> {
  const rows = await named(
    'imports.postsOfDiscussions',
    db
      .select()
      .from(importedDiscussions)
      .where(anyOf(importedDiscussions.externalId, [...new Set(externalIds)], 'text')),
  );
  return new Map(rows.map((row) => [row.externalId, row.postId]));
}

/** What a comment must know of the one it answers. */
export interface Place {
  readonly id: string;
  readonly postId: string;
  readonly depth: number;
}

/** Where comments stand that are here, by their external ids. */
export async function placesOfComments(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, Place>> {
  if (externalIds.length === 0) return new Map();
  const rows = await named(
    'imports.placesOfComments',
    db
      .select({
        externalId: comments.externalId,
        id: comments.id,
        postId: comments.postId,
        depth: comments.depth,
      })
      .from(comments)
      .where(anyOf(comments.externalId, [...new Set(externalIds)], 'text')),
  );
  return new Map(rows.map(({ externalId, ...place }) => [externalId ?? '', place]));
}

/** The columns that a record decides, besides its place. */
export const COMMENT_SOURCE = ['authorId', 'language', 'body', 'sourceHtml', 'createdAt'] as const;

/** Comments that are here, as their records would say them, by their external ids. */
export async function storedComments(db: Database, externalIds: readonly string[]) {
  const rows = await named(
    'imports.storedComments',
    db
      .select({
        externalId: comments.externalId,
        postId: comments.postId,
        parentId: comments.parentId,
        authorId: comments.authorId,
        language: comments.language,
        body: comments.body,
        sourceHtml: comments.sourceHtml,
        createdAt: comments.createdAt,
      })
      .from(comments)
      .where(anyOf(comments.externalId, externalIds, 'text')),
  );
  return new Map(rows.map((row) => [row.externalId ?? '', row]));
}

/** Comments. What was edited, deleted or moderated here stays as it is. */
export const upsertComments = (db: Database, rows: readonly (typeof comments.$inferInsert)[]) =>
  upsert(db, 'imports.upsertComments', comments, rows, {
    source: COMMENT_SOURCE,
    derived: ['bodyHtml', 'bodyText', 'rendererVersion'],
    also: sql`version = ${comments.version} + 1`,
    where: sql`${comments.state} = 'VISIBLE' and ${comments.editedAt} is null`,
  });

/** More comments on posts: an id for each comment. */
export const countComments = (db: Database, postIds: readonly string[]) =>
  db.execute(sql`/* imports.countComments */ update posts set comment_count = comment_count + new.count
    from (select id, count(*)::int from unnest(${sql.param(postIds)}::uuid[]) as id group by id) as new
    where posts.id = new.id`);

/** More replies to comments: an id for each reply. */
export const countReplies = (db: Database, parentIds: readonly string[]) =>
  db.execute(sql`/* imports.countReplies */ update comments set reply_count = reply_count + new.count
    from (select id, count(*)::int from unnest(${sql.param(parentIds)}::uuid[]) as id group by id) as new
    where comments.id = new.id`);
