import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { type PgColumn, union } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import { anyOf, columnsOf, listParentId, listParents, named } from '../../../db/statement.js';
import { tagFollows, userFollows } from '../../../db/tables/follows.js';
import { postAuthors, posts, postTags } from '../../../db/tables/posts.js';
import type { PageRequest } from '../../../lib/paging.js';
import { postColumns } from '../../posts/public.js';

/** A table of follows, the column that says what is followed, and where the posts of what is followed are listed. */
const FOLLOWS = {
  users: {
    table: userFollows,
    subject: userFollows.userId,
    listing: postAuthors,
    listedBy: postAuthors.userId,
  },
  tags: { table: tagFollows, subject: tagFollows.tagId, listing: postTags, listedBy: postTags.tagId },
} as const;

/** What is followed: users or tags. */
export type FollowedKind = keyof typeof FOLLOWS;

export type FollowRepo = ReturnType<typeof createFollowRepo>;

/** The statements that read follows, and the posts that they lead to. */
export const createFollowRepo = (db: Database) => {
  const followerIs = (follower: PgColumn) => eq(follower, listParentId);

  /** For the follower at hand: the part of the page that each followed user or tag has to offer. */
  const offered = (kind: FollowedKind, request: PageRequest) => {
    const { table, subject, listing, listedBy } = FOLLOWS[kind];
    const page = keyset(
      { key: listing.listedAt, id: listing.postId, type: 'moment', descending: true },
      request,
    );
    const range = db
      .select({ listedAt: listing.listedAt, postId: listing.postId })
      .from(listing)
      .where(and(eq(listedBy, subject), isNotNull(listing.listedAt), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .as('range');
    return db
      .select(columnsOf(range))
      .from(table)
      .crossJoinLateral(range)
      .where(followerIs(table.followerId));
  };

  /** For the follower at hand: all posts of all that they follow, those of several once. */
  const followed = (kind: FollowedKind) => {
    const { table, subject, listing, listedBy } = FOLLOWS[kind];
    return db
      .select({ postId: listing.postId })
      .from(table)
      .innerJoin(listing, eq(listedBy, subject))
      .where(and(followerIs(table.followerId), isNotNull(listing.listedAt)));
  };

  return {
    /** Which of these users or tags somebody follows. */
    among: (kind: FollowedKind, followerId: string, subjectIds: readonly string[]) => {
      const { table, subject } = FOLLOWS[kind];
      return named(
        `follows.${kind}Among`,
        db
          .select({ id: sql<string>`${subject}` })
          .from(table)
          .where(and(eq(table.followerId, followerId), anyOf(subject, subjectIds, 'uuid'))),
      );
    },

    /** For each follower a page of the users or tags they follow, last followed first: at most 1,000 are sorted. */
    pages: (kind: FollowedKind, followerIds: readonly string[], request: PageRequest) => {
      const { table, subject } = FOLLOWS[kind];
      const page = keyset({ key: table.createdAt, id: subject, type: 'moment', descending: true }, request);
      const rows = db
        .select({ subjectId: sql<string>`${subject}`.as('subject_id'), followedAt: table.createdAt })
        .from(table)
        .where(and(followerIs(table.followerId), page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit)
        .as('page');
      return named(
        `follows.${kind}`,
        db
          .select({ listParentId, ...columnsOf(rows) })
          .from(listParents(followerIds))
          .crossJoinLateral(rows)
          .orderBy(...page.outerOrder(rows.followedAt, sql`${rows.subjectId}`)),
      );
    },

    /** How many users or tags each follower follows. */
    counts: (kind: FollowedKind, followerIds: readonly string[]) => {
      const { table } = FOLLOWS[kind];
      return named(
        `follows.${kind}Count`,
        db
          .select({ listParentId: sql<string>`${table.followerId}`, count: sql<number>`count(*)::int` })
          .from(table)
          .where(anyOf(table.followerId, followerIds, 'uuid'))
          .groupBy(table.followerId),
      );
    },

    /**
     * For each follower a page of the posts they follow, newest first, each once. Every followed user and tag costs one
     * range of a listing index and offers no more than a page, so it does not matter how many posts there are.
     */
    feeds: (followerIds: readonly string[], request: PageRequest) => {
      const order = keyset({ key: posts.listedAt, id: posts.id, type: 'moment', descending: true }, request);
      const [newest, last] = order.outerOrder(sql`listed_at`, sql`post_id`);
      const listing = union(offered('users', request), offered('tags', request))
        .orderBy(newest, last)
        .limit(order.limit)
        .as('listing');
      const rows = db
        .select(postColumns)
        .from(listing)
        .innerJoin(posts, eq(posts.id, listing.postId))
        .as('page');
      return named(
        'follows.feeds',
        db
          .select({ listParentId, ...columnsOf(rows) })
          .from(listParents(followerIds))
          .crossJoinLateral(rows)
          .orderBy(...order.outerOrder(rows.listedAt, rows.id)),
      );
    },

    /** How many posts each follower follows. */
    countFeeds: (followerIds: readonly string[]) => {
      const all = union(followed('users'), followed('tags')).as('followed');
      const counted = db
        .select({ count: sql<number>`count(*)::int`.as('count') })
        .from(all)
        .as('counted');
      return named(
        'follows.countFeeds',
        db
          .select({ listParentId, count: counted.count })
          .from(listParents(followerIds))
          .crossJoinLateral(counted),
      );
    },
  };
};
