import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { comments } from '../../../db/tables/comments.js';
import { importedDiscussions } from '../../../db/tables/imports.js';
import { overwrite, wasAdded } from './upsert.js';

/** Where discussions belong. */
export function upsertDiscussions(db: Database, rows: readonly (typeof importedDiscussions.$inferInsert)[]) {
  return named(
    'imports.upsertDiscussions',
    db
      .insert(importedDiscussions)
      .values([...rows])
      .onConflictDoUpdate({
        target: importedDiscussions.externalId,
        set: { postId: sql`excluded.post_id` },
        setWhere: sql`${importedDiscussions.postId} is distinct from excluded.post_id`,
      })
      .returning({ postId: importedDiscussions.postId, added: wasAdded }),
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

/** What a reply must know of the comment it answers. */
export interface Parent {
  readonly id: string;
  readonly postId: string;
  readonly depth: number;
}

/** Comments that are here, by their external ids. */
export async function storedComments(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, Parent>> {
  const rows = await named(
    'imports.storedComments',
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
  return new Map(rows.map(({ externalId, ...parent }) => [externalId ?? '', parent]));
}

/** Comments, and in the same transaction how many their posts and parents have. */
export function upsertComments(db: Database, rows: readonly (typeof comments.$inferInsert)[]) {
  const update = overwrite(comments, {
    authorId: comments.authorId,
    language: comments.language,
    body: comments.body,
    bodyFormat: comments.bodyFormat,
    sourceHtml: comments.sourceHtml,
    bodyHtml: comments.bodyHtml,
    bodyText: comments.bodyText,
    rendererVersion: comments.rendererVersion,
    createdAt: comments.createdAt,
  });
  return db.transaction(async (tx) => {
    const written = await named(
      'imports.upsertComments',
      tx
        .insert(comments)
        .values([...rows])
        .onConflictDoUpdate({
          ...update,
          set: { ...update.set, version: sql`${comments.version} + 1` },
          // What was deleted or moderated here stays as it is.
          setWhere: sql`${update.setWhere} and ${comments.state} = 'VISIBLE'`,
        })
        .returning({ postId: comments.postId, parentId: comments.parentId, added: wasAdded }),
    );
    const added = written.filter((row) => row.added);
    if (added.length > 0) {
      const parents = added.map((row) => row.parentId).filter((id) => id !== null);
      await tx.execute(sql`/* imports.countComments */ update posts set comment_count = comment_count + new.count
        from (select id, count(*)::int from unnest(${sql.param(added.map((row) => row.postId))}::uuid[]) as id group by id) as new
        where posts.id = new.id`);
      await tx.execute(sql`/* imports.countReplies */ update comments set reply_count = reply_count + new.count
        from (select id, count(*)::int from unnest(${sql.param(parents)}::uuid[]) as id group by id) as new
        where comments.id = new.id`);
    }
    return written;
  });
}
