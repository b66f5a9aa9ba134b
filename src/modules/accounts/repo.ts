import type { Database } from '../../db/client.js';
import { anyOf, named } from '../../db/statement.js';
import { users } from '../../db/tables/accounts.js';

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
});
