import type { Role } from '../auth/roles.js';

/**
 * Every event: its type, and what it carries, which is ids and the facts that decide who may hear of it. A row that is
 * gone cannot be asked any more, and one that has changed would answer for another moment.
 */
type PostStatus = 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED';
type CommentState = 'VISIBLE' | 'PENDING' | 'HIDDEN' | 'DELETED';

/** Which lists a post is in: its status, and what `PostFilter` asks for. */
export interface PostListing {
  readonly status: PostStatus;
  /** User names. */
  readonly authors: readonly string[];
  /** Slugs. */
  readonly tags: readonly string[];
  readonly language: string;
  readonly hasCoverage: boolean;
  /** ISO 8601; null for a draft. */
  readonly publishedAt: string | null;
}

/** A post right after the change, as far as filters and rights ask; one that was deleted: as it was last. */
export interface PostFacts extends PostListing {
  readonly postId: string;
  readonly version: number;
  readonly authorIds: readonly string[];
  /** Right before the change, so that a filter can be asked on both sides of it; null: it did not exist. */
  readonly previous: PostListing | null;
}

/**
 * A comment right after the change. Author, state and `listed` say for every viewer whether they see it, as `seesComment`
 * does of rows: replies matter to deleted ones only, and those are listed for their replies. The same before the change.
 */
export interface CommentFacts {
  readonly commentId: string;
  readonly postId: string;
  readonly parentId: string | null;
  readonly authorId: string | null;
  readonly state: CommentState;
  /** Before the change; null: it did not exist. */
  readonly previousState: CommentState | null;
  readonly version: number;
  /** Whether it stands in lists, as itself or as an empty place. */
  readonly listed: boolean;
  readonly previouslyListed: boolean;
}

/** An entry right after the change. */
export interface EntryFacts {
  readonly entryId: string;
  readonly coverageId: string;
  readonly postId: string;
  readonly version: number;
  readonly isKey: boolean;
  readonly isPinned: boolean;
  readonly retracted: boolean;
  /** Before the change. */
  readonly wasRetracted: boolean;
}

/** A coverage right after the change. */
export interface CoverageFacts {
  readonly coverageId: string;
  readonly postId: string;
  readonly status: 'UPCOMING' | 'LIVE' | 'ENDED';
}

/** A reaction that came or went. */
export interface ReactionFacts {
  readonly subjectId: string;
  readonly postId: string;
  readonly userId: string;
  readonly kind: string;
  /** How many of this kind the subject has now. */
  readonly count: number;
}

/** The payload of each type of event. */
export interface EventPayloads {
  'post.created': PostFacts;
  'post.updated': PostFacts;
  'post.scheduled': PostFacts;
  'post.published': PostFacts;
  'post.unpublished': PostFacts;
  'post.archived': PostFacts;
  'post.deleted': PostFacts;
  'post.commentPolicySet': PostFacts & { readonly commentPolicy: string };
  /** Its coverage started or ended. */
  'post.coverageChanged': PostFacts;
  'coverage.started': CoverageFacts;
  'coverage.ended': CoverageFacts;
  'entry.added': EntryFacts;
  'entry.corrected': EntryFacts;
  'entry.retracted': EntryFacts;
  'comment.added': CommentFacts;
  'comment.edited': CommentFacts;
  'comment.deleted': CommentFacts;
  'comment.stateSet': CommentFacts;
  /** A comment whose place in lists came or went with another one: an empty place above its last reply. */
  'comment.placeChanged': CommentFacts;
  'comment.reported': CommentFacts & { readonly reporterId: string };
  'reaction.added': ReactionFacts;
  'reaction.removed': ReactionFacts;
  'user.created': { readonly userId: string; readonly role: Role };
  'user.roleSet': { readonly userId: string; readonly role: Role; readonly previousRole: Role };
  /** `until`: ISO 8601; null: for good. */
  'user.suspended': { readonly userId: string; readonly until: string | null };
  'user.reinstated': { readonly userId: string };
  'user.passwordChanged': { readonly userId: string };
  'session.opened': { readonly userId: string; readonly sessionId: string };
  'session.renewed': { readonly userId: string; readonly sessionId: string };
  /** These sessions are over, their access tokens too. */
  'session.revoked': { readonly userId: string; readonly sessionIds: readonly string[] };
  'apiToken.created': { readonly userId: string; readonly apiTokenId: string };
  'apiToken.revoked': { readonly userId: string; readonly apiTokenId: string };
  'follow.added': { readonly followerId: string; readonly subjectId: string };
  'follow.removed': { readonly followerId: string; readonly subjectId: string };
  'bookmark.added': { readonly userId: string; readonly postId: string };
  'bookmark.removed': { readonly userId: string; readonly postId: string };
}

/** A change that a topic is to hear of. */
export type NewEvent = {
  [Type in keyof EventPayloads]: {
    readonly topic: string;
    readonly type: Type;
    readonly payload: EventPayloads[Type];
  };
}[keyof EventPayloads];

/** What takes rights away from connections that are open, or changes them. */
export type AccessEvent = Extract<
  NewEvent,
  {
    readonly type:
      | 'session.revoked'
      | 'user.suspended'
      | 'user.reinstated'
      | 'user.roleSet'
      | 'apiToken.revoked';
  }
>;

/** A change with its place in its topic. */
export type LoggedEvent = NewEvent & {
  /** 1 for the first event of the topic, then one more for each, without holes. */
  readonly seq: number;
  /** When it was appended: ISO 8601, UTC, with milliseconds. */
  readonly occurredAt: string;
  /**
   * Where the topic `access` stood as the event was appended. Whoever delivers it must have heard that topic up to there: so
   * every right that was lost before is known.
   */
  readonly accessSeq: number;
};
