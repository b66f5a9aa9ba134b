import { DomainError } from '../lib/errors.js';

/** Whoever makes a request. */
export interface Viewer {
  /** The account; null for an anonymous viewer. */
  readonly userId: string | null;
}

/** A viewer who showed no credentials. */
export const ANONYMOUS: Viewer = Object.freeze({ userId: null });

/**
 * Turns credentials into a viewer. No credentials: anonymous. Credentials that prove nothing: refused, never anonymous,
 * because a client that believes to be signed in must learn that it is not.
 *
 * @param authorization the `Authorization` header, if there was one.
 * @throws DomainError UNAUTHENTICATED; this version issues no credentials, so every one is refused.
 */
export function viewerOf(authorization: string | undefined): Viewer {
  if (authorization === undefined) return ANONYMOUS;
  throw new DomainError(
    'UNAUTHENTICATED',
    'These credentials are not valid here. Leave out the Authorization header to read as an anonymous viewer.',
  );
}
