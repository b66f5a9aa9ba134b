import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { UserRow, TagRow, PostRow, CommentRow, CoverageRow, CoverageEntryRow, ReactionCountRow, ReactionAnswer, FoundNode, TagConnection as TagConnectionMapper, TagEdge as TagEdgeMapper, PostConnection as PostConnectionMapper, PostEdge as PostEdgeMapper, PostRevisionRow, PostRevisionConnection as PostRevisionConnectionMapper, PostRevisionEdge as PostRevisionEdgeMapper, CommentConnection as CommentConnectionMapper, CommentEdge as CommentEdgeMapper, CommentQueueConnection as CommentQueueConnectionMapper, CommentQueueEdge as CommentQueueEdgeMapper, CommentReportRow, CoverageEntryConnection as CoverageEntryConnectionMapper, CoverageEntryEdge as CoverageEntryEdgeMapper, FollowedUserConnection as FollowedUserConnectionMapper, FollowedUserEdge as FollowedUserEdgeMapper, FollowedTagConnection as FollowedTagConnectionMapper, FollowedTagEdge as FollowedTagEdgeMapper, BookmarkConnection as BookmarkConnectionMapper, BookmarkEdge as BookmarkEdgeMapper, AuditEntryRow, AuditEntryConnection as AuditEntryConnectionMapper, AuditEntryEdge as AuditEntryEdgeMapper, SearchResultConnection as SearchResultConnectionMapper, SearchResultEdge as SearchResultEdgeMapper, PostEvent as PostEventMapper, CommentEvent as CommentEventMapper, CoverageEvent as CoverageEventMapper, PostEventConnection as PostEventConnectionMapper, PostEventEdge as PostEventEdgeMapper, CommentEventConnection as CommentEventConnectionMapper, CommentEventEdge as CommentEventEdgeMapper, CoverageEventConnection as CoverageEventConnectionMapper, CoverageEventEdge as CoverageEventEdgeMapper, ReactionSummary as ReactionSummaryMapper, ReaderCount as ReaderCountMapper } from '../mappers.js';
import type { Context } from '../context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment in time, RFC 3339 (`2026-11-22T18:30:00Z`). Any offset is read, UTC is answered, with milliseconds. */
  DateTime: { input: Date; output: Date; }
};

/** What an account may do. docs/ACCESS.md has the table. */
export type Role =
  /** Reads, comments and reacts. */
  | 'READER'
  /** Writes posts as well. */
  | 'AUTHOR'
  /** Hides, approves and deletes comments as well as reading and commenting. */
  | 'MODERATOR'
  /** Publishes and corrects everybody's posts and coverages, and moderates. */
  | 'EDITOR'
  /** Everything, roles and suspensions of other accounts included. */
  | 'ADMIN';

/** An account: an author, a reader, somebody on the staff. */
export type User = Node & {
  readonly __typename?: 'User';
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** The unique name that stands in addresses, compared without regard to case. */
  readonly username: Scalars['String']['output'];
  /** The name to show, in any script. Not unique. */
  readonly name: Scalars['String']['output'];
  /** What the account may do. */
  readonly role: Role;
  /** When the account was made (for an imported one: when it was first imported). */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The e-mail address, for the user and for administrators only; null for everybody else. */
  readonly email?: Maybe<Scalars['String']['output']>;
  /** That the user is suspended, since when and why; null when not. */
  readonly suspension?: Maybe<Suspension>;
  /** The user's API tokens, newest first; without the tokens themselves, which are shown once. */
  readonly apiTokens?: Maybe<ReadonlyArray<ApiToken>>;
  /** The published posts this user is an author of, newest first. */
  readonly posts: PostConnection;
  /** The posts that this user keeps for later, last kept first; for the user only. */
  readonly bookmarks?: Maybe<BookmarkConnection>;
  /** Whether the viewer follows this user. */
  readonly viewerFollows: Scalars['Boolean']['output'];
  /** Published posts by the users and with the tags that this user follows, newest first; for the user only. */
  readonly feed?: Maybe<PostConnection>;
  /** The users that this user follows, last followed first; for the user only. */
  readonly followedUsers?: Maybe<FollowedUserConnection>;
  /** The tags that this user follows, last followed first; for the user only. */
  readonly followedTags?: Maybe<FollowedTagConnection>;
};


/** An account: an author, a reader, somebody on the staff. */
export type UserPostsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** An account: an author, a reader, somebody on the staff. */
export type UserBookmarksArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** An account: an author, a reader, somebody on the staff. */
export type UserFeedArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** An account: an author, a reader, somebody on the staff. */
export type UserFollowedUsersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** An account: an author, a reader, somebody on the staff. */
export type UserFollowedTagsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** Exactly one way to name a user. */
export type UserBy =
  /** By the opaque id. */
  { readonly id: Scalars['ID']['input']; readonly username?: never; }
  |  /** By the user name, in any case. */
  { readonly id?: never; readonly username: Scalars['String']['input']; };

/** That a user may not come in. */
export type Suspension = {
  readonly __typename?: 'Suspension';
  /** Since when. */
  readonly since: Scalars['DateTime']['output'];
  /** The end; null: for good. */
  readonly until?: Maybe<Scalars['DateTime']['output']>;
  /** Why. */
  readonly reason: Scalars['String']['output'];
};

/** What an API token may do beside reading. */
export type ApiTokenScope =
  /** Write and publish posts and coverages. */
  | 'PUBLISH'
  /** Comment, report, react, follow and bookmark. */
  | 'PARTICIPATE'
  /** Hide and approve comments, and read those that wait; with PARTICIPATE: delete them. */
  | 'MODERATE'
  /** Read e-mail addresses and the audit log, set roles, suspend. */
  | 'ADMINISTER';

/**
 * A key for programs that act for a user. It can do what both its scopes and the user's role allow, and never change
 * passwords or make other tokens.
 */
