import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { users } from '../../../db/tables/accounts.js';
import { postAuthors, posts, postTags, translationGroups } from '../../../db/tables/posts.js';
import { tags } from '../../../db/tables/tags.js';
import { groupBy } from '../../../lib/grouping.js';
import { idsByExternalId, overwrite, wasAdded } from './upsert.js';

/** Which of these slugs are in use. */
export async function takenSlugs(db: Database, slugs: readonly string[]): Promise<string[]> {
  const rows = await named(
    'imports.takenSlugs',
    db
      .select({ name: posts.slug })
      .from(posts)
      .where(anyOf(posts.slug, slugs, 'text')),
  );
  return rows.map((row) => row.name);
}

/** The slugs of posts that are here, by their external ids. */
export async function storedSlugs(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await named(
    'imports.storedSlugs',
    db
      .select({ externalId: posts.externalId, slug: posts.slug })
      .from(posts)
      .where(anyOf(posts.externalId, externalIds, 'text')),
  );
  return new Map(rows.map((row) => [row.externalId ?? '', row.slug]));
}

/** Our ids of accounts, by their external ids. */
export const userIds = (db: Database, externalIds: readonly string[]): Promise<Map<string, string>> =>
  idsByExternalId(db, users, externalIds);

/** Our ids of posts, by their external ids. */
export const postIds = (db: Database, externalIds: readonly string[]): Promise<Map<string, string>> =>
  idsByExternalId(db, posts, externalIds);

/** Posts. The slug stays what it was when the post was first loaded. */
export function upsertPosts(db: Database, rows: readonly (typeof posts.$inferInsert)[]) {
  const update = overwrite(posts, {
    title: posts.title,
    summary: posts.summary,
    language: posts.language,
    status: posts.status,
    publishedAt: posts.publishedAt,
    translationGroupId: posts.translationGroupId,
    body: posts.body,
    bodyFormat: posts.bodyFormat,
    bodyHtml: posts.bodyHtml,
    bodyText: posts.bodyText,
    rendererVersion: posts.rendererVersion,
  });
  return named(
    'imports.upsertPosts',
    db
      .insert(posts)
      .values([...rows])
      .onConflictDoUpdate({
        ...update,
        set: { ...update.set, version: sql`${posts.version} + 1`, updatedAt: sql`now()` },
      })
      .returning({ externalId: posts.externalId, added: wasAdded }),
  );
}

/** Our ids of translation groups, by their external ids; new ones are made. */
export async function translationGroupIds(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  if (externalIds.length > 0) {
    await named(
      'imports.addTranslationGroups',
      db
        .insert(translationGroups)
        .values([...new Set(externalIds)].map((externalId) => ({ externalId })))
        .onConflictDoNothing(),
    );
  }
  return idsByExternalId(db, translationGroups, externalIds);
}

/** Our ids of tags, by slug; new ones are made with the name that comes first. */
export async function tagIds(
  db: Database,
  wanted: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  if (wanted.size > 0) {
    await named(
      'imports.addTags',
      db
        .insert(tags)
        .values([...wanted].map(([slug, name]) => ({ slug, name })))
        .onConflictDoNothing(),
    );
  }
  const rows = await named(
    'imports.tagsBySlug',
    db
      .select({ id: tags.id, slug: tags.slug })
      .from(tags)
      .where(anyOf(tags.slug, [...wanted.keys()], 'text')),
  );
  return new Map(rows.map((row) => [row.slug, row.id]));
}

/** A list that hangs on a post: its authors, or its tags, by id, in order. */
export type Links = ReadonlyMap<string, readonly string[]>;

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, place) => value === other[place]);

/**
 * Makes the lists of these posts what they should be, touching only those that differ.
 *
 * @returns the posts that differed.
 */
export async function replaceLinks(
  db: Database,
  kind: 'authors' | 'tags',
  wanted: Links,
): Promise<Set<string>> {
  const linked = [...wanted.keys()];
  const stored =
    kind === 'authors'
      ? await named(
          'imports.storedAuthors',
          db
            .select({ postId: postAuthors.postId, id: postAuthors.userId })
            .from(postAuthors)
            .where(anyOf(postAuthors.postId, linked, 'uuid'))
            .orderBy(postAuthors.postId, postAuthors.position),
        )
      : await named(
          'imports.storedTags',
          db
            .select({ postId: postTags.postId, id: postTags.tagId })
            .from(postTags)
            .where(anyOf(postTags.postId, linked, 'uuid'))
            .orderBy(postTags.postId, postTags.position),
        );
  const before = groupBy(stored, (row) => row.postId);
  const different = linked.filter(
    (postId) =>
      !same(
        (before.get(postId) ?? []).map((row) => row.id),
        wanted.get(postId) ?? [],
      ),
  );
  if (different.length === 0) return new Set();

  const rows = different.flatMap((postId) =>
    (wanted.get(postId) ?? []).map((id, position) => ({ postId, position, id })),
  );
  if (kind === 'authors') {
    await named(
      'imports.removeAuthors',
      db.delete(postAuthors).where(anyOf(postAuthors.postId, different, 'uuid')),
    );
    if (rows.length > 0) {
      await named(
        'imports.addAuthors',
        db.insert(postAuthors).values(rows.map(({ id, ...row }) => ({ ...row, userId: id }))),
      );
    }
  } else {
    await named('imports.removeTags', db.delete(postTags).where(anyOf(postTags.postId, different, 'uuid')));
    if (rows.length > 0) {
      await named(
        'imports.addTagLinks',
        db.insert(postTags).values(rows.map(({ id, ...row }) => ({ ...row, tagId: id }))),
      );
    }
  }
  return new Set(different);
}
