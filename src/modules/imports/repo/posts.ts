import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { postAuthors, posts, postSlugs, postTags, translationGroups } from '../../../db/tables/posts.js';
import { tags } from '../../../db/tables/tags.js';
import { idsByExternalId, upsert } from './upsert.js';

/** Which of these slugs posts have or had. */
export async function takenSlugs(db: Database, slugs: readonly string[]): Promise<string[]> {
  const rows = await named(
    'imports.takenSlugs',
    db
      .select({ name: postSlugs.slug })
      .from(postSlugs)
      .where(anyOf(postSlugs.slug, slugs, 'text')),
  );
  return rows.map((row) => row.name);
}

/** Our ids of posts, by their external ids. */
export const postIds = (db: Database, externalIds: readonly string[]): Promise<Map<string, string>> =>
  idsByExternalId(db, posts, externalIds);

/** The ids and slugs of posts that are here, by their external ids. */
export async function idsAndSlugs(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, { readonly id: string; readonly slug: string }>> {
  const rows = await named(
    'imports.idsAndSlugs',
    db
      .select({ externalId: posts.externalId, id: posts.id, slug: posts.slug })
      .from(posts)
      .where(anyOf(posts.externalId, externalIds, 'text')),
  );
  return new Map(rows.map(({ externalId, ...post }) => [externalId ?? '', post]));
}

/** Archived here, or once published and taken back: an import does not undo that. */
const takenDown = sql`(${posts.status} = 'ARCHIVED' or (${posts.firstPublishedAt} is not null and ${posts.status} <> 'PUBLISHED'))`;

/** Posts that are here, as their records would say them, by their external ids. */
export async function storedPosts(db: Database, externalIds: readonly string[]) {
  const rows = await named(
    'imports.storedPosts',
    db
      .select({
        externalId: posts.externalId,
        title: posts.title,
        summary: posts.summary,
        language: posts.language,
        status: posts.status,
        /** Readers knew it, and somebody here took it from them. */
        isTakenDown: sql<boolean>`${takenDown}`,
        publishedAt: posts.publishedAt,
        translationGroup: translationGroups.externalId,
        format: posts.bodyFormat,
        body: posts.body,
        authorIds: sql<string[]>`array(select ${postAuthors.userId} from ${postAuthors}
          where ${postAuthors.postId} = ${posts.id} order by ${postAuthors.position})`,
        tagSlugs: sql<
          string[]
        >`array(select ${tags.slug} from ${postTags} join ${tags} on ${tags.id} = ${postTags.tagId}
          where ${postTags.postId} = ${posts.id} order by ${postTags.position})`,
      })
      .from(posts)
      .leftJoin(translationGroups, eq(translationGroups.id, posts.translationGroupId))
      .where(anyOf(posts.externalId, externalIds, 'text')),
  );
  return new Map(rows.map(({ externalId, ...post }) => [externalId ?? '', post]));
}

/** Posts. The slug stays what it was when the post was first loaded, and a post that was taken down here stays as it is. */
export const upsertPosts = (db: Database, rows: readonly (typeof posts.$inferInsert)[]) =>
  upsert(db, 'imports.upsertPosts', posts, rows, {
    source: [
      'title',
      'summary',
      'language',
      'status',
      'publishedAt',
      'translationGroupId',
      'body',
      'bodyFormat',
    ],
    derived: ['bodyHtml', 'bodyText', 'rendererVersion'],
    also: sql`version = ${posts.version} + 1, updated_at = now()`,
    where: sql`not ${takenDown}`,
  });

/** A change of what hangs on posts is a change of the posts. */
export const bumpVersions = (db: Database, ids: readonly string[]) =>
  named(
    'imports.bumpVersions',
    db
      .update(posts)
      .set({ version: sql`${posts.version} + 1`, updatedAt: sql`now()` })
      .where(anyOf(posts.id, ids, 'uuid')),
  );

/** Our ids of translation groups, by their external ids; new ones are made. */
export async function translationGroupIds(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  if (externalIds.length === 0) return new Map();
  await named(
    'imports.addTranslationGroups',
    db
      .insert(translationGroups)
      .values([...new Set(externalIds)].map((externalId) => ({ externalId })))
      .onConflictDoNothing(),
  );
  return idsByExternalId(db, translationGroups, externalIds);
}
