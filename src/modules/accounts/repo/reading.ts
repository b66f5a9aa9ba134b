import { and, asc, desc, eq, gt, sql } from 'drizzle-orm';
import type { Role } from '../../../auth/roles.js';
import type { Database } from '../../../db/client.js';
import { anyOf, named, readied, readiedFor } from '../../../db/statement.js';
import { apiTokens, sessions, users } from '../../../db/tables/accounts.js';
import { postAuthors } from '../../../db/tables/posts.js';

/** The columns of a {@link UserRow}. */
export const userColumns = {
  id: users.id,
  username: users.username,
  name: users.name,
  role: users.role,
  email: users.email,
  createdAt: users.createdAt,
  suspendedAt: users.suspendedAt,
  suspendedUntil: users.suspendedUntil,
  suspensionReason: users.suspensionReason,
};

/** A row of users; never with the hash of the password. */
export type UserRow = Pick<typeof users.$inferSelect, keyof typeof userColumns>;

/** All columns of users, or those that by-lines show. */
export type UserColumns = 'ALL' | 'BY_LINE';

const byLineColumns = { id: users.id, username: users.username, name: users.name };

/** The columns themselves. What is not read is not there, whatever the type says: nobody asked for it. */
export const userColumnsOf = (columns: UserColumns): typeof userColumns =>
  columns === 'ALL' ? userColumns : (byLineColumns as typeof userColumns);

/** The columns of an {@link ApiTokenRow}. */
export const apiTokenColumns = {
  id: apiTokens.id,
  userId: apiTokens.userId,
  name: apiTokens.name,
  scopes: apiTokens.scopes,
  createdAt: apiTokens.createdAt,
  expiresAt: apiTokens.expiresAt,
};

/** A row of api_tokens; never with the digest. */
export type ApiTokenRow = Pick<typeof apiTokens.$inferSelect, keyof typeof apiTokenColumns>;

/** Not suspended, or no longer: `suspensionOf` in policy.ts says the same of rows. */
export const notSuspended = sql`(${users.suspendedAt} is null or ${users.suspendedUntil} <= now())`;

const userOfSession = readied<{ sessionId: string; userId: string }, { userId: string; role: Role }[]>(
  'accounts.userOfSession',
  (db) =>
    db
      .select({ userId: users.id, role: users.role })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(
        and(
          eq(sessions.id, sql.placeholder('sessionId')),
          eq(sessions.userId, sql.placeholder('userId')),
          sql`${sessions.revokedAt} is null and ${sessions.expiresAt} > now()`,
          notSuspended,
        ),
      ),
);

const byIds = readiedFor<UserColumns, { ids: readonly string[] }, UserRow[]>(
  'accounts.byIds',
  (db, columns) =>
    db
      .select(userColumnsOf(columns))
      .from(users)
      .where(anyOf(users.id, sql.placeholder('ids'), 'uuid')),
);

const byPosts = readiedFor<UserColumns, { postIds: readonly string[] }, (UserRow & { postId: string })[]>(
  'accounts.byPosts',
  (db, columns) =>
    db
      .select({ postId: postAuthors.postId, ...userColumnsOf(columns) })
      .from(postAuthors)
      .innerJoin(users, eq(users.id, postAuthors.userId))
      .where(anyOf(postAuthors.postId, sql.placeholder('postIds'), 'uuid'))
      .orderBy(postAuthors.postId, postAuthors.position),
);

export type AccountRepo = ReturnType<typeof createAccountRepo>;

/** The statements that read accounts. */
export const createAccountRepo = (db: Database) => ({
  byIds: (ids: readonly string[], columns: UserColumns = 'ALL') => byIds(db, columns, { ids }),

  byUsernames: (usernames: readonly string[]) =>
    named(
      'accounts.byUsernames',
      db
        .select(userColumns)
        .from(users)
        .where(anyOf(users.username, usernames, 'text')),
    ),

  /** The authors of posts, in the order of the by-line. */
  byPosts: (postIds: readonly string[], columns: UserColumns) => byPosts(db, columns, { postIds }),

  /** The API tokens of users, newest first. */
  apiTokensOf: (userIds: readonly string[]) =>
    named(
      'accounts.apiTokensOf',
      db
        .select(apiTokenColumns)
        .from(apiTokens)
        .where(anyOf(apiTokens.userId, userIds, 'uuid'))
        .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id)),
    ),

  /** What is needed to check a password; `email` in any case. */
  credentialsByEmail: (email: string) =>
    named(
      'accounts.credentialsByEmail',
      db
        .select({ id: users.id, passwordHash: users.passwordHash })
        .from(users)
        .where(eq(sql`lower(${users.email})`, sql`lower(${email})`)),
    ),

  credentialsById: (id: string) =>
    named(
      'accounts.credentialsById',
      db.select({ email: users.email, passwordHash: users.passwordHash }).from(users).where(eq(users.id, id)),
    ),

  /** Whether somebody has this user name (in its stored form), or this e-mail address (in any case). */
  taken: (username: string, email: string) =>
    named(
      'accounts.taken',
      db
        .select({
          isUsername: sql<boolean>`${users.username} = ${username}`,
          isEmail: sql<boolean>`coalesce(lower(${users.email}) = lower(${email}), false)`,
        })
        .from(users)
        .where(sql`${users.username} = ${username} or lower(${users.email}) = lower(${email})`),
    ),

  /** Accounts in the order of their names, from behind one. */
  list: (after: string, limit: number) =>
    named(
      'accounts.list',
      db
        .select(userColumns)
        .from(users)
        .where(gt(users.username, after))
        .orderBy(asc(users.username))
        .limit(limit),
    ),

  /** Whom a session speaks for, as long as it lasts and its user is not suspended. */
  userOfSession: (sessionId: string, userId: string) => userOfSession(db, { sessionId, userId }),

  /** Whom an API token speaks for, and what it may do, as long as it lasts and its user is not suspended. */
  userOfApiToken: (digest: Buffer) =>
    named(
      'accounts.userOfApiToken',
      db
        .select({
          userId: users.id,
          role: users.role,
          scopes: apiTokens.scopes,
          apiTokenId: apiTokens.id,
          expiresAt: apiTokens.expiresAt,
        })
        .from(apiTokens)
        .innerJoin(users, eq(users.id, apiTokens.userId))
        .where(
          and(
            eq(apiTokens.digest, digest),
            sql`(${apiTokens.expiresAt} is null or ${apiTokens.expiresAt} > now())`,
            notSuspended,
          ),
        ),
    ),
});
