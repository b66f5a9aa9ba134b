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

/** The account of nobody: no user has it. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Names the class of a viewer: all who may do the same, but for what is their own. Rights are a matter of role and scopes
 * (actions.ts), so these are the class; which session or token speaks for the viewer is none of it.
 */
export function classOf(viewer: Viewer): string {
  if (viewer.userId === null) return 'anonymous';
  const { role, scopes } = viewer;
  return `${role}:${scopes === 'ALL' ? scopes : [...new Set(scopes)].toSorted().join()}`;
}

/**
 * A viewer who may do what everybody of the class may, and owns nothing: what is answered to this one is right for the whole
 * class, as long as nothing is asked for that depends on the viewer (graphql/viewerDependence.ts).
 */
export const representativeOf = (viewer: Viewer): Viewer =>
  viewer.userId === null
    ? ANONYMOUS
    : { userId: NOBODY, role: viewer.role, sessionId: null, scopes: viewer.scopes };
