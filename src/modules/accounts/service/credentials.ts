import { createApiToken } from '../../../auth/opaqueTokens.js';
import { hashPassword, isCommonPassword, verifyPassword } from '../../../auth/passwords.js';
import type { SignedInViewer, Viewer } from '../../../auth/viewer.js';
import type { Caller } from '../../../changes/caller.js';
import { collectProblems, noSuch, refusal } from '../../../changes/refusal.js';
import { topicOf } from '../../../events/topics.js';
import type { ChangePassword, CreateApiToken } from '../inputs.js';
import { type ApiTokenRow, createAccountRepo, type UserRow } from '../repo/reading.js';
import { createAccountWriting } from '../repo/writing.js';
import { emitAccess, revokeSessions } from './granting.js';
import { COMMON_PASSWORD } from './sessions.js';
import { type AccountParts, createTrying } from './trying.js';

/** More than anybody has programs; the list of them is read whole. */
const MOST_API_TOKENS = 100;

const MOST_YEARS = 10;

const WRONG_PASSWORD = 'This is not the password of the account.';

function signedIn(viewer: Viewer): SignedInViewer {
  if (viewer.userId === null) throw refusal('FORBIDDEN', 'Sign in first.');
  return viewer;
}

function lastEnd(): Date {
  const end = new Date();
  end.setUTCFullYear(end.getUTCFullYear() + MOST_YEARS);
  return end;
}

/** How users change what they come in with. */
export function createCredentialService(parts: AccountParts) {
  const { changes } = parts;
  const tryThen = createTrying(parts);

  return {
    /** Changes the viewer's password, and ends all their other sessions. */
    async changePassword(caller: Caller, command: ChangePassword): Promise<UserRow> {
      const { userId, sessionId } = signedIn(caller.viewer);
      const { currentPassword, newPassword } = command;
      const isCommon = await isCommonPassword(newPassword);
      const [account] = await createAccountRepo(parts.db).credentialsById(userId);
      return tryThen(
        caller,
        { account: account?.email?.toLowerCase() ?? userId, address: caller.address },
        async (db) => {
          const [now] = await createAccountRepo(db).credentialsById(userId);
          const current = now?.passwordHash ?? null;
          const isRight = await verifyPassword(current, currentPassword);
          const hashed = isRight && !isCommon ? await hashPassword(newPassword) : '';
          return { isRight, found: { current, hashed } };
        },
        async (change, { isRight, found: { current, hashed } }) => {
          change.authorise('PASSWORD_CHANGE', { type: 'User', id: userId, isOwn: true, userId });
          const problems = collectProblems();
          if (!isRight) problems.add('INVALID', WRONG_PASSWORD, 'currentPassword');
          if (isCommon) problems.add('INVALID', COMMON_PASSWORD, 'newPassword');
          problems.refuse();
          const writing = createAccountWriting(change.tx);
          const [user] = await writing.changePassword(userId, current ?? '', hashed);
          if (user === undefined) throw refusal('INVALID', WRONG_PASSWORD, 'currentPassword');
          change.emit({ topic: topicOf.user(userId), type: 'user.passwordChanged', payload: { userId } });
          await revokeSessions(change, writing, userId, sessionId);
          return user;
        },
      );
    },

    /** Makes a token for a program of the viewer's. */
    createApiToken: (
      caller: Caller,
      { name, scopes, expiresAt }: CreateApiToken,
    ): Promise<{ readonly token: string; readonly apiToken: ApiTokenRow }> =>
      changes.run(caller, async (change) => {
        const { userId } = signedIn(change.viewer);
        change.authorise('API_TOKEN_MANAGE', { type: 'User', id: userId, isOwn: true, userId });
        if (expiresAt !== null && (expiresAt <= new Date() || expiresAt > lastEnd())) {
          throw refusal('INVALID', `Must be ahead, by ${MOST_YEARS} years at most.`, 'expiresAt');
        }
        const writing = createAccountWriting(change.tx);
        // Two at once must not both be the last one allowed.
        await writing.hold(userId);
        const [have] = await writing.countApiTokens(userId);
        const isFull = have !== undefined && have.count >= MOST_API_TOKENS;
        // Those that ended stay in the list only as long as there is room.
        if (isFull && (await writing.removeEndedApiTokensOf(userId)).length === 0) {
          throw refusal('CONFLICT', `There are ${MOST_API_TOKENS} API tokens already. Revoke one first.`);
        }
        const { token, digest } = createApiToken();
        const [apiToken] = await writing.addApiToken({ userId, name, scopes, digest, expiresAt });
        if (apiToken === undefined) throw new Error('An API token was not added.');
        const payload = { userId, apiTokenId: apiToken.id };
        change.emit({ topic: topicOf.user(userId), type: 'apiToken.created', payload });
        return { token, apiToken };
      }),

    /** Makes one of the viewer's tokens useless. */
    revokeApiToken: (caller: Caller, { id }: { id: string }): Promise<ApiTokenRow> =>
      changes.run(caller, async (change) => {
        const { userId } = signedIn(change.viewer);
        change.authorise('API_TOKEN_MANAGE', { type: 'ApiToken', id, isOwn: true, userId });
        const [apiToken] = await createAccountWriting(change.tx).removeApiToken(id, userId);
        if (apiToken === undefined) throw refusal('NOT_FOUND', noSuch('API token'), 'id');
        const payload = { userId, apiTokenId: id };
        emitAccess(change, { topic: topicOf.user(userId), type: 'apiToken.revoked', payload });
        return apiToken;
      }),
  };
}
