import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { users } from '../../../db/tables/accounts.js';
import { overwrite, wasAdded } from './upsert.js';

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
export async function storedUsers(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await named(
    'imports.storedUsers',
    db
      .select({ externalId: users.externalId, username: users.username })
      .from(users)
      .where(anyOf(users.externalId, externalIds, 'text')),
  );
  return new Map(rows.map((row) => [row.externalId ?? '', row.username]));
}

/** Accounts without credentials. One that its owner has claimed keeps the owner's name. */
export function upsertUsers(db: Database, rows: readonly (typeof users.$inferInsert)[]) {
  const update = overwrite(users, { name: users.name });
  return named(
    'imports.upsertUsers',
    db
      .insert(users)
      .values([...rows])
      .onConflictDoUpdate({ ...update, setWhere: sql`${update.setWhere} and ${users.email} is null` })
      .returning({ added: wasAdded }),
  );
}
