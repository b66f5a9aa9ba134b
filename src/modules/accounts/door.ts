import type { AccessTokens } from '../../auth/accessTokens.js';
import { isApiToken, readApiToken } from '../../auth/opaqueTokens.js';
import { ANONYMOUS, type Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { DomainError } from '../../lib/errors.js';
import { createAccountRepo } from './repo/reading.js';

/** Turns the header `Authorization` into a viewer. */
export type Authenticator = (authorization: string | undefined) => Promise<Viewer>;

/** The same whatever is wrong with a credential: unknown, altered, over, revoked, its user suspended. */
const refused = (): DomainError =>
  new DomainError(
    'UNAUTHENTICATED',
    'This token is not good, or not any more. Refresh the session or sign in again; without an Authorization header you read as an anonymous viewer.',
  );

/**
 * Who a request comes from. The account is read each time, so a role, a suspension and a session that ended hold from the
 * next request on, whatever the token says.
 */
export function createAuthenticator(db: Database, accessTokens: AccessTokens): Authenticator {
  const repo = createAccountRepo(db);

  const viewerOfApiToken = async (token: string): Promise<Viewer> => {
    const digest = readApiToken(token);
    const [user] = digest === undefined ? [] : await repo.userOfApiToken(digest);
    if (user === undefined) throw refused();
    return { ...user, sessionId: null };
  };

  const viewerOfSession = async (token: string): Promise<Viewer> => {
    const claims = await accessTokens.verify(token);
    const [user] = claims === undefined ? [] : await repo.userOfSession(claims.sessionId, claims.userId);
    if (claims === undefined || user === undefined) throw refused();
    return { ...user, sessionId: claims.sessionId, scopes: 'ALL' };
  };

  return async (authorization) => {
    // Broken credentials are never taken for no credentials: that would show a viewer less, without a word.
    if (authorization === undefined) return ANONYMOUS;
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    if (token === undefined) throw refused();
    return isApiToken(token) ? viewerOfApiToken(token) : viewerOfSession(token);
  };
}
