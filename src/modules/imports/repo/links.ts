import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { postAuthors, postTags } from '../../../db/tables/posts.js';
import { tags } from '../../../db/tables/tags.js';
import { groupBy } from '../../../lib/grouping.js';

/** Our ids of tags, by slug; new ones are made with the name that comes first. */
export async function tagIds(
  db: Database,
  wanted: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  if (wanted.size === 0) return new Map();
  // In the order of their slugs, as posts are given new tags: two writers of the same ones never wait for each other.
  const inOrder = [...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1));
  await named(
    'imports.addTags',
    db
      .insert(tags)
      .values(inOrder.map(([slug, name]) => ({ slug, name })))
      .onConflictDoNothing(),
  );
  const rows = await named(
    'imports.tagsBySlug',
    db
      .select({ id: tags.id, slug: tags.slug })
      .from(tags)
      .where(anyOf(tags.slug, [...wanted.keys()], 'text')),
  );
  return new Map(rows.map((row) => [row.slug, row.id]));
}

interface Link {
  readonly postId: string;
  readonly position: number;
  readonly id: string;
}

/** What hangs on a post in an order: its authors, or its tags. */
interface LinkTable {
  stored(db: Database, postIds: readonly string[]): Promise<readonly { postId: string; id: string }[]>;
  remove(db: Database, postIds: readonly string[]): Promise<unknown>;
  add(db: Database, links: readonly Link[]): Promise<unknown>;
}

const LINK_TABLES: Readonly<Record<'authors' | 'tags', LinkTable>> = {
  authors: {
    stored: (db, postIds) =>
      named(
        'imports.storedAuthors',
        db
          .select({ postId: postAuthors.postId, id: postAuthors.userId })
          .from(postAuthors)
          .where(anyOf(postAuthors.postId, postIds, 'uuid'))
          .orderBy(postAuthors.postId, postAuthors.position),
      ),
    remove: (db, postIds) =>
      named(
        'imports.removeAuthors',
        db.delete(postAuthors).where(anyOf(postAuthors.postId, postIds, 'uuid')),
      ),
    add: (db, links) =>
      named(
        'imports.addAuthors',
        db.insert(postAuthors).values(links.map(({ id, ...link }) => ({ ...link, userId: id }))),
      ),
  },
  tags: {
    stored: (db, postIds) =>
      named(
        'imports.storedTags',
        db
          .select({ postId: postTags.postId, id: postTags.tagId })
          .from(postTags)
          .where(anyOf(postTags.postId, postIds, 'uuid'))
          .orderBy(postTags.postId, postTags.position),
      ),
    remove: (db, postIds) =>
      named('imports.removeTags', db.delete(postTags).where(anyOf(postTags.postId, postIds, 'uuid'))),
    add: (db, links) =>
      named(
        'imports.addTagLinks',
        db.insert(postTags).values(links.map(({ id, ...link }) => ({ ...link, tagId: id }))),
      ),
  },
};

/** Ids in order, by the post they hang on. */
export type Links = ReadonlyMap<string, readonly string[]>;

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, place) => value === other[place]);

/**
 * Makes the authors or tags of these posts what they should be, touching only posts where they differ.
 *
 * @returns the posts that differed.
 */
export async function replaceLinks(
  db: Database,
  kind: keyof typeof LINK_TABLES,
  wanted: Links,
): Promise<readonly string[]> {
  const table = LINK_TABLES[kind];
  const before = groupBy(await table.stored(db, [...wanted.keys()]), (row) => row.postId);
  const different = [...wanted].filter(
    ([postId, ids]) =>
      !same(
        (before.get(postId) ?? []).map((row) => row.id),
        ids,
      ),
  );
  if (different.length === 0) return [];

  const postIds = different.map(([postId]) => postId);
  if (before.size > 0) await table.remove(db, postIds);
  const links = different.flatMap(([postId, ids]) => ids.map((id, position) => ({ postId, position, id })));
  if (links.length > 0) await table.add(db, links);
  return postIds;
}
