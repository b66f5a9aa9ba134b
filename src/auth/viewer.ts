import type { ApiTokenScope, Role } from './roles.js';

/** A viewer who showed no credentials. */
interface AnonymousViewer {
  readonly userId: null;
}

/** A viewer who proved to be a user. */
export interface SignedInViewer {
  /** The account. */
  readonly userId: string;
  readonly role: Role;
  /** The session that speaks for the user; null for an API token. */
  readonly sessionId: string | null;
  /** What an API token may do beside reading; ALL for a session. */
  readonly scopes: readonly ApiTokenScope[] | 'ALL';
}

/** Whoever makes a request. */
export type Viewer = AnonymousViewer | SignedInViewer;

/** A viewer who showed no credentials. */
export const ANONYMOUS: Viewer = Object.freeze({ userId: null });
