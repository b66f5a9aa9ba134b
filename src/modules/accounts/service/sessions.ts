import { v7 } from 'uuid';
import { createRefreshToken, readRefreshToken, sameDigest } from '../../../auth/opaqueTokens.js';
import { hashPassword, isCommonPassword, verifyPassword } from '../../../auth/passwords.js';
import type { Viewer } from '../../../auth/viewer.js';
import type { Caller } from '../../../changes/caller.js';
import type { Change } from '../../../changes/change.js';
import { collectProblems, refusal } from '../../../changes/refusal.js';
import type { Database } from '../../../db/client.js';
import { topicOf } from '../../../events/topics.js';
import type { SignIn, SignUp } from '../inputs.js';
import { NEW_ROLE } from '../policy.js';
import { createAccountRepo } from '../repo/reading.js';
import { createAccountWriting } from '../repo/writing.js';
import {
  emitRevoked,
  type Granted,
  openSession,
  revokeSessions,
  type Session,
  suspensionRefusal,
  tokensFor,
} from './granting.js';
import { type AccountParts, createTrying } from './trying.js';

/** The same for an address that nobody has, an account without a password, and a wrong password. */
const wrongCredentials = () => refusal('INVALID', 'The e-mail address or the password is wrong.');

/** The same for a token that is unknown, used, revoked or over. */
const tokenOver = () =>
  refusal('EXPIRED', 'This refresh token is not good any more. Sign in again.', 'refreshToken');

export const COMMON_PASSWORD = 'One of the 10,000 most common passwords. Choose another one.';

/** A refresh token came that is not the newest: somebody has a copy, and nobody can tell who. */
class ReusedToken extends Error {
  readonly userId: string;

  constructor(userId: string) {
    super('A refresh token was used twice.');
    this.userId = userId;
  }
}

