import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.js';
import { anyOf, named } from '../../db/statement.js';
import { users } from '../../db/tables/accounts.js';
import { postAuthors } from '../../db/tables/posts.js';

const userColumns = {
  id: users.id,
  username: users.username,
  name: users.name,
  role: users.role,
  email: users.email,
  createdAt: users.createdAt,
};

/** A row of users. */
export type UserRow = Pick<typeof users.$inferSelect, keyof typeof userColumns>;

export type AccountRepo = ReturnType<typeof createAccountRepo>;

/** The statements on accounts. */
export const createAccountRepo = (db: Database) => ({
  byIds: (ids: readonly string[]) =>
    named(
      'accounts.byIds',
      db
        .select(userColumns)
        .from(users)
        .where(anyOf(users.id, ids, 'uuid')),
    ),

  byUsernames: (usernames: readonly string[]) =>
    named(
      'accounts.byUsernames',
      db
        .select(userColumns)
        .from(users)
        .where(anyOf(users.username, usernames, 'text')),
    ),

  /** The authors of posts, in the order of the by-line. */
  byPosts: (postIds: readonly string[]) =>
    named(
      'accounts.byPosts',
      db
        .select({ postId: postAuthors.postId, ...userColumns })
        .from(postAuthors)
        .innerJoin(users, eq(users.id, postAuthors.userId))
        .where(anyOf(postAuthors.postId, postIds, 'uuid'))
        .orderBy(postAuthors.postId, postAuthors.position),
    ),
});
