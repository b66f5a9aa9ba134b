import { and, eq, exists, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import { named } from '../../../db/statement.js';
import { postAuthors, posts } from '../../../db/tables/posts.js';
import type { PageRequest } from '../../../lib/paging.js';
import { postColumns, type PostRow } from './reading.js';

/** Which posts of the list of unpublished ones. */
export interface UnpublishedFilter {
  /** Only those whose by-line names this user; null: everybody's. */
  readonly userId: string | null;
  /** Null: all. */
  readonly statuses: readonly PostRow['status'][] | null;
}

/** The statements on posts that readers don't find. */
export const createUnpublishedRepo = (db: Database) => {
  const matches = ({ userId, statuses }: UnpublishedFilter): SQL | undefined =>
    and(
      isNull(posts.listedAt),
      statuses === null ? undefined : sql`${posts.status} = any(${sql.param(statuses)}::post_status[])`,
      userId === null
        ? undefined
        : exists(
            db
              .select({ one: sql`1` })
              .from(postAuthors)
              // The copy of listed_at: of all the posts of an author, the index answers the unpublished ones.
              .where(
                and(
                  eq(postAuthors.postId, posts.id),
                  eq(postAuthors.userId, userId),
                  isNull(postAuthors.listedAt),
                ),
              ),
          ),
    );

  return {
    list: (filter: UnpublishedFilter, request: PageRequest): Promise<PostRow[]> => {
      const page = keyset({ key: posts.updatedAt, id: posts.id, type: 'moment', descending: true }, request);
      return named(
        'posts.unpublished',
        db
          .select(postColumns)
          .from(posts)
          .where(and(matches(filter), page.where))
          .orderBy(...page.orderBy)
          .limit(page.limit),
      );
    },

    count: (filter: UnpublishedFilter) =>
      named(
        'posts.countUnpublished',
        db
          .select({ count: sql<number>`count(*)::int` })
          .from(posts)
          .where(matches(filter)),
      ),
  };
};
