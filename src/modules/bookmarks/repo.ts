import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.js';
import { keyset } from '../../db/keyset.js';
import { anyOf, columnsOf, listParentId, listParents, named } from '../../db/statement.js';
import { bookmarks } from '../../db/tables/bookmarks.js';
import { postAuthors, posts } from '../../db/tables/posts.js';
import type { PageRequest } from '../../lib/paging.js';
import { postColumns } from '../posts/public.js';

/** The statements on bookmarks. */
export const createBookmarkRepo = (db: Database) => ({
  /** Which of these posts a user keeps. */
  among: (userId: string, postIds: readonly string[]) =>
    named(
      'bookmarks.among',
      db
        .select({ id: bookmarks.postId })
        .from(bookmarks)
        .where(and(eq(bookmarks.userId, userId), anyOf(bookmarks.postId, postIds, 'uuid'))),
    ),

  /** For each user a page of the posts they keep, last kept first, as far as they are published. */
  byUsers: (userIds: readonly string[], request: PageRequest) => {
    const page = keyset(
      { key: bookmarks.createdAt, id: bookmarks.postId, type: 'moment', descending: true },
      request,
    );
    const rows = db
      .select({
        keptAt: sql<Date>`${bookmarks.createdAt}`.mapWith(bookmarks.createdAt).as('kept_at'),
        ...postColumns,
      })
      .from(bookmarks)
      .innerJoin(posts, eq(posts.id, bookmarks.postId))
      .where(and(eq(bookmarks.userId, listParentId), isNotNull(posts.listedAt), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .as('page');
    return named(
      'bookmarks.byUsers',
      db
        .select({ listParentId, ...columnsOf(rows) })
        .from(listParents(userIds))
        .crossJoinLateral(rows)
        .orderBy(...page.outerOrder(sql`${rows.keptAt}`, rows.id)),
    );
  },

  /** How many published posts each user keeps. */
  countByUsers: (userIds: readonly string[]) => {
    // Each by its key: joined, a million posts were all read for a user who kept 50,000, and then for everybody.
    const published = db
      .select({ one: sql`1`.as('one') })
      .from(posts)
      .where(and(eq(posts.id, bookmarks.postId), isNotNull(posts.listedAt)))
      .limit(1)
      .as('published');
    return named(
      'bookmarks.countByUsers',
      db
        .select({ listParentId: sql<string>`${bookmarks.userId}`, count: sql<number>`count(*)::int` })
        .from(bookmarks)
        .crossJoinLateral(published)
        .where(anyOf(bookmarks.userId, userIds, 'uuid'))
        .groupBy(bookmarks.userId),
    );
  },

  /** What decides whether a user may keep a post. */
  postToKeep: (postId: string, userId: string | null) =>
    named(
      'bookmarks.postToKeep',
      db
        .select({
          status: posts.status,
          isOwn: sql<boolean>`exists (select from ${postAuthors} where ${postAuthors.postId} = ${posts.id} and ${postAuthors.userId} = ${userId}::uuid)`,
        })
        .from(posts)
        .where(eq(posts.id, postId))
        // So that it is not deleted meanwhile.
        .for('key share', { of: posts }),
    ),

  /** @returns the bookmark; nothing when the user keeps the post already. */
  add: (userId: string, postId: string) =>
    named(
      'bookmarks.add',
      db
        .insert(bookmarks)
        .values({ userId, postId })
        .onConflictDoNothing()
        .returning({ postId: bookmarks.postId }),
    ),

  /** @returns what was the bookmark; nothing when the user did not keep the post. */
  remove: (userId: string, postId: string) =>
    named(
      'bookmarks.remove',
      db
        .delete(bookmarks)
        .where(and(eq(bookmarks.userId, userId), eq(bookmarks.postId, postId)))
        .returning({ postId: bookmarks.postId }),
    ),
});