export type ApiToken = {
  readonly __typename?: 'ApiToken';
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** What the user calls it. */
  readonly name: Scalars['String']['output'];
  /** What it may do beside reading. */
  readonly scopes: ReadonlyArray<ApiTokenScope>;
  /** When it was made. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it ends; null: never. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
};

/** What a client holds to speak for a user. */
export type Session = {
  readonly __typename?: 'Session';
  /** Goes into the header `Authorization: Bearer ...`. Good for 15 minutes. */
  readonly accessToken: Scalars['String']['output'];
  /** Buys the next session, once. Good for 30 days. Used a second time, it ends all that came of it: somebody has a copy. */
  readonly refreshToken: Scalars['String']['output'];
  /** When `accessToken` ends. */
  readonly expiresAt: Scalars['DateTime']['output'];
};

/** The answer to signing up, signing in and renewing. */
export type SessionPayload = {
  readonly __typename?: 'SessionPayload';
  /** The session; null when refused. */
  readonly session?: Maybe<Session>;
  /** Whom it is for; null when refused. */
  readonly viewer?: Maybe<User>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The answer to signing out. */
export type SignOutPayload = {
  readonly __typename?: 'SignOutPayload';
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The answer to a change of a user. */
export type UserPayload = {
  readonly __typename?: 'UserPayload';
  /** The user; null when refused. */
  readonly user?: Maybe<User>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The answer to making an API token. */
export type CreateApiTokenPayload = {
  readonly __typename?: 'CreateApiTokenPayload';
  /** The token to send as `Authorization: Bearer ...`. Shown here and never again; null when refused. */
  readonly token?: Maybe<Scalars['String']['output']>;
  /** What was made; null when refused. */
  readonly apiToken?: Maybe<ApiToken>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The answer to revoking an API token. */
export type ApiTokenPayload = {
  readonly __typename?: 'ApiTokenPayload';
  /** What was revoked; null when refused. */
  readonly apiToken?: Maybe<ApiToken>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A new account. */
export type SignUpInput = {
  /** The address to sign in with; compared without regard to case. */
  readonly email: Scalars['String']['input'];
  /** 2 to 30 letters or digits of any script, `.`, `-` and `_` between them; kept in lower case. */
  readonly username: Scalars['String']['input'];
  /** The name to show, 1 to 100 characters; without one the user name. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** 12 to 128 characters, and none of the 10,000 most common ones. */
  readonly password: Scalars['String']['input'];
};

/** Who signs in. */
export type SignInInput = {
  /** The address of the account. */
  readonly email: Scalars['String']['input'];
  /** Its password. */
  readonly password: Scalars['String']['input'];
};

/** The session to renew. */
export type RefreshSessionInput = {
  /** The newest refresh token of the session. */
  readonly refreshToken: Scalars['String']['input'];
};

/** The session to end. */
export type SignOutInput = {
  /** A refresh token of the session. */
  readonly refreshToken: Scalars['String']['input'];
  /** End all other sessions of the account too. */
  readonly everywhere?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The viewer's new password. */
export type ChangePasswordInput = {
  /** The password so far. */
  readonly currentPassword: Scalars['String']['input'];
  /** 12 to 128 characters, and none of the 10,000 most common ones. */
  readonly newPassword: Scalars['String']['input'];
};

/** A key for a program. */
export type CreateApiTokenInput = {
  /** What to call it, 1 to 100 characters. */
  readonly name: Scalars['String']['input'];
  /** What it may do beside reading; none: read only. */
  readonly scopes: ReadonlyArray<ApiTokenScope>;
  /** When it shall end, at most ten years ahead; null: never. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The key to make useless. */
export type RevokeApiTokenInput = {
  /** The token's id. */
  readonly id: Scalars['ID']['input'];
};

/** A user's new role. */
export type SetUserRoleInput = {
  /** Whose. */
  readonly userId: Scalars['ID']['input'];
  /** Which. */
  readonly role: Role;
};

/** Whom to suspend. */
export type SuspendUserInput = {
  /** Whom. */
  readonly userId: Scalars['ID']['input'];
  /** Until when; null: for good. */
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
  /** Why, 1 to 500 characters; for the user and the audit log. */
  readonly reason: Scalars['String']['input'];
};

/** Whose suspension to lift. */
export type ReinstateUserInput = {
  /** Whose. */
  readonly userId: Scalars['ID']['input'];
};

/** Everything that can be read. */
export type Query = {
  readonly __typename?: 'Query';
  /** Who makes this request; null for an anonymous viewer. */
  readonly viewer?: Maybe<User>;
  /** One user, or null when there is none. */
  readonly user?: Maybe<User>;
  /** Privileged actions, newest first. */
  readonly auditLog?: Maybe<AuditEntryConnection>;
  /** The object with this id, or null when there is none that the viewer may see. */
  readonly node?: Maybe<Node>;
  /**
   * The objects with these ids, in the order asked; null in the place of each that isn't there for the viewer. At most
   * 100 ids, otherwise BAD_USER_INPUT.
   */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
  /** What waits for moderators on all posts: pending and reported comments, oldest first. */
  readonly moderationQueue?: Maybe<CommentQueueConnection>;
  /**
   * What `Subscription.commentsChanged` tells, for those who poll or were away: the same events with the same cursors. NOT_FOUND
   * for a post that the viewer may not read.
   */
  readonly commentEvents?: Maybe<CommentEventConnection>;
  /**
   * What `Subscription.coverageChanged` tells, for those who poll or were away: the same events with the same cursors. NOT_FOUND
   * for a post that the viewer may not read.
   */
  readonly coverageEvents?: Maybe<CoverageEventConnection>;
  /**
   * One post, or null when there is none that the viewer may see. A former slug finds it too: compare `slug` with what was
   * asked, and redirect.
   */
  readonly post?: Maybe<Post>;
  /** The published posts. */
  readonly posts: PostConnection;
  /** What is not published: the viewer's own posts, for editors everybody's; last changed first. */
  readonly unpublishedPosts?: Maybe<PostConnection>;
  /** What `Subscription.postPublished` tells, for those who poll or were away: the same events with the same cursors. */
  readonly postPublishedEvents?: Maybe<PostEventConnection>;
  /**
   * What `Subscription.postChanged` tells, for those who poll or were away: the same events with the same cursors. NOT_FOUND
   * for a post that the viewer may not read.
   */
  readonly postEvents?: Maybe<PostEventConnection>;
  /**
   * Full-text search, best match first. Words are joined by "and"; `"quoted words"` stand together, `or` and `-without`
   * work as in web search engines. Chinese, Japanese, Korean, Thai and Arabic are found by any part of a word. A query
   * with nothing to look for finds nothing. Of a word that is nearly everywhere the first 2,000 matches of each kind are
   * ranked, whichever the database finds first.
   */
  readonly search: SearchResultConnection;
  /** One tag by its slug, or null when there is none. */
  readonly tag?: Maybe<Tag>;
  /** All tags, in the order of their slugs. */
  readonly tags: TagConnection;
};


/** Everything that can be read. */
export type QueryUserArgs = {
  by: UserBy;
};


/** Everything that can be read. */
export type QueryAuditLogArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditFilter>;
};


/** Everything that can be read. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** Everything that can be read. */
export type QueryModerationQueueArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};


/** Everything that can be read. */
export type QueryCommentEventsArgs = {
  postId: Scalars['ID']['input'];
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Everything that can be read. */
export type QueryCoverageEventsArgs = {
  postId: Scalars['ID']['input'];
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Everything that can be read. */
export type QueryPostArgs = {
  by: PostBy;
};


/** Everything that can be read. */
export type QueryPostsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<PostFilter>;
  orderBy?: InputMaybe<PostOrder>;
};


/** Everything that can be read. */
export type QueryUnpublishedPostsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  statuses?: InputMaybe<ReadonlyArray<PostStatus>>;
};


/** Everything that can be read. */
export type QueryPostPublishedEventsArgs = {
  filter?: InputMaybe<PostFilter>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Everything that can be read. */
export type QueryPostEventsArgs = {
  id: Scalars['ID']['input'];
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Everything that can be read. */
export type QuerySearchArgs = {
  query: Scalars['String']['input'];
  kinds?: InputMaybe<ReadonlyArray<SearchKind>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Everything that can be read. */
export type QueryTagArgs = {
  slug: Scalars['String']['input'];
};


/** Everything that can be read. */
export type QueryTagsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Makes an account with the role READER, and a session for it. */
  readonly signUp: SessionPayload;
  /**
   * Opens a session. A wrong password and an unknown address answer alike. After 10 wrong ones in 15 minutes, for the same
   * account or from the same network address, THROTTLED.
   */
  readonly signIn: SessionPayload;
  /**
   * Gives a new access token and a new refresh token for the newest refresh token of a session. To be sent without the
   * header `Authorization`: an access token that is over is refused before anything else.
   */
  readonly refreshSession: SessionPayload;
  /** Ends a session, or all sessions of the account, access tokens included. A session that is over is no error. */
  readonly signOut: SignOutPayload;
  /** Changes the viewer's password, and ends all their other sessions. API tokens go on: revoke those that others may know. */
  readonly changePassword: UserPayload;
  /** Makes an API token, which is shown once. */
  readonly createApiToken: CreateApiTokenPayload;
  /** Makes one of the viewer's API tokens useless. */
  readonly revokeApiToken: ApiTokenPayload;
  /** Gives a user another role. The last administrator stays one. */
  readonly setUserRole: UserPayload;
  /** Keeps a user out, and ends their sessions. What they wrote stays. */
  readonly suspendUser: UserPayload;
  /** Lifts a suspension. */
  readonly reinstateUser: UserPayload;
  /** Keeps a post for later. Keeping it twice is no error. */
  readonly addBookmark: BookmarkPayload;
  /** Keeps a post no longer. Not having kept it is no error. */
  readonly removeBookmark: BookmarkPayload;
  /** Comments on a post, or answers a comment. On a pre-moderated post it waits, PENDING. */
  readonly addComment: CommentPayload;
  /** Changes what one's own comment says. On a pre-moderated post it waits again. */
  readonly editComment: CommentPayload;
  /** Deletes one's own comment; moderators any. With replies it stays as an empty place. Its text is gone for good. */
  readonly deleteComment: CommentPayload;
  /** Hides a comment, approves it, or has it wait. Answers all reports about it. */
  readonly setCommentState: CommentPayload;
  /** Tells the moderators about a comment. Once for each viewer; the first reason stays. */
  readonly reportComment: CommentPayload;
  /** Makes a post's coverage LIVE. One that is live stays as it is, one that had ended goes on. */
  readonly startCoverage: CoveragePayload;
  /** Makes a post's coverage ENDED. Entries can still be corrected and retracted. */
  readonly endCoverage: CoveragePayload;
  /** Adds an entry to a live coverage. */
  readonly addCoverageEntry: CoverageEntryPayload;
  /** Corrects or pins an entry. Each change is a new version. */
  readonly updateCoverageEntry: CoverageEntryPayload;
  /** Takes an entry back: from now on only editors can read it. */
  readonly retractCoverageEntry: CoverageEntryPayload;
  /** Follows a user or a tag: their posts come to `viewer { feed }`. At most 1,000. Following twice is no error. */
  readonly follow: FollowPayload;
  /** Stops following. Not having followed is no error. */
  readonly unfollow: FollowPayload;
  /** Writes a new post, a draft of the viewer. */
  readonly createPost: PostPayload;
  /** Changes a post. Each change is a new version; the old ones are kept in `revisions`. */
  readonly updatePost: PostPayload;
  /** Brings the text of an old version back, as a new version. The slug stays what it is. */
  readonly restorePostRevision: PostPayload;
  /** Publishes a post, now or at a time. A post that is published already stays as it is. */
  readonly publishPost: PostPayload;
  /** Makes a published or scheduled post a draft again. */
  readonly unpublishPost: PostPayload;
  /** Takes a post down and keeps it. */
  readonly archivePost: PostPayload;
  /**
   * Deletes a post with its comments, coverage and reactions, for good. Authors may delete what was never published,
   * editors anything.
   */
  readonly deletePost: DeletePostPayload;
  /** Opens a post for comments, has them wait for a moderator, or closes it. Comments that are there stay. */
  readonly setCommentPolicy: PostPayload;
  /** Reacts. A reaction that is there already stays. */
  readonly addReaction: ReactionPayload;
  /** Takes a reaction back. One that isn't there is no error. */
  readonly removeReaction: ReactionPayload;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationSignUpArgs = {
  input: SignUpInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationSignInArgs = {
  input: SignInInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationRefreshSessionArgs = {
  input: RefreshSessionInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationSignOutArgs = {
  input: SignOutInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationCreateApiTokenArgs = {
  input: CreateApiTokenInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationRevokeApiTokenArgs = {
  input: RevokeApiTokenInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationSetUserRoleArgs = {
  input: SetUserRoleInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationSuspendUserArgs = {
  input: SuspendUserInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationReinstateUserArgs = {
  input: ReinstateUserInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationAddBookmarkArgs = {
  input: BookmarkInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationRemoveBookmarkArgs = {
  input: BookmarkInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationAddCommentArgs = {
  input: AddCommentInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationEditCommentArgs = {
  input: EditCommentInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationDeleteCommentArgs = {
  input: DeleteCommentInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationSetCommentStateArgs = {
  input: SetCommentStateInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationReportCommentArgs = {
  input: ReportCommentInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationStartCoverageArgs = {
  input: StartCoverageInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationEndCoverageArgs = {
  input: EndCoverageInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationAddCoverageEntryArgs = {
  input: AddCoverageEntryInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationUpdateCoverageEntryArgs = {
  input: UpdateCoverageEntryInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationRetractCoverageEntryArgs = {
  input: RetractCoverageEntryInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationFollowArgs = {
  input: FollowInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationUnfollowArgs = {
  input: FollowInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationCreatePostArgs = {
  input: CreatePostInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationUpdatePostArgs = {
  input: UpdatePostInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationRestorePostRevisionArgs = {
  input: RestorePostRevisionInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationPublishPostArgs = {
  input: PublishPostInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationUnpublishPostArgs = {
  input: UnpublishPostInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationArchivePostArgs = {
  input: ArchivePostInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationDeletePostArgs = {
  input: DeletePostInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationSetCommentPolicyArgs = {
  input: SetCommentPolicyInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationAddReactionArgs = {
  input: ReactionInput;
};


/**
 * Everything that can be changed. Each field is one transaction; several in one document are carried out one after the
 * other. What the viewer may expect to go wrong is in `userErrors` of the answer, and then nothing was stored.
 */
export type MutationRemoveReactionArgs = {
  input: ReactionInput;
};

/** One privileged action. Entries are added and never changed. */
export type AuditEntry = {
  readonly __typename?: 'AuditEntry';
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** When. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who; null: whoever runs the server, from its command line. */
  readonly actor?: Maybe<User>;
  /** By virtue of which right. */
  readonly action: Action;
  /** What was done, the name of the mutation, such as `setUserRole`. */
  readonly operation: Scalars['String']['output'];
  /** The id of what it was done to; it may be gone by now. */
  readonly subjectId: Scalars['ID']['output'];
  /** Whom it concerns: the user, or the author of what it was done to; null when that is nobody. */
  readonly user?: Maybe<User>;
  /** The network address it came from; null on the command line. */
  readonly address?: Maybe<Scalars['String']['output']>;
  /** The `X-Request-Id` of the request; null on the command line. */
  readonly requestId?: Maybe<Scalars['String']['output']>;
  /** The particulars, a JSON object: the reason given, the role before and after. */
  readonly details: Scalars['String']['output'];
};

/** A page of the audit log. */
export type AuditEntryConnection = {
  readonly __typename?: 'AuditEntryConnection';
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<AuditEntryEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<AuditEntry>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** Entry in a page. */
export type AuditEntryEdge = {
  readonly __typename?: 'AuditEntryEdge';
  /** Its opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: AuditEntry;
};

/** Which entries of the audit log. Conditions are joined by "and". */
export type AuditFilter = {
  /** By this user. */
  readonly actorId?: InputMaybe<Scalars['ID']['input']>;
  /** Concerning this user. */
  readonly userId?: InputMaybe<Scalars['ID']['input']>;
  /** Done to this object. */
  readonly subjectId?: InputMaybe<Scalars['ID']['input']>;
};

/** Anything that has an identity of its own and can be fetched again by it. */
export type Node = {
  /** Opaque and globally unique. Keep it, compare it, send it back; never build or parse one. */
  readonly id: Scalars['ID']['output'];
};

/** Where a page of a connection stands in its list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** True when the list goes on after this page (answered when paging forward with `first`). */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** True when the list has something before this page (answered when paging backward with `last`). */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first edge; null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the last edge, null on an empty page; of a stream the place up to which it was read. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** Which way a text runs on the page. */
export type TextDirection =
  /** Left to right. */
  | 'LTR'
  /** Right to left: Arabic, Hebrew, Persian and their kin. */
  | 'RTL';

/** What can be done, the unit in which rights are given. docs/ACCESS.md says which role may do what. */
export type Action =
  /** Read what is public. */
  | 'READ'
  /** Sign up, sign in, renew a session, sign out. */
  | 'SESSION_OPEN'
  /** Change a password. */
  | 'PASSWORD_CHANGE'
  /** Make, list and revoke API tokens. */
  | 'API_TOKEN_MANAGE'
  /** Read an e-mail address. */
  | 'USER_READ_EMAIL'
  /** Read what a user keeps for themself: feed, follows, bookmarks. */
  | 'USER_READ_PRIVATE'
  /** Give a user another role. */
  | 'USER_SET_ROLE'
  /** Suspend a user, and lift a suspension. */
  | 'USER_SUSPEND'
  /** Write a new post. */
  | 'POST_CREATE'
  /** Read drafts, scheduled and archived posts, and the versions of a post. */
  | 'POST_READ_UNPUBLISHED'
  /** Change a post. */
  | 'POST_EDIT'
  /** Publish, schedule, unpublish and archive a post. */
  | 'POST_PUBLISH'
  /** Delete a post with everything that hangs on it. */
  | 'POST_DELETE'
  /** Open and close a post for comments. */
  | 'POST_SET_COMMENT_POLICY'
  /** Start and end a coverage; add, correct and pin entries. */
  | 'COVERAGE_WRITE'
  /** Take an entry back. */
  | 'COVERAGE_RETRACT'
  /** Read retracted entries, and why they were retracted. */
  | 'COVERAGE_READ_RETRACTED'
  /** Comment and reply. */
  | 'COMMENT_ADD'
  /** Change what a comment says. */
  | 'COMMENT_EDIT'
  /** Delete one's own comment. */
  | 'COMMENT_DELETE'
  /** Report a comment to the moderators. */
  | 'COMMENT_REPORT'
  /** Hide, approve and delete comments; read hidden, waiting and reported ones. */
  | 'COMMENT_MODERATE'
  /** Add and remove reactions. */
  | 'REACT'
  /** Follow users and tags. */
  | 'FOLLOW'
  /** Keep posts for later. */
  | 'BOOKMARK'
  /** Read the audit log. */
  | 'AUDIT_READ';

/** Something that stood in the way of a mutation. Nothing of the mutation was stored. */
export type UserError = {
  readonly __typename?: 'UserError';
  /** What kind of thing, for programs. */
  readonly code: UserErrorCode;
  /** What is wrong and what to do about it, for people. */
  readonly message: Scalars['String']['output'];
  /** Where: the way to the input field, such as `["input", "title"]`; null when it is about none. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** The kinds of user errors. */
export type UserErrorCode =
  /** Not of the form that the field asks for, or out of range. */
  | 'INVALID'
  /** Somebody else has it: a user name, an e-mail address, a slug. */
  | 'TAKEN'
  /** There is nothing with this id that the viewer may see. */
  | 'NOT_FOUND'
  /** The viewer may not do this. */
  | 'FORBIDDEN'
  /** It has changed meanwhile, or it is in a state that does not allow this. */
  | 'CONFLICT'
  /** Longer than allowed; the message says the limit. */
  | 'TOO_LONG'
  /** Good once and no more: a refresh token. */
  | 'EXPIRED';

/** An article. */
export type Post = Node & {
  readonly __typename?: 'Post';
  /** Whether the viewer keeps this post for later. */
  readonly viewerHasBookmarked: Scalars['Boolean']['output'];
  /** How many visible comments it has, replies included. */
  readonly commentCount: Scalars['Int']['output'];
  /**
   * Its comments, oldest first: the top level, whose `replies` open the threads, or every comment of every depth as one
   * flat list.
   */
  readonly comments: CommentConnection;
  /** Its live coverage; null when it has none. */
  readonly coverage?: Maybe<Coverage>;
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** Its id in the system it was imported from; null for a post written here. Unique. */
  readonly externalId?: Maybe<Scalars['String']['output']>;
  /** The unique name for addresses. */
  readonly slug: Scalars['String']['output'];
  /** The headline, plain text. */
  readonly title: Scalars['String']['output'];
  /** A sentence or two for lists, plain text; null when the authors gave none. */
  readonly summary?: Maybe<Scalars['String']['output']>;
  /** The language it is written in, a BCP 47 tag such as `en` or `zh-Hans`. */
  readonly language: Scalars['String']['output'];
  /** Which way the title runs. Blocks of `bodyHtml` carry their own `dir`. */
  readonly direction: TextDirection;
  /** Where it is on its way to the readers. */
  readonly status: PostStatus;
  /** When it was, or will be, published; null for a draft, and for an archived post that was one. */
  readonly publishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was made here (for an imported post: when it was first imported). */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When title, summary, slug, language, tags or body last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
  /** 1 when made, one more with each change. */
  readonly version: Scalars['Int']['output'];
  /** The body as written, in `bodyFormat`. May be empty. */
  readonly body: Scalars['String']['output'];
  /** What the body is written in. */
  readonly bodyFormat: BodyFormat;
  /**
   * The body as safe HTML: no script, no style, no event handler, no `javascript:` or `data:` address. Right-to-left
   * text is marked with `dir`.
   */
  readonly bodyHtml: Scalars['String']['output'];
  /** The beginning of the body as plain text, cut at a word, with an ellipsis when something was cut. */
  readonly excerpt: Scalars['String']['output'];
  /** Who wrote it, in the order of the by-line. May be empty. */
  readonly authors: ReadonlyArray<User>;
  /** Its tags, in the order they were given. */
  readonly tags: ReadonlyArray<Tag>;
  /** The same article in other languages, published ones only, by language. */
  readonly translations: ReadonlyArray<Post>;
  /** Whether it takes comments. */
  readonly commentPolicy: CommentPolicy;
  /** Its versions, newest first, for its authors and editors; null for everybody else. */
  readonly revisions?: Maybe<PostRevisionConnection>;
  /** The reactions to the post, most frequent first; kinds nobody chose are left out. */
  readonly reactions: ReadonlyArray<ReactionCount>;
};


/** An article. */
export type PostCommentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  topLevelOnly?: Scalars['Boolean']['input'];
};


/** An article. */
export type PostExcerptArgs = {
  length?: InputMaybe<Scalars['Int']['input']>;
};


/** An article. */
export type PostRevisionsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** A page of bookmarked posts. */
export type BookmarkConnection = {
  readonly __typename?: 'BookmarkConnection';
  /** The page, each post with its cursor. */
  readonly edges: ReadonlyArray<BookmarkEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<Post>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** Post in a page. */
export type BookmarkEdge = {
  readonly __typename?: 'BookmarkEdge';
  /** Its opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The post. */
  readonly node: Post;
};

/** Which post to keep. */
export type BookmarkInput = {
  /** The post. */
  readonly postId: Scalars['ID']['input'];
};

/** The answer to keeping a post for later. */
export type BookmarkPayload = {
  readonly __typename?: 'BookmarkPayload';
  /** The post; null when refused. */
  readonly post?: Maybe<Post>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Whether readers see a comment. */
export type CommentState =
  /** Everybody sees it. */
  | 'VISIBLE'
  /** Waits for a moderator; seen by moderators and its author. */
  | 'PENDING'
  /** Taken out of sight by a moderator; seen by moderators only. */
  | 'HIDDEN'
  /** Deleted by its author or a moderator. With replies it stays as an empty place, without body and author. */
  | 'DELETED';

/** What a reader said about a post, or about another comment. */
export type Comment = Node & {
  readonly __typename?: 'Comment';
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** Its id in the system it was imported from; null for a comment written here. Unique. */
  readonly externalId?: Maybe<Scalars['String']['output']>;
  /** The post it belongs to. */
  readonly post: Post;
  /** Who wrote it; null for an empty place. */
  readonly author?: Maybe<User>;
  /** The comment it answers; null at top level, and when a moderator took that comment out of sight. */
  readonly parent?: Maybe<Comment>;
  /** The comments above it, from the top level down to its parent; empty at top level. One statement however deep. */
  readonly ancestors: ReadonlyArray<Comment>;
  /** How many comments stand above it: 0 at top level. */
  readonly depth: Scalars['Int']['output'];
  /** Whether readers see it. */
  readonly state: CommentState;
  /** The text as written; empty for an empty place. */
  readonly body: Scalars['String']['output'];
  /** The text as safe HTML; empty for an empty place. */
  readonly bodyHtml: Scalars['String']['output'];
  /** Which way the text runs. */
  readonly direction: TextDirection;
  /** When it was written. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When its author last changed it; null when never. */
  readonly editedAt?: Maybe<Scalars['DateTime']['output']>;
  /** 1 when written, one more with each edit. */
  readonly version: Scalars['Int']['output'];
  /** How many reports wait for a moderator's decision; null for those who don't moderate. */
  readonly reportCount?: Maybe<Scalars['Int']['output']>;
  /** What the reports say that wait for a decision, oldest first, at most 100; null for those who don't moderate. */
  readonly reports?: Maybe<ReadonlyArray<CommentReport>>;
  /** How many direct replies readers see. */
  readonly replyCount: Scalars['Int']['output'];
  /** The direct replies, oldest first. */
  readonly replies: CommentConnection;
  /** The reactions to the comment, most frequent first; kinds nobody chose are left out. */
  readonly reactions: ReadonlyArray<ReactionCount>;
};


/** What a reader said about a post, or about another comment. */
export type CommentRepliesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** A page of comments. */
export type CommentConnection = {
  readonly __typename?: 'CommentConnection';
  /** The page, each comment with its cursor. */
  readonly edges: ReadonlyArray<CommentEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<Comment>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
  /**
   * The position in the stream of this post's comments at which this page was read: a subscription `after` it goes on
   * without a gap or an overlap.
   */
  readonly streamCursor: Scalars['String']['output'];
};

/** A comment in a page. */
export type CommentEdge = {
  readonly __typename?: 'CommentEdge';
  /** The comment's opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The comment. */
  readonly node: Comment;
};

/** What a reader told the moderators about a comment. */
export type CommentReport = {
  readonly __typename?: 'CommentReport';
  /** Who. */
  readonly reporter?: Maybe<User>;
  /** What. */
  readonly reason: Scalars['String']['output'];
  /** When. */
  readonly createdAt: Scalars['DateTime']['output'];
};

/** A new comment. */
export type AddCommentInput = {
  /** The post. */
  readonly postId: Scalars['ID']['input'];
  /** The comment it answers, on the same post; null: top level. */
  readonly parentId?: InputMaybe<Scalars['ID']['input']>;
  /** GitHub Flavored Markdown, 1 to 20,000 characters. */
  readonly body: Scalars['String']['input'];
};

/** A comment's new text. */
export type EditCommentInput = {
  /** Which comment. */
  readonly id: Scalars['ID']['input'];
  /** The `version` that the change was made on. When the comment has another one by now, CONFLICT, and nothing is stored. */
  readonly expectedVersion: Scalars['Int']['input'];
  /** In the comment's format, 1 to 20,000 characters. */
  readonly body: Scalars['String']['input'];
};

/** Which comment is deleted. */
export type DeleteCommentInput = {
  /** Which comment. */
  readonly id: Scalars['ID']['input'];
};

/** A moderator's decision. */
export type SetCommentStateInput = {
  /** Which comment. */
  readonly id: Scalars['ID']['input'];
  /**
   * VISIBLE approves it, HIDDEN takes it out of sight, PENDING puts it back in the queue. To delete it there is
   * `deleteComment`.
   */
  readonly state: CommentState;
  /** Why, up to 500 characters; for the audit log. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** What a reader tells the moderators. */
export type ReportCommentInput = {
  /** About which comment. */
  readonly id: Scalars['ID']['input'];
  /** What is wrong with it, 1 to 500 characters. */
  readonly reason: Scalars['String']['input'];
};

/** The answer to a change of a comment. */
export type CommentPayload = {
  readonly __typename?: 'CommentPayload';
  /** The comment as it is now; null when refused, and when the viewer no longer sees it. */
  readonly comment?: Maybe<Comment>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A page of comments that wait for a moderator. */
export type CommentQueueConnection = {
  readonly __typename?: 'CommentQueueConnection';
  /** The page, each comment with its cursor. */
  readonly edges: ReadonlyArray<CommentQueueEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<Comment>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** Comment in a page. */
export type CommentQueueEdge = {
  readonly __typename?: 'CommentQueueEdge';
  /** Its opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The comment. */
  readonly node: Comment;
};

/** A change of a comment. */
export type CommentEvent = StreamEvent & {
  readonly __typename?: 'CommentEvent';
  /** The place right after this event. */
  readonly cursor: Scalars['String']['output'];
  /** What became of the comment. */
  readonly type: ChangeType;
  /** When it was committed. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The comment's id; of a comment that is gone as well. */
  readonly commentId: Scalars['ID']['output'];
  /** The comment as it is now; null when REMOVED. */
  readonly comment?: Maybe<Comment>;
};

/**
 * Streams of changes, over WebSocket at `/graphql` (graphql-transport-ws) or server-sent events at `/graphql/stream`.
 * `after` is a cursor of the same stream, from an event or from a list's `streamCursor`; without it a stream begins now. A
 * cursor older than the log ends the operation with CURSOR_EXPIRED, a foreign or broken one with CURSOR_INVALID. A
 * viewer who loses the right to listen gets FORBIDDEN, and hears nothing that was committed later.
 */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * The comments of a post, of every depth. Continues `Post.comments` and `Comment.replies` from their `streamCursor`. Ends
   * with FORBIDDEN when the post is taken from the readers.
   */
  readonly commentsChanged: CommentEvent;
  /**
   * The coverage of a post, entry by entry; also of a post whose coverage is still to begin. Continues `Coverage.entries`
   * from its `streamCursor`. Ends with FORBIDDEN when the post is taken from the readers.
   */
  readonly coverageChanged: CoverageEvent;
  /** Posts that come to the readers, change before their eyes, and go. Continues `posts` from its `streamCursor`. */
  readonly postPublished: PostEvent;
  /** Changes of one post. NOT_FOUND for one that the viewer may not read. */
  readonly postChanged: PostEvent;
  /**
   * The reactions to a subject: as they are now, and again when they changed, at most four times a second. The latest state
   * wins, so there is nothing to resume.
   */
  readonly reactionsChanged: ReactionSummary;
  /** How many are watching a post: as it is now, and again when it changed, at most four times a second. */
  readonly readersChanged: ReaderCount;
};


/**
 * Streams of changes, over WebSocket at `/graphql` (graphql-transport-ws) or server-sent events at `/graphql/stream`.
 * `after` is a cursor of the same stream, from an event or from a list's `streamCursor`; without it a stream begins now. A
 * cursor older than the log ends the operation with CURSOR_EXPIRED, a foreign or broken one with CURSOR_INVALID. A
 * viewer who loses the right to listen gets FORBIDDEN, and hears nothing that was committed later.
 */
export type SubscriptionCommentsChangedArgs = {
  postId: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Streams of changes, over WebSocket at `/graphql` (graphql-transport-ws) or server-sent events at `/graphql/stream`.
 * `after` is a cursor of the same stream, from an event or from a list's `streamCursor`; without it a stream begins now. A
 * cursor older than the log ends the operation with CURSOR_EXPIRED, a foreign or broken one with CURSOR_INVALID. A
 * viewer who loses the right to listen gets FORBIDDEN, and hears nothing that was committed later.
 */
export type SubscriptionCoverageChangedArgs = {
  postId: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Streams of changes, over WebSocket at `/graphql` (graphql-transport-ws) or server-sent events at `/graphql/stream`.
 * `after` is a cursor of the same stream, from an event or from a list's `streamCursor`; without it a stream begins now. A
 * cursor older than the log ends the operation with CURSOR_EXPIRED, a foreign or broken one with CURSOR_INVALID. A
 * viewer who loses the right to listen gets FORBIDDEN, and hears nothing that was committed later.
 */
export type SubscriptionPostPublishedArgs = {
  filter?: InputMaybe<PostFilter>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Streams of changes, over WebSocket at `/graphql` (graphql-transport-ws) or server-sent events at `/graphql/stream`.
 * `after` is a cursor of the same stream, from an event or from a list's `streamCursor`; without it a stream begins now. A
 * cursor older than the log ends the operation with CURSOR_EXPIRED, a foreign or broken one with CURSOR_INVALID. A
 * viewer who loses the right to listen gets FORBIDDEN, and hears nothing that was committed later.
 */
export type SubscriptionPostChangedArgs = {
  id: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


/**
 * Streams of changes, over WebSocket at `/graphql` (graphql-transport-ws) or server-sent events at `/graphql/stream`.
 * `after` is a cursor of the same stream, from an event or from a list's `streamCursor`; without it a stream begins now. A
 * cursor older than the log ends the operation with CURSOR_EXPIRED, a foreign or broken one with CURSOR_INVALID. A
 * viewer who loses the right to listen gets FORBIDDEN, and hears nothing that was committed later.
 */
export type SubscriptionReactionsChangedArgs = {
  subjectId: Scalars['ID']['input'];
};


/**
 * Streams of changes, over WebSocket at `/graphql` (graphql-transport-ws) or server-sent events at `/graphql/stream`.
 * `after` is a cursor of the same stream, from an event or from a list's `streamCursor`; without it a stream begins now. A
 * cursor older than the log ends the operation with CURSOR_EXPIRED, a foreign or broken one with CURSOR_INVALID. A
 * viewer who loses the right to listen gets FORBIDDEN, and hears nothing that was committed later.
 */
export type SubscriptionReadersChangedArgs = {
  postId: Scalars['ID']['input'];
};

/**
 * A page of changes, oldest first. `pageInfo.endCursor` is the place up to which the stream was read, also when the page is
 * empty: poll on from there.
 */
export type CommentEventConnection = {
  readonly __typename?: 'CommentEventConnection';
  /** The page, each event with its cursor. */
  readonly edges: ReadonlyArray<CommentEventEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<CommentEvent>;
  /** Where the page stands in the stream. */
  readonly pageInfo: PageInfo;
};

/** A change in a page. */
export type CommentEventEdge = {
  readonly __typename?: 'CommentEventEdge';
  /** The place right after the event, as in the event itself. */
  readonly cursor: Scalars['String']['output'];
  /** The event. */
  readonly node: CommentEvent;
};

/** Where a coverage stands. */
export type CoverageStatus =
  /** Announced. */
  | 'UPCOMING'
  /** Happening now. */
  | 'LIVE'
  /** Over. */
  | 'ENDED';

/** A live blog attached to a post: what happened, minute by minute. */
export type Coverage = Node & {
  readonly __typename?: 'Coverage';
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** Its id in the system it was imported from; null for a coverage made here. Unique. */
  readonly externalId?: Maybe<Scalars['String']['output']>;
  /** The post it is attached to. */
  readonly post: Post;
  /** Where it stands. */
  readonly status: CoverageStatus;
  /** When the covered event began; null when nobody has said so yet. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it ended; null until then. */
  readonly endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** How many entries readers see. */
  readonly entryCount: Scalars['Int']['output'];
  /** The entries in the order of occurrence. */
  readonly entries: CoverageEntryConnection;
};


/** A live blog attached to a post: what happened, minute by minute. */
export type CoverageEntriesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  keyOnly?: Scalars['Boolean']['input'];
};

/** Whether an entry says something or marks a place. */
export type CoverageEntryKind =
  /** Something said or told. */
  | 'UTTERANCE'
  /** A marker between entries, such as the name of a station or a section. */
  | 'NOTE';

/** One time-stamped update of a coverage. */
export type CoverageEntry = Node & {
  readonly __typename?: 'CoverageEntry';
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** Its id in the system it was imported from; null for an entry written here. Unique. */
  readonly externalId?: Maybe<Scalars['String']['output']>;
  /** The coverage it belongs to. */
  readonly coverage: Coverage;
  /** When it happened. Entries of the same moment keep the order in which they were added. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** Whether it says something or marks a place. */
  readonly kind: CoverageEntryKind;
  /** Who speaks; null when nobody in particular does. */
  readonly speaker?: Maybe<Scalars['String']['output']>;
  /** The text as written. */
  readonly body: Scalars['String']['output'];
  /** The text as safe HTML. */
  readonly bodyHtml: Scalars['String']['output'];
  /** Which way the text runs. */
  readonly direction: TextDirection;
  /** Whether it is one of the moments that sum the coverage up. */
  readonly isKey: Scalars['Boolean']['output'];
  /** Whether it is held at the top of the page. */
  readonly isPinned: Scalars['Boolean']['output'];
  /** When it was taken back; null for an entry that stands. */
  readonly retractedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Why it was taken back, for editors; null for everybody else. */
  readonly retractionReason?: Maybe<Scalars['String']['output']>;
  /** 1 when written, one more with each correction. */
  readonly version: Scalars['Int']['output'];
  /** The reactions to the entry, most frequent first; kinds nobody chose are left out. */
  readonly reactions: ReadonlyArray<ReactionCount>;
};

/** A page of coverage entries. */
export type CoverageEntryConnection = {
  readonly __typename?: 'CoverageEntryConnection';
  /** The page, each entry with its cursor. */
  readonly edges: ReadonlyArray<CoverageEntryEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<CoverageEntry>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
  /**
   * The position in the stream of this coverage at which this page was read: a subscription `after` it goes on without a
   * gap or an overlap.
   */
  readonly streamCursor: Scalars['String']['output'];
};

/** A coverage entry in a page. */
export type CoverageEntryEdge = {
  readonly __typename?: 'CoverageEntryEdge';
  /** The entry's opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: CoverageEntry;
};

/** The post whose coverage begins. */
export type StartCoverageInput = {
  /** The post; it gets a coverage when it has none. */
  readonly postId: Scalars['ID']['input'];
};

/** The post whose coverage is over. */
export type EndCoverageInput = {
  /** The post. */
  readonly postId: Scalars['ID']['input'];
};

/** What has just happened. */
export type AddCoverageEntryInput = {
  /** The post whose coverage is live. */
  readonly postId: Scalars['ID']['input'];
  /** GitHub Flavored Markdown, 1 to 20,000 characters. */
  readonly body: Scalars['String']['input'];
  /** Who says it, 1 to 200 characters. An entry with a speaker is an UTTERANCE, one without a NOTE. */
  readonly speaker?: InputMaybe<Scalars['String']['input']>;
  /** When it happened, not in the future; null: now. */
  readonly occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Whether it is one of the moments that count. */
  readonly isKey?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What to correct of an entry; what is left out stays. */
export type UpdateCoverageEntryInput = {
  /** Which entry. */
  readonly id: Scalars['ID']['input'];
  /** The `version` that the correction was made on. When the entry has another one by now, CONFLICT, and nothing is stored. */
  readonly expectedVersion: Scalars['Int']['input'];
  /** In the entry's format, 1 to 20,000 characters. */
  readonly body?: InputMaybe<Scalars['String']['input']>;
  /** Who says it, 1 to 200 characters; null takes it away. */
  readonly speaker?: InputMaybe<Scalars['String']['input']>;
  /** Whether it is one of the moments that count. */
  readonly isKey?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it stands above the others. */
  readonly isPinned?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Which entry is taken back. */
export type RetractCoverageEntryInput = {
  /** Which entry. */
  readonly id: Scalars['ID']['input'];
  /** Why, up to 500 characters; for editors and the audit log. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** The answer to a change of a coverage. */
export type CoveragePayload = {
  readonly __typename?: 'CoveragePayload';
  /** The coverage as it is now; null when refused. */
  readonly coverage?: Maybe<Coverage>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The answer to a change of an entry. */
export type CoverageEntryPayload = {
  readonly __typename?: 'CoverageEntryPayload';
  /** The entry as it is now; null when refused, and when the viewer no longer sees it. */
  readonly entry?: Maybe<CoverageEntry>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A change of a coverage, mostly of one of its entries. */
export type CoverageEvent = StreamEvent & {
  readonly __typename?: 'CoverageEvent';
  /** The place right after this event. */
  readonly cursor: Scalars['String']['output'];
  /** What became of the entry. CHANGED when the coverage itself began or ended. */
  readonly type: ChangeType;
  /** When it was committed. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The entry's id; that of the coverage when it began or ended itself. */
  readonly entryId: Scalars['ID']['output'];
  /** The entry as it is now; null when REMOVED, and when the coverage began or ended. */
  readonly entry?: Maybe<CoverageEntry>;
  /** The coverage as it is now. */
  readonly coverage: Coverage;
};

/**
 * A page of changes, oldest first. `pageInfo.endCursor` is the place up to which the stream was read, also when the page is
 * empty: poll on from there.
 */
export type CoverageEventConnection = {
  readonly __typename?: 'CoverageEventConnection';
  /** The page, each event with its cursor. */
  readonly edges: ReadonlyArray<CoverageEventEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<CoverageEvent>;
  /** Where the page stands in the stream. */
  readonly pageInfo: PageInfo;
};

/** A change in a page. */
export type CoverageEventEdge = {
  readonly __typename?: 'CoverageEventEdge';
  /** The place right after the event, as in the event itself. */
  readonly cursor: Scalars['String']['output'];
  /** The event. */
  readonly node: CoverageEvent;
};

/** A word that posts share. Spellings that differ in case or punctuation only are one tag. */
export type Tag = Node & {
  readonly __typename?: 'Tag';
  /** Whether the viewer follows this tag. */
  readonly viewerFollows: Scalars['Boolean']['output'];
  /** Opaque and globally unique. */
  readonly id: Scalars['ID']['output'];
  /** The unique form for addresses: lower case, words joined by hyphens, in the tag's own script. */
  readonly slug: Scalars['String']['output'];
  /** The tag as it was first written. */
  readonly name: Scalars['String']['output'];
  /** How many published posts carry it. */
  readonly postCount: Scalars['Int']['output'];
  /** The published posts that carry it, newest first. */
  readonly posts: PostConnection;
};


/** A word that posts share. Spellings that differ in case or punctuation only are one tag. */
export type TagPostsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
};

/** A page of users that somebody follows. */
export type FollowedUserConnection = {
  readonly __typename?: 'FollowedUserConnection';
  /** The page, each user with its cursor. */
  readonly edges: ReadonlyArray<FollowedUserEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<User>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** User in a page. */
export type FollowedUserEdge = {
  readonly __typename?: 'FollowedUserEdge';
  /** Its opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The user. */
  readonly node: User;
};

/** A page of tags that somebody follows. */
export type FollowedTagConnection = {
  readonly __typename?: 'FollowedTagConnection';
  /** The page, each tag with its cursor. */
  readonly edges: ReadonlyArray<FollowedTagEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<Tag>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** Tag in a page. */
export type FollowedTagEdge = {
  readonly __typename?: 'FollowedTagEdge';
  /** Its opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The tag. */
  readonly node: Tag;
};

/** Whom or what to follow. */
export type FollowInput = {
  /** A user or a tag. */
  readonly subjectId: Scalars['ID']['input'];
};

/** Whom or what can be followed. */
export type Followable = User | Tag;

/** The answer to following. */
export type FollowPayload = {
  readonly __typename?: 'FollowPayload';
  /** Whom or what it is about; null when refused. */
  readonly subject?: Maybe<Followable>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What became of an object, as the viewer sees it. */
export type ChangeType =
  /** It came into sight: it is new, was published or approved, or fits the filter now. */
  | 'ADDED'
  /** It was in sight and is another one now. */
  | 'CHANGED'
  /** It went out of sight: deleted, unpublished, hidden, or it does not fit the filter any more. */
  | 'REMOVED';

/**
 * One change in a stream. Every stream is dense and in order: who subscribes with `after`, the `cursor` of the last event
 * seen, gets everything since, once.
 */
export type StreamEvent = {
  /** The place right after this event. Keep the last one: `after` continues from it, over any transport. */
  readonly cursor: Scalars['String']['output'];
  /** What became of the object. REMOVED also when it has gone since: an event never shows what cannot be read any more. */
  readonly type: ChangeType;
  /** When it was committed. */
  readonly occurredAt: Scalars['DateTime']['output'];
};

/** Where a post is on its way to the readers. */
export type PostStatus =
  /** Being written; seen by its authors and editors only. */
  | 'DRAFT'
  /** Will be published at `publishedAt`. */
  | 'SCHEDULED'
  /** For everybody. */
  | 'PUBLISHED'
  /** Taken down, kept for its authors and editors. */
  | 'ARCHIVED';

/** The order of a list of posts. */
export type PostOrder =
  /** Newest first. */
  | 'PUBLISHED_AT_DESC'
  /** Oldest first. */
  | 'PUBLISHED_AT_ASC';

/** Whether a post takes comments. */
export type CommentPolicy =
  /** Comments appear at once. */
  | 'OPEN'
  /** Comments wait for a moderator. */
  | 'PRE_MODERATED'
  /** There are no new comments. */
  | 'CLOSED';

/** What a body is written in. */
export type BodyFormat =
  /** GitHub Flavored Markdown; raw HTML in it is sanitised. */
  | 'MARKDOWN'
  /** HTML; sanitised. */
  | 'HTML'
  /** Markdown with JSX: the components are dropped, their text stays. */
  | 'MDX'
  /** Plain text: line breaks are kept, addresses become links. */
  | 'TEXT';

/** A version of a post, as it was. */
export type PostRevision = {
  readonly __typename?: 'PostRevision';
  /** Which: 1 is the first. */
  readonly version: Scalars['Int']['output'];
  /** The slug of that version. */
  readonly slug: Scalars['String']['output'];
  /** The headline. */
  readonly title: Scalars['String']['output'];
  /** The summary; null when there was none. */
  readonly summary?: Maybe<Scalars['String']['output']>;
  /** The language, a BCP 47 tag. */
  readonly language: Scalars['String']['output'];
  /** The names of the tags, in their order. */
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  /** The body as written, in `bodyFormat`. */
  readonly body: Scalars['String']['output'];
  /** What the body is written in. */
  readonly bodyFormat: BodyFormat;
  /** Who wrote this version; null for an import. */
  readonly editor?: Maybe<User>;
  /** When it was written. */
  readonly createdAt: Scalars['DateTime']['output'];
};

/** A page of versions of a post. */
export type PostRevisionConnection = {
  readonly __typename?: 'PostRevisionConnection';
  /** The page, each version with its cursor. */
  readonly edges: ReadonlyArray<PostRevisionEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<PostRevision>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** Version in a page. */
export type PostRevisionEdge = {
  readonly __typename?: 'PostRevisionEdge';
  /** Its opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The version. */
  readonly node: PostRevision;
};

/** A page of posts. */
export type PostConnection = {
  readonly __typename?: 'PostConnection';
  /** The page, each post with its cursor. */
  readonly edges: ReadonlyArray<PostEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<Post>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
  /**
   * The position in the stream of published posts at which this page was read: a subscription `after` it goes on
   * without a gap or an overlap.
   */
  readonly streamCursor: Scalars['String']['output'];
};

/** A post in a page. */
export type PostEdge = {
  readonly __typename?: 'PostEdge';
  /** The post's opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The post. */
  readonly node: Post;
};

/** Exactly one way to name a post. */
export type PostBy =
  /** By the opaque id. */
  { readonly id: Scalars['ID']['input']; readonly slug?: never; readonly externalId?: never; }
  |  /** By the slug. */
  { readonly id?: never; readonly slug: Scalars['String']['input']; readonly externalId?: never; }
  |  /** By its id in the system it was imported from. */
  { readonly id?: never; readonly slug?: never; readonly externalId: Scalars['String']['input']; };

/** Which posts of a list. Conditions are joined by "and"; one that is left out, or null, allows all. */
export type PostFilter = {
  /** Posts with the tag that has this slug. */
  readonly tag?: InputMaybe<Scalars['String']['input']>;
  /** Posts by the user that has this user name. */
  readonly author?: InputMaybe<Scalars['String']['input']>;
  /** Posts in this language, a BCP 47 tag in any case, compared as a whole: `zh` does not find `zh-Hans`. */
  readonly language?: InputMaybe<Scalars['String']['input']>;
  /** True: posts with a coverage. False: posts without one. */
  readonly hasCoverage?: InputMaybe<Scalars['Boolean']['input']>;
  /** Posts published at this moment or later. */
  readonly publishedAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Posts published before this moment. */
  readonly publishedBefore?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A new post, as a draft of the viewer. */
export type CreatePostInput = {
  /** The headline, 1 to 300 characters, one line. */
  readonly title: Scalars['String']['input'];
  /** The body in GitHub Flavored Markdown, up to 1,000,000 characters. */
  readonly body: Scalars['String']['input'];
  /** A sentence or two for lists, up to 1,000 characters. */
  readonly summary?: InputMaybe<Scalars['String']['input']>;
  /** The name for addresses, in any script; without one it is made from the title. */
  readonly slug?: InputMaybe<Scalars['String']['input']>;
  /** The language it is written in, a BCP 47 tag. */
  readonly language?: InputMaybe<Scalars['String']['input']>;
  /** Up to 20 tags, each 1 to 100 characters; new ones are made. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What to change of a post; what is left out stays. */
export type UpdatePostInput = {
  /** Which post. */
  readonly id: Scalars['ID']['input'];
  /** The `version` that the change was made on. When the post has another one by now, CONFLICT, and nothing is stored. */
  readonly expectedVersion: Scalars['Int']['input'];
  /** The headline, 1 to 300 characters, one line. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** The body in the post's `bodyFormat`, up to 1,000,000 characters. */
  readonly body?: InputMaybe<Scalars['String']['input']>;
  /** A sentence or two for lists, up to 1,000 characters; null takes it away. */
  readonly summary?: InputMaybe<Scalars['String']['input']>;
  /** The name for addresses; the old one goes on leading here. */
  readonly slug?: InputMaybe<Scalars['String']['input']>;
  /** The language it is written in, a BCP 47 tag. */
  readonly language?: InputMaybe<Scalars['String']['input']>;
  /** Up to 20 tags in place of those so far. */
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Which post goes to the readers, and when. */
export type PublishPostInput = {
  /** Which post. */
  readonly id: Scalars['ID']['input'];
  /** In the future, at most five years ahead: SCHEDULED until then. In the past: published as of then. Null: now. */
  readonly at?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Which post becomes a draft again. */
export type UnpublishPostInput = {
  /** Which post. */
  readonly id: Scalars['ID']['input'];
};

/** Which post is taken down and kept. */
export type ArchivePostInput = {
  /** Which post. */
  readonly id: Scalars['ID']['input'];
};

/** Which post is deleted. */
export type DeletePostInput = {
  /** Which post. */
  readonly id: Scalars['ID']['input'];
};

/** Which version of a post to bring back. */
export type RestorePostRevisionInput = {
  /** Which post. */
  readonly id: Scalars['ID']['input'];
  /** The version whose text is brought back, as a new version. */
  readonly version: Scalars['Int']['input'];
  /** The newest version that the decision was made on, as in `UpdatePostInput`. */
  readonly expectedVersion: Scalars['Int']['input'];
};

/** Whether a post takes comments. */
export type SetCommentPolicyInput = {
  /** Which post. */
  readonly postId: Scalars['ID']['input'];
  /** Whether, and how. */
  readonly policy: CommentPolicy;
};

/** The answer to a change of a post. */
export type PostPayload = {
  readonly __typename?: 'PostPayload';
  /** The post as it is now; null when refused. */
  readonly post?: Maybe<Post>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The answer to deleting a post. */
export type DeletePostPayload = {
  readonly __typename?: 'DeletePostPayload';
  /** The id of the post that is gone; null when refused. */
  readonly deletedId?: Maybe<Scalars['ID']['output']>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A change of a post. */
export type PostEvent = StreamEvent & {
  readonly __typename?: 'PostEvent';
  /** The place right after this event. */
  readonly cursor: Scalars['String']['output'];
  /** What became of the post. */
  readonly type: ChangeType;
  /** When it was committed. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The post's id; of a post that is gone as well. */
  readonly postId: Scalars['ID']['output'];
  /** The post as it is now; null when REMOVED. */
  readonly post?: Maybe<Post>;
};

/**
 * A page of changes, oldest first. `pageInfo.endCursor` is the place up to which the stream was read, also when the page is
 * empty: poll on from there.
 */
export type PostEventConnection = {
  readonly __typename?: 'PostEventConnection';
  /** The page, each event with its cursor. */
  readonly edges: ReadonlyArray<PostEventEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<PostEvent>;
  /** Where the page stands in the stream. */
  readonly pageInfo: PageInfo;
};

/** A change in a page. */
export type PostEventEdge = {
  readonly __typename?: 'PostEventEdge';
  /** The place right after the event, as in the event itself. */
  readonly cursor: Scalars['String']['output'];
  /** The event. */
  readonly node: PostEvent;
};

/** What a reader can say with one tap. */
export type ReactionKind =
  /** I like it. */
  | 'LIKE'
  /** I love it. */
  | 'LOVE'
  /** It made me laugh. */
  | 'LAUGH'
  /** I did not expect that. */
  | 'SURPRISE'
  /** It makes me sad. */
  | 'SAD'
  /** Thank you. */
  | 'THANKS';

/** How many viewers reacted in one way. */
export type ReactionCount = {
  readonly __typename?: 'ReactionCount';
  /** The way. */
  readonly kind: ReactionKind;
  /** How many. */
  readonly count: Scalars['Int']['output'];
  /** Whether this viewer is one of them; false for an anonymous viewer. */
  readonly viewerHasReacted: Scalars['Boolean']['output'];
};

/** How the viewer reacts to what. */
export type ReactionInput = {
  /** A post, a comment or a coverage entry. */
  readonly subjectId: Scalars['ID']['input'];
  /** In which way. */
  readonly kind: ReactionKind;
};

/** The answer to a reaction. */
export type ReactionPayload = {
  readonly __typename?: 'ReactionPayload';
  /** All reactions to the subject as they are now; empty when refused. */
  readonly reactions: ReadonlyArray<ReactionCount>;
  /** What stood in the way; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** The reactions to a subject as they are now. */
export type ReactionSummary = {
  readonly __typename?: 'ReactionSummary';
  /** The post, comment or coverage entry. */
  readonly subjectId: Scalars['ID']['output'];
  /** The reactions, most frequent first; kinds nobody chose are left out. */
  readonly reactions: ReadonlyArray<ReactionCount>;
};

/** How many are watching a post. */
export type ReaderCount = {
  readonly __typename?: 'ReaderCount';
  /** The post. */
  readonly postId: Scalars['ID']['output'];
  /** Connections with a stream of this post, over all instances. */
  readonly count: Scalars['Int']['output'];
};

/** What can be found. */
export type SearchKind =
  /** Published posts, by title, summary and body. */
  | 'POST'
  /** Visible comments, by text. */
  | 'COMMENT'
  /** Entries of coverages, by text and speaker. */
  | 'COVERAGE_ENTRY'
  /** Users, by user name and name. */
  | 'USER'
  /** Tags, by name. */
  | 'TAG';

/** Something that was found. */
export type SearchResult = Post | Comment | CoverageEntry | User | Tag;

/** A page of what was found. */
export type SearchResultConnection = {
  readonly __typename?: 'SearchResultConnection';
  /** The page, best match first. */
  readonly edges: ReadonlyArray<SearchResultEdge>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many matches there are, at most 2,000 of each kind; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A match in a page. */
export type SearchResultEdge = {
  readonly __typename?: 'SearchResultEdge';
  /** The match's opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** What was found. */
  readonly node: SearchResult;
  /** The place that matched, as HTML: plain text, escaped, with the matching words in `<mark>`. */
  readonly highlight?: Maybe<Scalars['String']['output']>;
};

/** A page of tags. */
export type TagConnection = {
  readonly __typename?: 'TagConnection';
  /** The page, each tag with its cursor. */
  readonly edges: ReadonlyArray<TagEdge>;
  /** The page without the cursors. */
  readonly nodes: ReadonlyArray<Tag>;
  /** Where the page stands in the list. */
  readonly pageInfo: PageInfo;
  /** The length of the whole list; counted only when asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A tag in a page. */
export type TagEdge = {
  readonly __typename?: 'TagEdge';
  /** The tag's opaque position in this list. */
  readonly cursor: Scalars['String']['output'];
  /** The tag. */
  readonly node: Tag;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;



/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  Followable:
    | ( UserRow & { __typename: 'User' } )
    | ( TagRow & { __typename: 'Tag' } )
  ;
  SearchResult:
    | ( PostRow & { __typename: 'Post' } )
    | ( CommentRow & { __typename: 'Comment' } )
    | ( CoverageEntryRow & { __typename: 'CoverageEntry' } )
    | ( UserRow & { __typename: 'User' } )
    | ( TagRow & { __typename: 'Tag' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( UserRow & { __typename: 'User' } )
    | ( PostRow & { __typename: 'Post' } )
    | ( CommentRow & { __typename: 'Comment' } )
    | ( CoverageRow & { __typename: 'Coverage' } )
    | ( CoverageEntryRow & { __typename: 'CoverageEntry' } )
    | ( TagRow & { __typename: 'Tag' } )
  ;
  StreamEvent:
    | ( CommentEventMapper & { __typename: 'CommentEvent' } )
    | ( CoverageEventMapper & { __typename: 'CoverageEvent' } )
    | ( PostEventMapper & { __typename: 'PostEvent' } )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Role: Role;
  User: ResolverTypeWrapper<UserRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  UserBy: UserBy;
  Suspension: ResolverTypeWrapper<Suspension>;
  ApiTokenScope: ApiTokenScope;
  ApiToken: ResolverTypeWrapper<ApiToken>;
  Session: ResolverTypeWrapper<Session>;
  SessionPayload: ResolverTypeWrapper<Omit<SessionPayload, 'viewer'> & { viewer?: Maybe<ResolversTypes['User']> }>;
  SignOutPayload: ResolverTypeWrapper<SignOutPayload>;
  UserPayload: ResolverTypeWrapper<Omit<UserPayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  CreateApiTokenPayload: ResolverTypeWrapper<CreateApiTokenPayload>;
  ApiTokenPayload: ResolverTypeWrapper<ApiTokenPayload>;
  SignUpInput: SignUpInput;
  SignInInput: SignInInput;
  RefreshSessionInput: RefreshSessionInput;
  SignOutInput: SignOutInput;
  ChangePasswordInput: ChangePasswordInput;
  CreateApiTokenInput: CreateApiTokenInput;
  RevokeApiTokenInput: RevokeApiTokenInput;
  SetUserRoleInput: SetUserRoleInput;
  SuspendUserInput: SuspendUserInput;
  ReinstateUserInput: ReinstateUserInput;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  AuditEntry: ResolverTypeWrapper<AuditEntryRow>;
  AuditEntryConnection: ResolverTypeWrapper<AuditEntryConnectionMapper>;
  AuditEntryEdge: ResolverTypeWrapper<AuditEntryEdgeMapper>;
  AuditFilter: AuditFilter;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  TextDirection: TextDirection;
  Action: Action;
  UserError: ResolverTypeWrapper<UserError>;
  UserErrorCode: UserErrorCode;
  Post: ResolverTypeWrapper<PostRow>;
  BookmarkConnection: ResolverTypeWrapper<BookmarkConnectionMapper>;
  BookmarkEdge: ResolverTypeWrapper<BookmarkEdgeMapper>;
  BookmarkInput: BookmarkInput;
  BookmarkPayload: ResolverTypeWrapper<Omit<BookmarkPayload, 'post'> & { post?: Maybe<ResolversTypes['Post']> }>;
  CommentState: CommentState;
  Comment: ResolverTypeWrapper<CommentRow>;
  CommentConnection: ResolverTypeWrapper<CommentConnectionMapper>;
  CommentEdge: ResolverTypeWrapper<CommentEdgeMapper>;
  CommentReport: ResolverTypeWrapper<CommentReportRow>;
  AddCommentInput: AddCommentInput;
  EditCommentInput: EditCommentInput;
  DeleteCommentInput: DeleteCommentInput;
  SetCommentStateInput: SetCommentStateInput;
  ReportCommentInput: ReportCommentInput;
  CommentPayload: ResolverTypeWrapper<Omit<CommentPayload, 'comment'> & { comment?: Maybe<ResolversTypes['Comment']> }>;
  CommentQueueConnection: ResolverTypeWrapper<CommentQueueConnectionMapper>;
  CommentQueueEdge: ResolverTypeWrapper<CommentQueueEdgeMapper>;
  CommentEvent: ResolverTypeWrapper<CommentEventMapper>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  CommentEventConnection: ResolverTypeWrapper<CommentEventConnectionMapper>;
  CommentEventEdge: ResolverTypeWrapper<CommentEventEdgeMapper>;
  CoverageStatus: CoverageStatus;
  Coverage: ResolverTypeWrapper<CoverageRow>;
  CoverageEntryKind: CoverageEntryKind;
  CoverageEntry: ResolverTypeWrapper<CoverageEntryRow>;
  CoverageEntryConnection: ResolverTypeWrapper<CoverageEntryConnectionMapper>;
  CoverageEntryEdge: ResolverTypeWrapper<CoverageEntryEdgeMapper>;
  StartCoverageInput: StartCoverageInput;
  EndCoverageInput: EndCoverageInput;
  AddCoverageEntryInput: AddCoverageEntryInput;
  UpdateCoverageEntryInput: UpdateCoverageEntryInput;
  RetractCoverageEntryInput: RetractCoverageEntryInput;
  CoveragePayload: ResolverTypeWrapper<Omit<CoveragePayload, 'coverage'> & { coverage?: Maybe<ResolversTypes['Coverage']> }>;
  CoverageEntryPayload: ResolverTypeWrapper<Omit<CoverageEntryPayload, 'entry'> & { entry?: Maybe<ResolversTypes['CoverageEntry']> }>;
  CoverageEvent: ResolverTypeWrapper<CoverageEventMapper>;
  CoverageEventConnection: ResolverTypeWrapper<CoverageEventConnectionMapper>;
  CoverageEventEdge: ResolverTypeWrapper<CoverageEventEdgeMapper>;
  Tag: ResolverTypeWrapper<TagRow>;
  FollowedUserConnection: ResolverTypeWrapper<FollowedUserConnectionMapper>;
  FollowedUserEdge: ResolverTypeWrapper<FollowedUserEdgeMapper>;
  FollowedTagConnection: ResolverTypeWrapper<FollowedTagConnectionMapper>;
  FollowedTagEdge: ResolverTypeWrapper<FollowedTagEdgeMapper>;
  FollowInput: FollowInput;
  Followable: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['Followable']>;
  FollowPayload: ResolverTypeWrapper<Omit<FollowPayload, 'subject'> & { subject?: Maybe<ResolversTypes['Followable']> }>;
  ChangeType: ChangeType;
  StreamEvent: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['StreamEvent']>;
  PostStatus: PostStatus;
  PostOrder: PostOrder;
  CommentPolicy: CommentPolicy;
  BodyFormat: BodyFormat;
  PostRevision: ResolverTypeWrapper<PostRevisionRow>;
  PostRevisionConnection: ResolverTypeWrapper<PostRevisionConnectionMapper>;
  PostRevisionEdge: ResolverTypeWrapper<PostRevisionEdgeMapper>;
  PostConnection: ResolverTypeWrapper<PostConnectionMapper>;
  PostEdge: ResolverTypeWrapper<PostEdgeMapper>;
  PostBy: PostBy;
  PostFilter: PostFilter;
  CreatePostInput: CreatePostInput;
  UpdatePostInput: UpdatePostInput;
  PublishPostInput: PublishPostInput;
  UnpublishPostInput: UnpublishPostInput;
  ArchivePostInput: ArchivePostInput;
  DeletePostInput: DeletePostInput;
  RestorePostRevisionInput: RestorePostRevisionInput;
  SetCommentPolicyInput: SetCommentPolicyInput;
  PostPayload: ResolverTypeWrapper<Omit<PostPayload, 'post'> & { post?: Maybe<ResolversTypes['Post']> }>;
  DeletePostPayload: ResolverTypeWrapper<DeletePostPayload>;
  PostEvent: ResolverTypeWrapper<PostEventMapper>;
  PostEventConnection: ResolverTypeWrapper<PostEventConnectionMapper>;
  PostEventEdge: ResolverTypeWrapper<PostEventEdgeMapper>;
  ReactionKind: ReactionKind;
  ReactionCount: ResolverTypeWrapper<ReactionCountRow>;
  ReactionInput: ReactionInput;
  ReactionPayload: ResolverTypeWrapper<ReactionAnswer>;
  ReactionSummary: ResolverTypeWrapper<ReactionSummaryMapper>;
  ReaderCount: ResolverTypeWrapper<ReaderCountMapper>;
  SearchKind: SearchKind;
  SearchResult: ResolverTypeWrapper<FoundNode>;
  SearchResultConnection: ResolverTypeWrapper<SearchResultConnectionMapper>;
  SearchResultEdge: ResolverTypeWrapper<SearchResultEdgeMapper>;
  TagConnection: ResolverTypeWrapper<TagConnectionMapper>;
  TagEdge: ResolverTypeWrapper<TagEdgeMapper>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  User: UserRow;
  ID: Scalars['ID']['output'];
  UserBy: UserBy;
  Suspension: Suspension;
  ApiToken: ApiToken;
  Session: Session;
  SessionPayload: Omit<SessionPayload, 'viewer'> & { viewer?: Maybe<ResolversParentTypes['User']> };
  SignOutPayload: SignOutPayload;
  UserPayload: Omit<UserPayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  CreateApiTokenPayload: CreateApiTokenPayload;
  ApiTokenPayload: ApiTokenPayload;
  SignUpInput: SignUpInput;
  SignInInput: SignInInput;
  RefreshSessionInput: RefreshSessionInput;
  SignOutInput: SignOutInput;
  ChangePasswordInput: ChangePasswordInput;
  CreateApiTokenInput: CreateApiTokenInput;
  RevokeApiTokenInput: RevokeApiTokenInput;
  SetUserRoleInput: SetUserRoleInput;
  SuspendUserInput: SuspendUserInput;
  ReinstateUserInput: ReinstateUserInput;
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  AuditEntry: AuditEntryRow;
  AuditEntryConnection: AuditEntryConnectionMapper;
  AuditEntryEdge: AuditEntryEdgeMapper;
  AuditFilter: AuditFilter;
  DateTime: Scalars['DateTime']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: PageInfo;
  UserError: UserError;
  Post: PostRow;
  BookmarkConnection: BookmarkConnectionMapper;
  BookmarkEdge: BookmarkEdgeMapper;
  BookmarkInput: BookmarkInput;
  BookmarkPayload: Omit<BookmarkPayload, 'post'> & { post?: Maybe<ResolversParentTypes['Post']> };
  Comment: CommentRow;
  CommentConnection: CommentConnectionMapper;
  CommentEdge: CommentEdgeMapper;
  CommentReport: CommentReportRow;
  AddCommentInput: AddCommentInput;
  EditCommentInput: EditCommentInput;
  DeleteCommentInput: DeleteCommentInput;
  SetCommentStateInput: SetCommentStateInput;
  ReportCommentInput: ReportCommentInput;
  CommentPayload: Omit<CommentPayload, 'comment'> & { comment?: Maybe<ResolversParentTypes['Comment']> };
  CommentQueueConnection: CommentQueueConnectionMapper;
  CommentQueueEdge: CommentQueueEdgeMapper;
  CommentEvent: CommentEventMapper;
  Subscription: Record<PropertyKey, never>;
  CommentEventConnection: CommentEventConnectionMapper;
  CommentEventEdge: CommentEventEdgeMapper;
  Coverage: CoverageRow;
  CoverageEntry: CoverageEntryRow;
  CoverageEntryConnection: CoverageEntryConnectionMapper;
  CoverageEntryEdge: CoverageEntryEdgeMapper;
  StartCoverageInput: StartCoverageInput;
  EndCoverageInput: EndCoverageInput;
  AddCoverageEntryInput: AddCoverageEntryInput;
  UpdateCoverageEntryInput: UpdateCoverageEntryInput;
  RetractCoverageEntryInput: RetractCoverageEntryInput;
  CoveragePayload: Omit<CoveragePayload, 'coverage'> & { coverage?: Maybe<ResolversParentTypes['Coverage']> };
  CoverageEntryPayload: Omit<CoverageEntryPayload, 'entry'> & { entry?: Maybe<ResolversParentTypes['CoverageEntry']> };
  CoverageEvent: CoverageEventMapper;
  CoverageEventConnection: CoverageEventConnectionMapper;
  CoverageEventEdge: CoverageEventEdgeMapper;
  Tag: TagRow;
  FollowedUserConnection: FollowedUserConnectionMapper;
  FollowedUserEdge: FollowedUserEdgeMapper;
  FollowedTagConnection: FollowedTagConnectionMapper;
  FollowedTagEdge: FollowedTagEdgeMapper;
  FollowInput: FollowInput;
  Followable: ResolversUnionTypes<ResolversParentTypes>['Followable'];
  FollowPayload: Omit<FollowPayload, 'subject'> & { subject?: Maybe<ResolversParentTypes['Followable']> };
  StreamEvent: ResolversInterfaceTypes<ResolversParentTypes>['StreamEvent'];
  PostRevision: PostRevisionRow;
  PostRevisionConnection: PostRevisionConnectionMapper;
  PostRevisionEdge: PostRevisionEdgeMapper;
  PostConnection: PostConnectionMapper;
  PostEdge: PostEdgeMapper;
  PostBy: PostBy;
  PostFilter: PostFilter;
  CreatePostInput: CreatePostInput;
  UpdatePostInput: UpdatePostInput;
  PublishPostInput: PublishPostInput;
  UnpublishPostInput: UnpublishPostInput;
  ArchivePostInput: ArchivePostInput;
  DeletePostInput: DeletePostInput;
  RestorePostRevisionInput: RestorePostRevisionInput;
  SetCommentPolicyInput: SetCommentPolicyInput;
  PostPayload: Omit<PostPayload, 'post'> & { post?: Maybe<ResolversParentTypes['Post']> };
  DeletePostPayload: DeletePostPayload;
  PostEvent: PostEventMapper;
  PostEventConnection: PostEventConnectionMapper;
  PostEventEdge: PostEventEdgeMapper;
  ReactionCount: ReactionCountRow;
  ReactionInput: ReactionInput;
  ReactionPayload: ReactionAnswer;
  ReactionSummary: ReactionSummaryMapper;
  ReaderCount: ReaderCountMapper;
  SearchResult: FoundNode;
  SearchResultConnection: SearchResultConnectionMapper;
  SearchResultEdge: SearchResultEdgeMapper;
  TagConnection: TagConnectionMapper;
  TagEdge: TagEdgeMapper;
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  Boolean: Scalars['Boolean']['output'];
};

export type OnceDirectiveArgs = { };

export type OnceDirectiveResolver<Result, Parent, ContextType = Context, Args = OnceDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AuthDirectiveArgs = {
  action: Action;
};

export type AuthDirectiveResolver<Result, Parent, ContextType = Context, Args = AuthDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ViewerDependentDirectiveArgs = { };

export type ViewerDependentDirectiveResolver<Result, Parent, ContextType = Context, Args = ViewerDependentDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CostDirectiveArgs = {
  weight: Scalars['String']['input'];
};

export type CostDirectiveResolver<Result, Parent, ContextType = Context, Args = CostDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ListSizeDirectiveArgs = {
  assumedSize?: Maybe<Scalars['Int']['input']>;
  slicingArguments?: Maybe<ReadonlyArray<Scalars['String']['input']>>;
  sizedFields?: Maybe<ReadonlyArray<Scalars['String']['input']>>;
  requireOneSlicingArgument?: Maybe<Scalars['Boolean']['input']>;
};

export type ListSizeDirectiveResolver<Result, Parent, ContextType = Context, Args = ListSizeDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type IdempotentDirectiveArgs = {
  key: Scalars['String']['input'];
};

export type IdempotentDirectiveResolver<Result, Parent, ContextType = Context, Args = IdempotentDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  suspension?: Resolver<Maybe<ResolversTypes['Suspension']>, ParentType, ContextType>;
  apiTokens?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ApiToken']>>, ParentType, ContextType>;
  posts?: Resolver<ResolversTypes['PostConnection'], ParentType, ContextType, Partial<UserPostsArgs>>;
  bookmarks?: Resolver<Maybe<ResolversTypes['BookmarkConnection']>, ParentType, ContextType, Partial<UserBookmarksArgs>>;
  viewerFollows?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  feed?: Resolver<Maybe<ResolversTypes['PostConnection']>, ParentType, ContextType, Partial<UserFeedArgs>>;
  followedUsers?: Resolver<Maybe<ResolversTypes['FollowedUserConnection']>, ParentType, ContextType, Partial<UserFollowedUsersArgs>>;
  followedTags?: Resolver<Maybe<ResolversTypes['FollowedTagConnection']>, ParentType, ContextType, Partial<UserFollowedTagsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SuspensionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Suspension'] = ResolversParentTypes['Suspension']> = {
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  until?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ApiTokenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiToken'] = ResolversParentTypes['ApiToken']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['ApiTokenScope']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refreshToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SessionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionPayload'] = ResolversParentTypes['SessionPayload']> = {
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  viewer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SignOutPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignOutPayload'] = ResolversParentTypes['SignOutPayload']> = {
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserPayload'] = ResolversParentTypes['UserPayload']> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CreateApiTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateApiTokenPayload'] = ResolversParentTypes['CreateApiTokenPayload']> = {
  token?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  apiToken?: Resolver<Maybe<ResolversTypes['ApiToken']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ApiTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiTokenPayload'] = ResolversParentTypes['ApiTokenPayload']> = {
  apiToken?: Resolver<Maybe<ResolversTypes['ApiToken']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  viewer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'by'>>;
  auditLog?: Resolver<Maybe<ResolversTypes['AuditEntryConnection']>, ParentType, ContextType, Partial<QueryAuditLogArgs>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  moderationQueue?: Resolver<Maybe<ResolversTypes['CommentQueueConnection']>, ParentType, ContextType, Partial<QueryModerationQueueArgs>>;
  commentEvents?: Resolver<Maybe<ResolversTypes['CommentEventConnection']>, ParentType, ContextType, RequireFields<QueryCommentEventsArgs, 'postId' | 'first'>>;
  coverageEvents?: Resolver<Maybe<ResolversTypes['CoverageEventConnection']>, ParentType, ContextType, RequireFields<QueryCoverageEventsArgs, 'postId' | 'first'>>;
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType, RequireFields<QueryPostArgs, 'by'>>;
  posts?: Resolver<ResolversTypes['PostConnection'], ParentType, ContextType, RequireFields<QueryPostsArgs, 'orderBy'>>;
  unpublishedPosts?: Resolver<Maybe<ResolversTypes['PostConnection']>, ParentType, ContextType, Partial<QueryUnpublishedPostsArgs>>;
  postPublishedEvents?: Resolver<Maybe<ResolversTypes['PostEventConnection']>, ParentType, ContextType, RequireFields<QueryPostPublishedEventsArgs, 'first'>>;
  postEvents?: Resolver<Maybe<ResolversTypes['PostEventConnection']>, ParentType, ContextType, RequireFields<QueryPostEventsArgs, 'id' | 'first'>>;
  search?: Resolver<ResolversTypes['SearchResultConnection'], ParentType, ContextType, RequireFields<QuerySearchArgs, 'query'>>;
  tag?: Resolver<Maybe<ResolversTypes['Tag']>, ParentType, ContextType, RequireFields<QueryTagArgs, 'slug'>>;
  tags?: Resolver<ResolversTypes['TagConnection'], ParentType, ContextType, Partial<QueryTagsArgs>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  signUp?: Resolver<ResolversTypes['SessionPayload'], ParentType, ContextType, RequireFields<MutationSignUpArgs, 'input'>>;
  signIn?: Resolver<ResolversTypes['SessionPayload'], ParentType, ContextType, RequireFields<MutationSignInArgs, 'input'>>;
  refreshSession?: Resolver<ResolversTypes['SessionPayload'], ParentType, ContextType, RequireFields<MutationRefreshSessionArgs, 'input'>>;
  signOut?: Resolver<ResolversTypes['SignOutPayload'], ParentType, ContextType, RequireFields<MutationSignOutArgs, 'input'>>;
  changePassword?: Resolver<ResolversTypes['UserPayload'], ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  createApiToken?: Resolver<ResolversTypes['CreateApiTokenPayload'], ParentType, ContextType, RequireFields<MutationCreateApiTokenArgs, 'input'>>;
  revokeApiToken?: Resolver<ResolversTypes['ApiTokenPayload'], ParentType, ContextType, RequireFields<MutationRevokeApiTokenArgs, 'input'>>;
  setUserRole?: Resolver<ResolversTypes['UserPayload'], ParentType, ContextType, RequireFields<MutationSetUserRoleArgs, 'input'>>;
  suspendUser?: Resolver<ResolversTypes['UserPayload'], ParentType, ContextType, RequireFields<MutationSuspendUserArgs, 'input'>>;
  reinstateUser?: Resolver<ResolversTypes['UserPayload'], ParentType, ContextType, RequireFields<MutationReinstateUserArgs, 'input'>>;
  addBookmark?: Resolver<ResolversTypes['BookmarkPayload'], ParentType, ContextType, RequireFields<MutationAddBookmarkArgs, 'input'>>;
  removeBookmark?: Resolver<ResolversTypes['BookmarkPayload'], ParentType, ContextType, RequireFields<MutationRemoveBookmarkArgs, 'input'>>;
  addComment?: Resolver<ResolversTypes['CommentPayload'], ParentType, ContextType, RequireFields<MutationAddCommentArgs, 'input'>>;
  editComment?: Resolver<ResolversTypes['CommentPayload'], ParentType, ContextType, RequireFields<MutationEditCommentArgs, 'input'>>;
  deleteComment?: Resolver<ResolversTypes['CommentPayload'], ParentType, ContextType, RequireFields<MutationDeleteCommentArgs, 'input'>>;
  setCommentState?: Resolver<ResolversTypes['CommentPayload'], ParentType, ContextType, RequireFields<MutationSetCommentStateArgs, 'input'>>;
  reportComment?: Resolver<ResolversTypes['CommentPayload'], ParentType, ContextType, RequireFields<MutationReportCommentArgs, 'input'>>;
  startCoverage?: Resolver<ResolversTypes['CoveragePayload'], ParentType, ContextType, RequireFields<MutationStartCoverageArgs, 'input'>>;
  endCoverage?: Resolver<ResolversTypes['CoveragePayload'], ParentType, ContextType, RequireFields<MutationEndCoverageArgs, 'input'>>;
  addCoverageEntry?: Resolver<ResolversTypes['CoverageEntryPayload'], ParentType, ContextType, RequireFields<MutationAddCoverageEntryArgs, 'input'>>;
  updateCoverageEntry?: Resolver<ResolversTypes['CoverageEntryPayload'], ParentType, ContextType, RequireFields<MutationUpdateCoverageEntryArgs, 'input'>>;
  retractCoverageEntry?: Resolver<ResolversTypes['CoverageEntryPayload'], ParentType, ContextType, RequireFields<MutationRetractCoverageEntryArgs, 'input'>>;
  follow?: Resolver<ResolversTypes['FollowPayload'], ParentType, ContextType, RequireFields<MutationFollowArgs, 'input'>>;
  unfollow?: Resolver<ResolversTypes['FollowPayload'], ParentType, ContextType, RequireFields<MutationUnfollowArgs, 'input'>>;
  createPost?: Resolver<ResolversTypes['PostPayload'], ParentType, ContextType, RequireFields<MutationCreatePostArgs, 'input'>>;
  updatePost?: Resolver<ResolversTypes['PostPayload'], ParentType, ContextType, RequireFields<MutationUpdatePostArgs, 'input'>>;
  restorePostRevision?: Resolver<ResolversTypes['PostPayload'], ParentType, ContextType, RequireFields<MutationRestorePostRevisionArgs, 'input'>>;
  publishPost?: Resolver<ResolversTypes['PostPayload'], ParentType, ContextType, RequireFields<MutationPublishPostArgs, 'input'>>;
  unpublishPost?: Resolver<ResolversTypes['PostPayload'], ParentType, ContextType, RequireFields<MutationUnpublishPostArgs, 'input'>>;
  archivePost?: Resolver<ResolversTypes['PostPayload'], ParentType, ContextType, RequireFields<MutationArchivePostArgs, 'input'>>;
  deletePost?: Resolver<ResolversTypes['DeletePostPayload'], ParentType, ContextType, RequireFields<MutationDeletePostArgs, 'input'>>;
  setCommentPolicy?: Resolver<ResolversTypes['PostPayload'], ParentType, ContextType, RequireFields<MutationSetCommentPolicyArgs, 'input'>>;
  addReaction?: Resolver<ResolversTypes['ReactionPayload'], ParentType, ContextType, RequireFields<MutationAddReactionArgs, 'input'>>;
  removeReaction?: Resolver<ResolversTypes['ReactionPayload'], ParentType, ContextType, RequireFields<MutationRemoveReactionArgs, 'input'>>;
};

export type AuditEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntry'] = ResolversParentTypes['AuditEntry']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  action?: Resolver<ResolversTypes['Action'], ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subjectId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  details?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AuditEntryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntryConnection'] = ResolversParentTypes['AuditEntryConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AuditEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['AuditEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AuditEntryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEntryEdge'] = ResolversParentTypes['AuditEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEntry'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'User' | 'Post' | 'Comment' | 'Coverage' | 'CoverageEntry' | 'Tag', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type PostResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Post'] = ResolversParentTypes['Post']> = {
  viewerHasBookmarked?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  commentCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  comments?: Resolver<ResolversTypes['CommentConnection'], ParentType, ContextType, RequireFields<PostCommentsArgs, 'topLevelOnly'>>;
  coverage?: Resolver<Maybe<ResolversTypes['Coverage']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  summary?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  language?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  direction?: Resolver<ResolversTypes['TextDirection'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PostStatus'], ParentType, ContextType>;
  publishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  bodyFormat?: Resolver<ResolversTypes['BodyFormat'], ParentType, ContextType>;
  bodyHtml?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  excerpt?: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<PostExcerptArgs, 'length'>>;
  authors?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['Tag']>, ParentType, ContextType>;
  translations?: Resolver<ReadonlyArray<ResolversTypes['Post']>, ParentType, ContextType>;
  commentPolicy?: Resolver<ResolversTypes['CommentPolicy'], ParentType, ContextType>;
  revisions?: Resolver<Maybe<ResolversTypes['PostRevisionConnection']>, ParentType, ContextType, Partial<PostRevisionsArgs>>;
  reactions?: Resolver<ReadonlyArray<ResolversTypes['ReactionCount']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BookmarkConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BookmarkConnection'] = ResolversParentTypes['BookmarkConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['BookmarkEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Post']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BookmarkEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BookmarkEdge'] = ResolversParentTypes['BookmarkEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Post'], ParentType, ContextType>;
};

export type BookmarkPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BookmarkPayload'] = ResolversParentTypes['BookmarkPayload']> = {
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CommentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Comment'] = ResolversParentTypes['Comment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  post?: Resolver<ResolversTypes['Post'], ParentType, ContextType>;
  author?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Comment']>, ParentType, ContextType>;
  ancestors?: Resolver<ReadonlyArray<ResolversTypes['Comment']>, ParentType, ContextType>;
  depth?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['CommentState'], ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  bodyHtml?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  direction?: Resolver<ResolversTypes['TextDirection'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  editedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reportCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reports?: Resolver<Maybe<ReadonlyArray<ResolversTypes['CommentReport']>>, ParentType, ContextType>;
  replyCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  replies?: Resolver<ResolversTypes['CommentConnection'], ParentType, ContextType, Partial<CommentRepliesArgs>>;
  reactions?: Resolver<ReadonlyArray<ResolversTypes['ReactionCount']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CommentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentConnection'] = ResolversParentTypes['CommentConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CommentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Comment']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  streamCursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CommentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentEdge'] = ResolversParentTypes['CommentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Comment'], ParentType, ContextType>;
};

export type CommentReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentReport'] = ResolversParentTypes['CommentReport']> = {
  reporter?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type CommentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentPayload'] = ResolversParentTypes['CommentPayload']> = {
  comment?: Resolver<Maybe<ResolversTypes['Comment']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CommentQueueConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentQueueConnection'] = ResolversParentTypes['CommentQueueConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CommentQueueEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Comment']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CommentQueueEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentQueueEdge'] = ResolversParentTypes['CommentQueueEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Comment'], ParentType, ContextType>;
};

export type CommentEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentEvent'] = ResolversParentTypes['CommentEvent']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  commentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  comment?: Resolver<Maybe<ResolversTypes['Comment']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  commentsChanged?: SubscriptionResolver<ResolversTypes['CommentEvent'], "commentsChanged", ParentType, ContextType, RequireFields<SubscriptionCommentsChangedArgs, 'postId'>>;
  coverageChanged?: SubscriptionResolver<ResolversTypes['CoverageEvent'], "coverageChanged", ParentType, ContextType, RequireFields<SubscriptionCoverageChangedArgs, 'postId'>>;
  postPublished?: SubscriptionResolver<ResolversTypes['PostEvent'], "postPublished", ParentType, ContextType, Partial<SubscriptionPostPublishedArgs>>;
  postChanged?: SubscriptionResolver<ResolversTypes['PostEvent'], "postChanged", ParentType, ContextType, RequireFields<SubscriptionPostChangedArgs, 'id'>>;
  reactionsChanged?: SubscriptionResolver<ResolversTypes['ReactionSummary'], "reactionsChanged", ParentType, ContextType, RequireFields<SubscriptionReactionsChangedArgs, 'subjectId'>>;
  readersChanged?: SubscriptionResolver<ResolversTypes['ReaderCount'], "readersChanged", ParentType, ContextType, RequireFields<SubscriptionReadersChangedArgs, 'postId'>>;
};

export type CommentEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentEventConnection'] = ResolversParentTypes['CommentEventConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CommentEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['CommentEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CommentEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentEventEdge'] = ResolversParentTypes['CommentEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['CommentEvent'], ParentType, ContextType>;
};

export type CoverageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Coverage'] = ResolversParentTypes['Coverage']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  post?: Resolver<ResolversTypes['Post'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['CoverageStatus'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  entryCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  entries?: Resolver<ResolversTypes['CoverageEntryConnection'], ParentType, ContextType, RequireFields<CoverageEntriesArgs, 'keyOnly'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CoverageEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageEntry'] = ResolversParentTypes['CoverageEntry']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  coverage?: Resolver<ResolversTypes['Coverage'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['CoverageEntryKind'], ParentType, ContextType>;
  speaker?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  bodyHtml?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  direction?: Resolver<ResolversTypes['TextDirection'], ParentType, ContextType>;
  isKey?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isPinned?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  retractedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  retractionReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reactions?: Resolver<ReadonlyArray<ResolversTypes['ReactionCount']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CoverageEntryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageEntryConnection'] = ResolversParentTypes['CoverageEntryConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CoverageEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['CoverageEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  streamCursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CoverageEntryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageEntryEdge'] = ResolversParentTypes['CoverageEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['CoverageEntry'], ParentType, ContextType>;
};

export type CoveragePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoveragePayload'] = ResolversParentTypes['CoveragePayload']> = {
  coverage?: Resolver<Maybe<ResolversTypes['Coverage']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CoverageEntryPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageEntryPayload'] = ResolversParentTypes['CoverageEntryPayload']> = {
  entry?: Resolver<Maybe<ResolversTypes['CoverageEntry']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CoverageEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageEvent'] = ResolversParentTypes['CoverageEvent']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  entryId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  entry?: Resolver<Maybe<ResolversTypes['CoverageEntry']>, ParentType, ContextType>;
  coverage?: Resolver<ResolversTypes['Coverage'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CoverageEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageEventConnection'] = ResolversParentTypes['CoverageEventConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CoverageEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['CoverageEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CoverageEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CoverageEventEdge'] = ResolversParentTypes['CoverageEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['CoverageEvent'], ParentType, ContextType>;
};

export type TagResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tag'] = ResolversParentTypes['Tag']> = {
  viewerFollows?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  postCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  posts?: Resolver<ResolversTypes['PostConnection'], ParentType, ContextType, Partial<TagPostsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FollowedUserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FollowedUserConnection'] = ResolversParentTypes['FollowedUserConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['FollowedUserEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type FollowedUserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FollowedUserEdge'] = ResolversParentTypes['FollowedUserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type FollowedTagConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FollowedTagConnection'] = ResolversParentTypes['FollowedTagConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['FollowedTagEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Tag']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type FollowedTagEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FollowedTagEdge'] = ResolversParentTypes['FollowedTagEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Tag'], ParentType, ContextType>;
};

export type FollowableResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Followable'] = ResolversParentTypes['Followable']> = {
  __resolveType: TypeResolveFn<'User' | 'Tag', ParentType, ContextType>;
};

export type FollowPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FollowPayload'] = ResolversParentTypes['FollowPayload']> = {
  subject?: Resolver<Maybe<ResolversTypes['Followable']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StreamEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StreamEvent'] = ResolversParentTypes['StreamEvent']> = {
  __resolveType: TypeResolveFn<'CommentEvent' | 'CoverageEvent' | 'PostEvent', ParentType, ContextType>;
};

export type PostRevisionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostRevision'] = ResolversParentTypes['PostRevision']> = {
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  summary?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  language?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  bodyFormat?: Resolver<ResolversTypes['BodyFormat'], ParentType, ContextType>;
  editor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PostRevisionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostRevisionConnection'] = ResolversParentTypes['PostRevisionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PostRevisionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PostRevision']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PostRevisionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostRevisionEdge'] = ResolversParentTypes['PostRevisionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PostRevision'], ParentType, ContextType>;
};

export type PostConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostConnection'] = ResolversParentTypes['PostConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PostEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Post']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  streamCursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PostEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostEdge'] = ResolversParentTypes['PostEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Post'], ParentType, ContextType>;
};

export type PostPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostPayload'] = ResolversParentTypes['PostPayload']> = {
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DeletePostPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeletePostPayload'] = ResolversParentTypes['DeletePostPayload']> = {
  deletedId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PostEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostEvent'] = ResolversParentTypes['PostEvent']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  postId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PostEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostEventConnection'] = ResolversParentTypes['PostEventConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PostEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PostEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PostEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PostEventEdge'] = ResolversParentTypes['PostEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PostEvent'], ParentType, ContextType>;
};

export type ReactionCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReactionCount'] = ResolversParentTypes['ReactionCount']> = {
  kind?: Resolver<ResolversTypes['ReactionKind'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  viewerHasReacted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ReactionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReactionPayload'] = ResolversParentTypes['ReactionPayload']> = {
  reactions?: Resolver<ReadonlyArray<ResolversTypes['ReactionCount']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReactionSummaryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReactionSummary'] = ResolversParentTypes['ReactionSummary']> = {
  subjectId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reactions?: Resolver<ReadonlyArray<ResolversTypes['ReactionCount']>, ParentType, ContextType>;
};

export type ReaderCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReaderCount'] = ResolversParentTypes['ReaderCount']> = {
  postId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SearchResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SearchResult'] = ResolversParentTypes['SearchResult']> = {
  __resolveType: TypeResolveFn<'Post' | 'Comment' | 'CoverageEntry' | 'User' | 'Tag', ParentType, ContextType>;
};

export type SearchResultConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SearchResultConnection'] = ResolversParentTypes['SearchResultConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['SearchResultEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SearchResultEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SearchResultEdge'] = ResolversParentTypes['SearchResultEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SearchResult'], ParentType, ContextType>;
  highlight?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TagConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TagConnection'] = ResolversParentTypes['TagConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['TagEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Tag']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TagEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TagEdge'] = ResolversParentTypes['TagEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Tag'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  User?: UserResolvers<ContextType>;
  Suspension?: SuspensionResolvers<ContextType>;
  ApiToken?: ApiTokenResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  SessionPayload?: SessionPayloadResolvers<ContextType>;
  SignOutPayload?: SignOutPayloadResolvers<ContextType>;
  UserPayload?: UserPayloadResolvers<ContextType>;
  CreateApiTokenPayload?: CreateApiTokenPayloadResolvers<ContextType>;
  ApiTokenPayload?: ApiTokenPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  AuditEntry?: AuditEntryResolvers<ContextType>;
  AuditEntryConnection?: AuditEntryConnectionResolvers<ContextType>;
  AuditEntryEdge?: AuditEntryEdgeResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  Post?: PostResolvers<ContextType>;
  BookmarkConnection?: BookmarkConnectionResolvers<ContextType>;
  BookmarkEdge?: BookmarkEdgeResolvers<ContextType>;
  BookmarkPayload?: BookmarkPayloadResolvers<ContextType>;
  Comment?: CommentResolvers<ContextType>;
  CommentConnection?: CommentConnectionResolvers<ContextType>;
  CommentEdge?: CommentEdgeResolvers<ContextType>;
  CommentReport?: CommentReportResolvers<ContextType>;
  CommentPayload?: CommentPayloadResolvers<ContextType>;
  CommentQueueConnection?: CommentQueueConnectionResolvers<ContextType>;
  CommentQueueEdge?: CommentQueueEdgeResolvers<ContextType>;
  CommentEvent?: CommentEventResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  CommentEventConnection?: CommentEventConnectionResolvers<ContextType>;
  CommentEventEdge?: CommentEventEdgeResolvers<ContextType>;
  Coverage?: CoverageResolvers<ContextType>;
  CoverageEntry?: CoverageEntryResolvers<ContextType>;
  CoverageEntryConnection?: CoverageEntryConnectionResolvers<ContextType>;
  CoverageEntryEdge?: CoverageEntryEdgeResolvers<ContextType>;
  CoveragePayload?: CoveragePayloadResolvers<ContextType>;
  CoverageEntryPayload?: CoverageEntryPayloadResolvers<ContextType>;
  CoverageEvent?: CoverageEventResolvers<ContextType>;
  CoverageEventConnection?: CoverageEventConnectionResolvers<ContextType>;
  CoverageEventEdge?: CoverageEventEdgeResolvers<ContextType>;
  Tag?: TagResolvers<ContextType>;
  FollowedUserConnection?: FollowedUserConnectionResolvers<ContextType>;
  FollowedUserEdge?: FollowedUserEdgeResolvers<ContextType>;
  FollowedTagConnection?: FollowedTagConnectionResolvers<ContextType>;
  FollowedTagEdge?: FollowedTagEdgeResolvers<ContextType>;
  Followable?: FollowableResolvers<ContextType>;
  FollowPayload?: FollowPayloadResolvers<ContextType>;
  StreamEvent?: StreamEventResolvers<ContextType>;
  PostRevision?: PostRevisionResolvers<ContextType>;
  PostRevisionConnection?: PostRevisionConnectionResolvers<ContextType>;
  PostRevisionEdge?: PostRevisionEdgeResolvers<ContextType>;
  PostConnection?: PostConnectionResolvers<ContextType>;
  PostEdge?: PostEdgeResolvers<ContextType>;
  PostPayload?: PostPayloadResolvers<ContextType>;
  DeletePostPayload?: DeletePostPayloadResolvers<ContextType>;
  PostEvent?: PostEventResolvers<ContextType>;
  PostEventConnection?: PostEventConnectionResolvers<ContextType>;
  PostEventEdge?: PostEventEdgeResolvers<ContextType>;
  ReactionCount?: ReactionCountResolvers<ContextType>;
  ReactionPayload?: ReactionPayloadResolvers<ContextType>;
  ReactionSummary?: ReactionSummaryResolvers<ContextType>;
  ReaderCount?: ReaderCountResolvers<ContextType>;
  SearchResult?: SearchResultResolvers<ContextType>;
  SearchResultConnection?: SearchResultConnectionResolvers<ContextType>;
  SearchResultEdge?: SearchResultEdgeResolvers<ContextType>;
  TagConnection?: TagConnectionResolvers<ContextType>;
  TagEdge?: TagEdgeResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  once?: OnceDirectiveResolver<any, any, ContextType>;
  auth?: AuthDirectiveResolver<any, any, ContextType>;
  viewerDependent?: ViewerDependentDirectiveResolver<any, any, ContextType>;
  cost?: CostDirectiveResolver<any, any, ContextType>;
  listSize?: ListSizeDirectiveResolver<any, any, ContextType>;
  idempotent?: IdempotentDirectiveResolver<any, any, ContextType>;
};
