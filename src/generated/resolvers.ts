import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { UserRow, TagRow, PostRow, CommentRow, CoverageRow, CoverageEntryRow, ReactionCountRow, FoundNode, TagConnection as TagConnectionMapper, TagEdge as TagEdgeMapper, PostConnection as PostConnectionMapper, PostEdge as PostEdgeMapper, CommentConnection as CommentConnectionMapper, CommentEdge as CommentEdgeMapper, CoverageEntryConnection as CoverageEntryConnectionMapper, CoverageEntryEdge as CoverageEntryEdgeMapper, SearchResultConnection as SearchResultConnectionMapper, SearchResultEdge as SearchResultEdgeMapper } from '../mappers.js';
import type { Context } from '../context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
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

/** What an account may do, from least to most. */
export type Role =
  /** Reads, comments and reacts. */
  | 'READER'
  /** Writes posts as well. */
  | 'AUTHOR'
  /** Hides and approves comments as well as reading and commenting. */
  | 'MODERATOR'
  /** Publishes and corrects everybody's posts and coverages. */
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
  /** The published posts this user is an author of, newest first. */
  readonly posts: PostConnection;
};


/** An account: an author, a reader, somebody on the staff. */
export type UserPostsArgs = {
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

/** Everything that can be read. */
export type Query = {
  readonly __typename?: 'Query';
  /** Who makes this request; null for an anonymous viewer. */
  readonly viewer?: Maybe<User>;
  /** One user, or null when there is none. */
  readonly user?: Maybe<User>;
  /** The object with this id, or null when there is none that the viewer may see. */
  readonly node?: Maybe<Node>;
  /**
   * The objects with these ids, in the order asked; null in the place of each that isn't there for the viewer. At most
   * 100 ids, otherwise BAD_USER_INPUT.
   */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
  /** One post, or null when there is none that the viewer may see. */
  readonly post?: Maybe<Post>;
  /** The published posts. */
  readonly posts: PostConnection;
  /**
   * Full-text search, best match first. Words are joined by "and"; `"quoted words"` stand together, `or` and `-without`
   * work as in web search engines. Chinese, Japanese, Korean, Thai and Arabic are found by any part of a word. A query
   * with nothing to look for finds nothing.
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
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Everything that can be read. */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
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
  /** The cursor of the last edge; null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** Which way a text runs on the page. */
export type TextDirection =
  /** Left to right. */
  | 'LTR'
  /** Right to left: Arabic, Hebrew, Persian and their kin. */
  | 'RTL';

/** Whether readers see a comment. */
export type CommentState =
  /** Everybody sees it. */
  | 'VISIBLE'
  /** Waits for a moderator. */
  | 'PENDING'
  /** Taken out of sight by a moderator. */
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

/** An article. */
export type Post = Node & {
  readonly __typename?: 'Post';
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
  /** When it was, or will be, published; null for a draft. */
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
  /** How many matches there are in all; counted only when asked for. */
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

/** A word that posts share. Spellings that differ in case or punctuation only are one tag. */
export type Tag = Node & {
  readonly __typename?: 'Tag';
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




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( UserRow & { __typename: 'User' } )
    | ( CommentRow & { __typename: 'Comment' } )
    | ( PostRow & { __typename: 'Post' } )
    | ( CoverageRow & { __typename: 'Coverage' } )
    | ( CoverageEntryRow & { __typename: 'CoverageEntry' } )
    | ( TagRow & { __typename: 'Tag' } )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Role: Role;
  User: ResolverTypeWrapper<UserRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  UserBy: UserBy;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  TextDirection: TextDirection;
  CommentState: CommentState;
  Comment: ResolverTypeWrapper<CommentRow>;
  CommentConnection: ResolverTypeWrapper<CommentConnectionMapper>;
  CommentEdge: ResolverTypeWrapper<CommentEdgeMapper>;
  Post: ResolverTypeWrapper<PostRow>;
  CoverageStatus: CoverageStatus;
  Coverage: ResolverTypeWrapper<CoverageRow>;
  CoverageEntryKind: CoverageEntryKind;
  CoverageEntry: ResolverTypeWrapper<CoverageEntryRow>;
  CoverageEntryConnection: ResolverTypeWrapper<CoverageEntryConnectionMapper>;
  CoverageEntryEdge: ResolverTypeWrapper<CoverageEntryEdgeMapper>;
  PostStatus: PostStatus;
  PostOrder: PostOrder;
  BodyFormat: BodyFormat;
  PostConnection: ResolverTypeWrapper<PostConnectionMapper>;
  PostEdge: ResolverTypeWrapper<PostEdgeMapper>;
  PostBy: PostBy;
  PostFilter: PostFilter;
  ReactionKind: ReactionKind;
  ReactionCount: ResolverTypeWrapper<ReactionCountRow>;
  SearchKind: SearchKind;
  SearchResult: ResolverTypeWrapper<FoundNode>;
  SearchResultConnection: ResolverTypeWrapper<SearchResultConnectionMapper>;
  SearchResultEdge: ResolverTypeWrapper<SearchResultEdgeMapper>;
  Tag: ResolverTypeWrapper<TagRow>;
  TagConnection: ResolverTypeWrapper<TagConnectionMapper>;
  TagEdge: ResolverTypeWrapper<TagEdgeMapper>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  User: UserRow;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  UserBy: UserBy;
  Query: Record<PropertyKey, never>;
  DateTime: Scalars['DateTime']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  Comment: CommentRow;
  CommentConnection: CommentConnectionMapper;
  CommentEdge: CommentEdgeMapper;
  Post: PostRow;
  Coverage: CoverageRow;
  CoverageEntry: CoverageEntryRow;
  CoverageEntryConnection: CoverageEntryConnectionMapper;
  CoverageEntryEdge: CoverageEntryEdgeMapper;
  PostConnection: PostConnectionMapper;
  PostEdge: PostEdgeMapper;
  PostBy: PostBy;
  PostFilter: PostFilter;
  ReactionCount: ReactionCountRow;
  SearchResult: FoundNode;
  SearchResultConnection: SearchResultConnectionMapper;
  SearchResultEdge: SearchResultEdgeMapper;
  Tag: TagRow;
  TagConnection: TagConnectionMapper;
  TagEdge: TagEdgeMapper;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  posts?: Resolver<ResolversTypes['PostConnection'], ParentType, ContextType, Partial<UserPostsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  viewer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'by'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType, RequireFields<QueryPostArgs, 'by'>>;
  posts?: Resolver<ResolversTypes['PostConnection'], ParentType, ContextType, RequireFields<QueryPostsArgs, 'orderBy'>>;
  search?: Resolver<ResolversTypes['SearchResultConnection'], ParentType, ContextType, RequireFields<QuerySearchArgs, 'query'>>;
  tag?: Resolver<Maybe<ResolversTypes['Tag']>, ParentType, ContextType, RequireFields<QueryTagArgs, 'slug'>>;
  tags?: Resolver<ResolversTypes['TagConnection'], ParentType, ContextType, Partial<QueryTagsArgs>>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'User' | 'Comment' | 'Post' | 'Coverage' | 'CoverageEntry' | 'Tag', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
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

export type PostResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Post'] = ResolversParentTypes['Post']> = {
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
  reactions?: Resolver<ReadonlyArray<ResolversTypes['ReactionCount']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
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

export type ReactionCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReactionCount'] = ResolversParentTypes['ReactionCount']> = {
  kind?: Resolver<ResolversTypes['ReactionKind'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  viewerHasReacted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
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

export type TagResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tag'] = ResolversParentTypes['Tag']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  slug?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  postCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  posts?: Resolver<ResolversTypes['PostConnection'], ParentType, ContextType, Partial<TagPostsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
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
  Query?: QueryResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Comment?: CommentResolvers<ContextType>;
  CommentConnection?: CommentConnectionResolvers<ContextType>;
  CommentEdge?: CommentEdgeResolvers<ContextType>;
  Post?: PostResolvers<ContextType>;
  Coverage?: CoverageResolvers<ContextType>;
  CoverageEntry?: CoverageEntryResolvers<ContextType>;
  CoverageEntryConnection?: CoverageEntryConnectionResolvers<ContextType>;
  CoverageEntryEdge?: CoverageEntryEdgeResolvers<ContextType>;
  PostConnection?: PostConnectionResolvers<ContextType>;
  PostEdge?: PostEdgeResolvers<ContextType>;
  ReactionCount?: ReactionCountResolvers<ContextType>;
  SearchResult?: SearchResultResolvers<ContextType>;
  SearchResultConnection?: SearchResultConnectionResolvers<ContextType>;
  SearchResultEdge?: SearchResultEdgeResolvers<ContextType>;
  Tag?: TagResolvers<ContextType>;
  TagConnection?: TagConnectionResolvers<ContextType>;
  TagEdge?: TagEdgeResolvers<ContextType>;
};

