import { and, asc, eq, lt, lte, ne, sql } from 'drizzle-orm';
import type { ApiTokenScope, Role } from '../../../auth/roles.js';
import type { Database } from '../../../db/client.js';
import { named } from '../../../db/statement.js';
import { apiTokens, sessions, users } from '../../../db/tables/accounts.js';
import { apiTokenColumns, notSuspended, userColumns } from './reading.js';

/** A session is good for so long after its last refresh. */
const SESSION_END = sql`now() + interval '30 days'`;

const isLive = sql`(${sessions.revokedAt} is null and ${sessions.expiresAt} > now())`;

/** A user to be added. */
export interface NewUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  /** Null: nobody can sign in. */
  readonly email: string | null;
  readonly role: Role;
  /** Null: no password lets anybody in. */
  readonly passwordHash: string | null;
}

export type AccountWriting = ReturnType<typeof createAccountWriting>;

/**
 * The statements that change accounts, within a transaction. The lock order is: administrators by id, the user, their
 * sessions.
 */
export const createAccountWriting = (tx: Database) => ({
  /** Nothing when the user name or the e-mail address was taken meanwhile. */
  add: (user: NewUser) =>
    named('accounts.add', tx.insert(users).values(user).onConflictDoNothing().returning(userColumns)),

  /** Holds an account as it is until the commit; others may hold it so as well. */
  holdAsItIs: (id: string) =>
    named(
      'accounts.holdAsItIs',
      tx
        .select({ ...userColumns, passwordHash: users.passwordHash })
        .from(users)
        .where(eq(users.id, id))
        .for('share'),
    ),

  /** Holds an account that is to be changed. What only refers to it goes on. */
  hold: (id: string) =>
    named('accounts.hold', tx.select(userColumns).from(users).where(eq(users.id, id)).for('no key update')),

  /** Holds all administrators who are not suspended, so that there is one whoever changes them. */
  holdAdministrators: () =>
    named(
      'accounts.holdAdministrators',
      tx
        .select({ id: users.id })
        .from(users)
        .where(and(eq(users.role, 'ADMIN'), notSuspended))
        .orderBy(asc(users.id))
        .for('no key update'),
    ),

  setRole: (id: string, role: Role) =>
    named('accounts.setRole', tx.update(users).set({ role }).where(eq(users.id, id)).returning(userColumns)),

  suspend: (id: string, until: Date | null, reason: string) =>
    named(
      'accounts.suspend',
      tx
        .update(users)
        .set({ suspendedAt: sql`now()`, suspendedUntil: until, suspensionReason: reason })
        .where(eq(users.id, id))
        .returning(userColumns),
    ),

  reinstate: (id: string) =>
    named(
      'accounts.reinstate',
      tx
        .update(users)
        .set({ suspendedAt: null, suspendedUntil: null, suspensionReason: null })
        .where(eq(users.id, id))
        .returning(userColumns),
    ),

  /** Nothing when the password was changed since its hash was read. */
  changePassword: (id: string, from: string, to: string) =>
    named(
      'accounts.changePassword',
      tx
        .update(users)
        .set({ passwordHash: to })
        .where(and(eq(users.id, id), eq(users.passwordHash, from)))
        .returning(userColumns),
    ),

  /** Whatever the password was. */
  setPassword: (id: string, passwordHash: string) =>
    named(
      'accounts.setPassword',
      tx.update(users).set({ passwordHash }).where(eq(users.id, id)).returning(userColumns),
    ),

  openSession: (id: string, userId: string, refreshDigest: Buffer) =>
    named(
      'accounts.openSession',
      tx.insert(sessions).values({ id, userId, refreshDigest, expiresAt: SESSION_END }),
    ),

  /** A session, and its user, who is held as they are until the commit. */
  holdUserOfSession: (sessionId: string) =>
    named(
      'accounts.holdUserOfSession',
      tx
        .select({
          refreshDigest: sessions.refreshDigest,
          isLive: sql<boolean>`${isLive}`,
          user: userColumns,
        })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(eq(sessions.id, sessionId))
        .for('share', { of: users }),
    ),

  /** Nothing when the refresh token is not the newest any more. */
  renewSession: (id: string, from: Buffer, to: Buffer) =>
    named(
      'accounts.renewSession',
      tx
        .update(sessions)
        .set({ refreshDigest: to, expiresAt: SESSION_END })
        .where(and(eq(sessions.id, id), eq(sessions.refreshDigest, from), isLive))
        .returning({ id: sessions.id }),
    ),

  revokeSession: (id: string) =>
    named(
      'accounts.revokeSession',
      tx
        .update(sessions)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(sessions.id, id), isLive))
        .returning({ id: sessions.id }),
    ),

  /** All sessions of a user, but for one when one is named. */
  revokeSessionsOf: (userId: string, exceptId: string | null) =>
    named(
      'accounts.revokeSessionsOf',
      tx
        .update(sessions)
        .set({ revokedAt: sql`now()` })
        .where(
          and(eq(sessions.userId, userId), isLive, exceptId === null ? undefined : ne(sessions.id, exceptId)),
        )
        .returning({ id: sessions.id }),
    ),

  addApiToken: (token: {
    readonly userId: string;
    readonly name: string;
    readonly scopes: ApiTokenScope[];
    readonly digest: Buffer;
    readonly expiresAt: Date | null;
  }) => named('accounts.addApiToken', tx.insert(apiTokens).values(token).returning(apiTokenColumns)),

  /** How many tokens a user has, those that ended included. */
  countApiTokens: (userId: string) =>
    named(
      'accounts.countApiTokens',
      tx
        .select({ count: sql<number>`count(*)::int` })
        .from(apiTokens)
        .where(eq(apiTokens.userId, userId)),
    ),

  removeApiToken: (id: string, userId: string) =>
    named(
      'accounts.removeApiToken',
      tx
        .delete(apiTokens)
        .where(and(eq(apiTokens.id, id), eq(apiTokens.userId, userId)))
        .returning(apiTokenColumns),
    ),

  removeApiTokensOf: (userId: string) =>
    named(
      'accounts.removeApiTokensOf',
      tx.delete(apiTokens).where(eq(apiTokens.userId, userId)).returning({ id: apiTokens.id }),
    ),

  /** Makes room for new ones. */
  removeEndedApiTokensOf: (userId: string) =>
    named(
      'accounts.removeEndedApiTokensOf',
      tx
        .delete(apiTokens)
        .where(and(eq(apiTokens.userId, userId), lte(apiTokens.expiresAt, sql`now()`)))
        .returning({ id: apiTokens.id }),
    ),

  /** Forgets API tokens that ended long ago; until then their user sees in the list which one it was. */
  forgetApiTokens: (most: number) => {
    const ended = tx
      .select({ id: apiTokens.id })
      .from(apiTokens)
      .where(lt(apiTokens.expiresAt, sql`now() - interval '30 days'`))
      .limit(most);
    return named(
      'accounts.forgetApiTokens',
      tx
        .delete(apiTokens)
        .where(sql`${apiTokens.id} = any(array(${ended}))`)
        .returning({ id: apiTokens.id }),
    );
  },

  /** Forgets sessions that ended long ago: their tokens are as unknown as those that never were. */
  forgetSessions: (most: number) => {
    const ended = tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(lt(sessions.expiresAt, sql`now()`))
      .orderBy(asc(sessions.expiresAt))
      .limit(most);
    return named(
      'accounts.forgetSessions',
      tx
        .delete(sessions)
        .where(sql`${sessions.id} = any(array(${ended}))`)
        .returning({ id: sessions.id }),
    );
  },
});
