import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { named, namedSql } from '../../../db/statement.js';
import { users } from '../../../db/tables/accounts.js';
import { tagFollows, userFollows } from '../../../db/tables/follows.js';
import { tags } from '../../../db/tables/tags.js';

/** Whom or what somebody follows. */
export interface FollowSubject {
  readonly type: 'User' | 'Tag';
  readonly uuid: string;
}

/** How somebody stands to a subject. */
interface Standing {
  /** Whether there is such a subject. */
  readonly exists: boolean;
  readonly follows: boolean;
  /** How many users and tags they follow. */
  readonly count: number;
}

export type FollowWriting = ReturnType<typeof createFollowWriting>;

/** The statements that write follows, within a transaction. */
export const createFollowWriting = (tx: Database) => ({
  /** Lets one change of somebody's follows wait for the other, so that none counts what the other adds. */
  hold: (followerId: string) =>
    named(
      'follows.hold',
      tx.select({ id: users.id }).from(users).where(eq(users.id, followerId)).for('no key update'),
    ),

  async standing(followerId: string, { type, uuid }: FollowSubject): Promise<Standing> {
    const [table, follows, subject] =
      type === 'User' ? [users, userFollows, userFollows.userId] : [tags, tagFollows, tagFollows.tagId];
    const [standing] = await namedSql<Standing>(
      tx,
      `follows.standingOf${type}`,
      sql`
      select
        exists (select from ${table} where ${table.id} = ${uuid}::uuid) as "exists",
        exists (select from ${follows} where ${follows.followerId} = ${followerId}::uuid and ${subject} = ${uuid}::uuid)
          as "follows",
        ((select count(*) from ${userFollows} where ${userFollows.followerId} = ${followerId}::uuid)
          + (select count(*) from ${tagFollows} where ${tagFollows.followerId} = ${followerId}::uuid))::int as "count"`,
    );
    if (standing === undefined) throw new Error('A select without a table answered nothing.');
    return standing;
  },

  add: (followerId: string, { type, uuid }: FollowSubject) =>
    type === 'User'
      ? named('follows.addUser', tx.insert(userFollows).values({ followerId, userId: uuid }))
      : named('follows.addTag', tx.insert(tagFollows).values({ followerId, tagId: uuid })),

  remove: (followerId: string, { type, uuid }: FollowSubject) =>
    type === 'User'
      ? named(
          'follows.removeUser',
          tx
            .delete(userFollows)
            .where(and(eq(userFollows.followerId, followerId), eq(userFollows.userId, uuid))),
        )
      : named(
          'follows.removeTag',
          tx.delete(tagFollows).where(and(eq(tagFollows.followerId, followerId), eq(tagFollows.tagId, uuid))),
        ),
});