/** How sessions begin, go on and end. */
export function createSessionService(parts: AccountParts) {
  const { changes, accessTokens } = parts;
  const tryThen = createTrying(parts);

  const renew = async (change: Change, sessionId: string, digest: Buffer): Promise<Granted> => {
    const writing = createAccountWriting(change.tx);
    const [held] = await writing.holdUserOfSession(sessionId);
    if (held === undefined) throw tokenOver();
    const { user, isLive } = held;
    change.authorise('SESSION_OPEN', { type: 'Session', id: sessionId, isOwn: true, userId: user.id });
    const isNewest = sameDigest(held.refreshDigest, digest);
    // Suspending ended the session; whoever holds its newest token is the user, and may know why.
    if (isNewest) {
      const suspended = suspensionRefusal(user);
      if (suspended) throw suspended;
    }
    if (!isLive) throw tokenOver();
    const next = createRefreshToken(sessionId);
    const renewed = isNewest ? await writing.renewSession(sessionId, digest, next.digest) : [];
    if (renewed.length === 0) throw new ReusedToken(user.id);
    change.emit({
      topic: topicOf.user(user.id),
      type: 'session.renewed',
      payload: { userId: user.id, sessionId },
    });
    return { session: await tokensFor(accessTokens, user.id, sessionId, next.token), viewer: user };
  };

  return {
    /** Makes an account and a session for it. */
    async signUp(caller: Caller, { email, username, name, password }: SignUp): Promise<Granted> {
      const isCommon = await isCommonPassword(password);
      const refuse = (taken: readonly { isUsername: boolean; isEmail: boolean }[]): void => {
        const problems = collectProblems();
        if (taken.some(({ isEmail }) => isEmail)) {
          problems.add('TAKEN', 'There is an account with this e-mail address.', 'email');
        }
        if (taken.some(({ isUsername }) => isUsername)) {
          problems.add('TAKEN', 'Somebody has this user name.', 'username');
        }
        if (isCommon) problems.add('INVALID', COMMON_PASSWORD, 'password');
        problems.refuse();
      };
      // Answers that an e-mail address is taken count like wrong passwords: they tell as much. They do not count against its
      // account, unless a key of the client's could make of them a try at its password.
      const account = caller.once && { account: email.toLowerCase() };
      const look = async (db: Database) => {
        const taken = await createAccountRepo(db).taken(username, email);
        const isFree = taken.length === 0 && !isCommon;
        const passwordHash = isFree ? await hashPassword(password) : '';
        return { isRight: !taken.some(({ isEmail }) => isEmail), found: { taken, passwordHash } };
      };
      return tryThen(caller, { ...account, address: caller.address }, look, async (change, { found }) => {
        const { taken, passwordHash } = found;
        refuse(taken);
        const id = v7();
        const [user] = await createAccountWriting(change.tx).add({
          id,
          username,
          name,
          email,
          passwordHash,
          role: NEW_ROLE,
        });
        if (user === undefined) {
          // Somebody was faster, between the look and the insert.
          refuse(await createAccountRepo(change.tx).taken(username, email));
          throw new Error('An account was refused, and nothing stands in its way.');
        }
        change.emit({
          topic: topicOf.user(id),
          type: 'user.created',
          payload: { userId: id, role: user.role },
        });
        return openSession(change, accessTokens, user);
      });
    },

    /** Opens a session for whoever knows the password. */
    signIn: (caller: Caller, { email, password }: SignIn): Promise<Granted> =>
      tryThen(
        caller,
        { account: email.toLowerCase(), address: caller.address },
        async (db) => {
          const [found] = await createAccountRepo(db).credentialsByEmail(email);
          return { isRight: await verifyPassword(found?.passwordHash ?? null, password), found };
        },
        async (change, { isRight, found }) => {
          if (!isRight || found === undefined) throw wrongCredentials();
          const [user] = await createAccountWriting(change.tx).holdAsItIs(found.id);
          if (user === undefined || user.passwordHash !== found.passwordHash) throw wrongCredentials();
          const { passwordHash: _, ...row } = user;
          const suspended = suspensionRefusal(row);
          if (suspended) throw suspended;
          return openSession(change, accessTokens, row);
        },
      ),

    /** Exchanges the newest refresh token of a session; any other one of it ends the session. */
    async refresh(caller: Caller, { refreshToken }: { refreshToken: string }): Promise<Granted> {
      const given = readRefreshToken(refreshToken);
      if (given === undefined) throw tokenOver();
      try {
        return await changes.run(caller, (change) => renew(change, given.sessionId, given.digest));
      } catch (error) {
        if (!(error instanceof ReusedToken)) throw error;
        // A change of its own, because the refusal undoes the first one; without the client's key, which it did not use.
        const { once: _, ...unkeyed } = caller;
        await changes.run(unkeyed, async (change) => {
          const writing = createAccountWriting(change.tx);
          await writing.holdAsItIs(error.userId);
          emitRevoked(change, error.userId, await writing.revokeSession(given.sessionId));
        });
        throw tokenOver();
      }
    },

    /** Whom a session that was answered before speaks for by now; undefined when it is over. */
    async speaksFor({ refreshToken }: Session, userId: string): Promise<Viewer | undefined> {
      const sessionId = readRefreshToken(refreshToken)?.sessionId;
      if (sessionId === undefined) return undefined;
      const [user] = await createAccountRepo(parts.db).userOfSession(sessionId, userId);
      return user && { ...user, sessionId, scopes: 'ALL' };
    },

    /** Ends a session, or with its newest refresh token all of the account. One that is over is over. */
    signOut: (
      caller: Caller,
      { refreshToken, everywhere }: { refreshToken: string; everywhere: boolean },
    ): Promise<object> =>
      changes.run(caller, async (change) => {
        const given = readRefreshToken(refreshToken);
        if (given === undefined) return {};
        const writing = createAccountWriting(change.tx);
        const [held] = await writing.holdUserOfSession(given.sessionId);
        if (held === undefined || !held.isLive) return {};
        const { id: userId } = held.user;
        change.authorise('SESSION_OPEN', { type: 'Session', id: given.sessionId, isOwn: true, userId });
        if (everywhere && sameDigest(held.refreshDigest, given.digest)) {
          await revokeSessions(change, writing, userId);
        } else {
          emitRevoked(change, userId, await writing.revokeSession(given.sessionId));
        }
        return {};
      }),
  };
}
