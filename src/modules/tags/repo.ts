import { count, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.js';
import { keyset } from '../../db/keyset.js';
import { anyOf, named, readied } from '../../db/statement.js';
import { postTags } from '../../db/tables/posts.js';
import { tags } from '../../db/tables/tags.js';
import type { PageRequest } from '../../lib/paging.js';

const tagColumns = { id: tags.id, slug: tags.slug, name: tags.name };

/** A row of tags. */
export type TagRow = Pick<typeof tags.$inferSelect, keyof typeof tagColumns>;

const byPosts = readied<{ postIds: readonly string[] }, (TagRow & { postId: string })[]>(
  'tags.byPosts',
  (db) =>
    db
      .select({ postId: postTags.postId, ...tagColumns })
      .from(postTags)
      .innerJoin(tags, eq(tags.id, postTags.tagId))
      .where(anyOf(postTags.postId, sql.placeholder('postIds'), 'uuid'))
      .orderBy(postTags.postId, postTags.position),
);

export type TagRepo = ReturnType<typeof createTagRepo>;

/** The statements on tags. */
export const createTagRepo = (db: Database) => ({
  byIds: (ids: readonly string[]) =>
    named(
      'tags.byIds',
      db
        .select(tagColumns)
        .from(tags)
        .where(anyOf(tags.id, ids, 'uuid')),
    ),

  bySlugs: (slugs: readonly string[]) =>
    named(
      'tags.bySlugs',
      db
        .select(tagColumns)
        .from(tags)
        .where(anyOf(tags.slug, slugs, 'text')),
    ),

  list: (request: PageRequest) => {
    const page = keyset({ key: tags.slug, id: tags.id, type: 'text' }, request);
    return named(
      'tags.list',
      db
        .select(tagColumns)
        .from(tags)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(page.limit),
    );
  },

  count: () => named('tags.count', db.select({ count: count() }).from(tags)),

  /** The tags of posts, in the order they were given. */
  byPosts: (postIds: readonly string[]) => byPosts(db, { postIds }),
});

/**
 * Our ids of tags, in the order given; new ones are made.
 *
 * @param namesBySlug from `tagsBySlug`.
 */
export async function claimTags(
  tx: Database,
  namesBySlug: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  if (namesBySlug.size === 0) return [];
  // In the order of their slugs, so that two writers of the same new tags never wait for each other.
  const inOrder = [...namesBySlug].toSorted(([one], [other]) => (one < other ? -1 : 1));
  await named(
    'tags.add',
    tx
      .insert(tags)
      .values(inOrder.map(([slug, name]) => ({ slug, name })))
      .onConflictDoNothing(),
  );
  const rows = await createTagRepo(tx).bySlugs([...namesBySlug.keys()]);
  const ids = new Map(rows.map(({ slug, id }) => [slug, id]));
  return [...namesBySlug.keys()].flatMap((slug) => ids.get(slug) ?? []);
}
