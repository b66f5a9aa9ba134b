import { LRUCache } from 'lru-cache';
import type { AccessTokens } from '../../auth/accessTokens.js';
import { isApiToken, readApiToken } from '../../auth/opaqueTokens.js';
import { ANONYMOUS, type Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { DomainError } from '../../lib/errors.js';
import type { LetGuess } from '../../limits/guesses.js';
import { createAccountRepo } from './repo/reading.js';

/** A viewer, and what speaks for them. */
export interface Credentials {
  readonly viewer: Viewer;
  /** Null for a session, and for nobody. */
  readonly apiTokenId: string | null;
  /** When the token is over; null: never. */
  readonly expiresAt: Date | null;
}

/** Turns the header `Authorization`, which came from a network address, into a viewer. */
export type Authenticator = (authorization: string | undefined, address: string) => Promise<Credentials>;

/** API tokens that were good lately: they are no guesses. */
const MOST_GOOD = 10_000;

const NO_CREDENTIALS: Credentials = { viewer: ANONYMOUS, apiTokenId: null, expiresAt: null };

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
export function createAuthenticator(
  db: Database,
  accessTokens: AccessTokens,
  letGuess: LetGuess,
): Authenticator {
  const repo = createAccountRepo(db);
  /** By their digests. */
  const good = new LRUCache<string, true>({ max: MOST_GOOD });

  const byApiToken = async (token: string, address: string): Promise<Credentials> => {
    const digest = readApiToken(token);
    if (digest === undefined) throw refused();
    const key = digest.toString('base64');
    const wasGood = good.get(key) ? undefined : letGuess(address);
    const [found] = await repo.userOfApiToken(digest);
    if (found === undefined) {
      good.delete(key);
      throw refused();
    }
    wasGood?.();
    good.set(key, true);
    const { apiTokenId, expiresAt, ...user } = found;
    return { viewer: { ...user, sessionId: null }, apiTokenId, expiresAt };
  };

  const byAccessToken = async (token: string): Promise<Credentials> => {
    const claims = await accessTokens.verify(token);
    const [user] = claims === undefined ? [] : await repo.userOfSession(claims.sessionId, claims.userId);
    if (claims === undefined || user === undefined) throw refused();
    const { sessionId, expiresAt } = claims;
    return { viewer: { ...user, sessionId, scopes: 'ALL' }, apiTokenId: null, expiresAt };
  };

  return async (authorization, address) => {
    // Broken credentials are never taken for no credentials: that would show a viewer less, without a word.
    if (authorization === undefined) return NO_CREDENTIALS;
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    if (token === undefined) throw refused();
    return isApiToken(token) ? byApiToken(token, address) : byAccessToken(token);
  };
}
