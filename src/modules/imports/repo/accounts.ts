import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { users } from '../../../db/tables/accounts.js';
import { idsByExternalId, upsert } from './upsert.js';

/** Our ids of accounts, by their external ids. */
export const userIds = (db: Database, externalIds: readonly string[]): Promise<Map<string, string>> =>
  idsByExternalId(db, users, externalIds);

/** Which of these user names are in use. */
export async function takenUsernames(db: Database, usernames: readonly string[]): Promise<string[]> {
  const rows = await named(
    'imports.takenUsernames',
    db
      .select({ name: users.username })
      .from(users)
      .where(anyOf(users.username, usernames, 'text')),
  );
  return rows.map((row) => row.name);
}

/** The user names of accounts that are here, by their external ids. */
export async function storedUsernames(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await named(
    'imports.storedUsernames',
    db
      .select({ externalId: users.externalId, username: users.username })
      .from(users)
      .where(anyOf(users.externalId, externalIds, 'text')),
  );
  return new Map(rows.map((row) => [row.externalId ?? '', row.username]));
}

/**
 * Accounts without credentials. One that its owner has claimed keeps the owner's name, and one that has another role
 * here keeps its name as well: the same id among the authors and among those who comment is one account, an author's.
 */
export const upsertUsers = (db: Database, rows: readonly (typeof users.$inferInsert)[]) =>
  upsert(db, 'imports.upsertUsers', users, rows, {
    source: ['name'],
    where: sql`${users.email} is null and ${users.role} = excluded.role`,
  });
