import type { ApiTokenScope, Role } from './roles.js';
import type { Viewer } from './viewer.js';

/** To how much of what there is a right extends: nothing, what is one's own, everything. */
export type Extent = 'none' | 'own' | 'any';

/** A kind of action: who may do it. The one source of rights; docs/ACCESS.md is made from it. */
export interface Rule {
  /** How far each role may go. A role that is left out may not do it. */
  readonly roles: Readonly<Partial<Record<Role, Extent>>>;
  /** How far viewers without an account may go. */
  readonly anonymous?: Extent;
  /** The scope that an API token needs; null: any token will do; SESSION: no token will. */
  readonly scope: ApiTokenScope | 'SESSION' | null;
  /** What "own" means, for the docs. */
  readonly own?: string;
  /** Which uses go to the audit log: all, or those on what is somebody else's. Without it: none. */
  readonly audited?: 'always' | 'others';
}

const everybody = (extent: Extent): Rule['roles'] => ({
  READER: extent,
  AUTHOR: extent,
  MODERATOR: extent,
  EDITOR: extent,
  ADMIN: extent,
});

const PUBLISHERS = { AUTHOR: 'own', EDITOR: 'any', ADMIN: 'any' } as const;
const MODERATORS = { MODERATOR: 'any', EDITOR: 'any', ADMIN: 'any' } as const;
const BY_LINE = 'posts whose by-line names the viewer';

/** What can be done, and by whom. Whoever is not named here may not do it. */
export const RULES = {
  READ: { anonymous: 'any', roles: everybody('any'), scope: null },
  SESSION_OPEN: { anonymous: 'any', roles: everybody('any'), scope: null },
  PASSWORD_CHANGE: { roles: everybody('own'), scope: 'SESSION', own: "the viewer's account" },
  API_TOKEN_MANAGE: { roles: everybody('own'), scope: 'SESSION', own: "the viewer's account" },
  USER_READ_EMAIL: {
    roles: { ...everybody('own'), ADMIN: 'any' },
    scope: 'ADMINISTER',
    own: "the viewer's account",
  },
  USER_READ_PRIVATE: { roles: everybody('own'), scope: null, own: "the viewer's account" },
  USER_SET_ROLE: { roles: { ADMIN: 'any' }, scope: 'ADMINISTER', audited: 'always' },
  USER_SUSPEND: { roles: { ADMIN: 'any' }, scope: 'ADMINISTER', audited: 'always' },
  POST_CREATE: { roles: { AUTHOR: 'any', EDITOR: 'any', ADMIN: 'any' }, scope: 'PUBLISH' },
  POST_READ_UNPUBLISHED: { roles: PUBLISHERS, scope: null, own: BY_LINE },
  POST_EDIT: { roles: PUBLISHERS, scope: 'PUBLISH', own: BY_LINE, audited: 'others' },
  POST_PUBLISH: { roles: PUBLISHERS, scope: 'PUBLISH', own: BY_LINE, audited: 'others' },
  POST_DELETE: {
    roles: PUBLISHERS,
    scope: 'PUBLISH',
    own: `${BY_LINE}, as long as they were never published`,
    audited: 'always',
  },
  POST_SET_COMMENT_POLICY: {
    roles: { ...PUBLISHERS, MODERATOR: 'any' },
    scope: 'PUBLISH',
    own: BY_LINE,
    audited: 'others',
  },
  COVERAGE_WRITE: {
    roles: PUBLISHERS,
    scope: 'PUBLISH',
    own: `coverages of ${BY_LINE}`,
    audited: 'others',
  },
  COVERAGE_RETRACT: {
    roles: PUBLISHERS,
    scope: 'PUBLISH',
    own: `entries in coverages of ${BY_LINE}`,
    audited: 'always',
  },
  COVERAGE_READ_RETRACTED: { roles: { EDITOR: 'any', ADMIN: 'any' }, scope: null },
  COMMENT_ADD: { roles: everybody('any'), scope: 'PARTICIPATE' },
  COMMENT_EDIT: { roles: everybody('own'), scope: 'PARTICIPATE', own: "the viewer's comments" },
  COMMENT_DELETE: {
    roles: everybody('own'),
    scope: 'PARTICIPATE',
    own: "the viewer's comments; with COMMENT_MODERATE for everybody's",
  },
  COMMENT_REPORT: { roles: everybody('any'), scope: 'PARTICIPATE' },
  COMMENT_MODERATE: { roles: MODERATORS, scope: 'MODERATE', audited: 'always' },
  REACT: { roles: everybody('any'), scope: 'PARTICIPATE' },
  FOLLOW: { roles: everybody('own'), scope: 'PARTICIPATE', own: "the viewer's follows" },
  BOOKMARK: { roles: everybody('own'), scope: 'PARTICIPATE', own: "the viewer's bookmarks" },
  AUDIT_READ: { roles: { ADMIN: 'any' }, scope: 'ADMINISTER' },
} as const satisfies Record<string, Rule>;

/** The unit in which rights are given: the enum Action of the schema, a test holds the two together. */
export type Action = keyof typeof RULES;

/** The rule of an action. */
export const ruleOf = (action: Action): Rule => RULES[action];

/** How far a viewer may go with an action. Nobody may do what no rule gives them. */
export function extentOf(viewer: Viewer, action: Action): Extent {
  const rule = ruleOf(action);
  if (viewer.userId === null) return rule.anonymous ?? 'none';
  if (viewer.scopes !== 'ALL' && rule.scope !== null) {
    if (rule.scope === 'SESSION' || !viewer.scopes.includes(rule.scope)) return 'none';
  }
  return rule.roles[viewer.role] ?? 'none';
}

/** Whether a viewer may do something to one object, given whether it is the viewer's own. */
export function may(viewer: Viewer, action: Action, isOwn: boolean): boolean {
  const extent = extentOf(viewer, action);
  return extent === 'any' || (extent === 'own' && isOwn);
}
