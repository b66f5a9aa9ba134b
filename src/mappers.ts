import type { CommentFacts, CoverageFacts, EntryFacts, PostFacts } from './events/catalogue.js';
import type { EventPage } from './live/catchUp.js';
import type { StreamEvent } from './live/source.js';
import type { Problem } from './changes/refusal.js';
import type { NodeRow } from './context.js';
import type { Connection, Edge } from './graphql/connections.js';
import type { AuditEntryRow } from './modules/audit/repo.js';
import type { KeptPostRow } from './modules/bookmarks/loaders.js';
import type { CommentRow } from './modules/comments/repo/reading.js';
import type { CoverageEntryRow } from './modules/coverage/repo/reading.js';
import type { Followed } from './modules/follows/loaders.js';
import type { PostRow } from './modules/posts/repo/reading.js';
import type { PostRevisionRow } from './modules/posts/repo/revisions.js';
import type { ReactionCountRow } from './modules/reactions/repo/reading.js';
import type { Match } from './modules/search/repo.js';
import type { UserRow } from './modules/accounts/repo/reading.js';
import type { TagRow } from './modules/tags/repo.js';

/**
 * What resolvers pass on for each type of the schema; codegen.ts maps the types to these names, so that a drift between
 * the schema and the rows is a compile error.
 */
export type { AuditEntryRow } from './modules/audit/repo.js';
export type { CommentReportRow, CommentRow } from './modules/comments/repo/reading.js';
export type { CoverageEntryRow, CoverageRow } from './modules/coverage/repo/reading.js';
export type { PostRow } from './modules/posts/repo/reading.js';
export type { PostRevisionRow } from './modules/posts/repo/revisions.js';
export type { ReactionCountRow } from './modules/reactions/repo/reading.js';
export type { TagRow } from './modules/tags/repo.js';
export type { UserRow } from './modules/accounts/repo/reading.js';

export type TagConnection = Connection<TagRow>;
export type TagEdge = Edge<TagRow>;
export type PostConnection = Connection<PostRow>;
export type PostEdge = Edge<PostRow>;
export type PostRevisionConnection = Connection<PostRevisionRow>;
export type PostRevisionEdge = Edge<PostRevisionRow>;
export type CommentConnection = Connection<CommentRow>;
export type CommentEdge = Edge<CommentRow>;
export type CommentQueueConnection = Connection<CommentRow>;
export type CommentQueueEdge = Edge<CommentRow>;
export type CoverageEntryConnection = Connection<CoverageEntryRow>;
export type CoverageEntryEdge = Edge<CoverageEntryRow>;

export type FollowedUserConnection = Connection<Followed<UserRow>>;
export type FollowedUserEdge = Edge<Followed<UserRow>>;
export type FollowedTagConnection = Connection<Followed<TagRow>>;
export type FollowedTagEdge = Edge<Followed<TagRow>>;
export type BookmarkConnection = Connection<KeptPostRow>;
export type BookmarkEdge = Edge<KeptPostRow>;
export type AuditEntryConnection = Connection<AuditEntryRow>;
export type AuditEntryEdge = Edge<AuditEntryRow>;

/** The answer to a reaction. */
export interface ReactionAnswer {
  /** Left out when it was refused. */
  readonly reactions?: readonly ReactionCountRow[];
  readonly userErrors: readonly Problem[];
}

/** Everything that search finds. */
export type FoundNode = Exclude<NodeRow, { __typename: 'Coverage' }>;

/** A match, what it stands for, and the query that found it. */
export interface Found {
  readonly match: Match;
  readonly query: string;
  readonly object: FoundNode;
}

export type SearchResultConnection = Connection<Found>;
export type SearchResultEdge = Edge<Found>;

export type PostEvent = StreamEvent<PostFacts>;
export type CommentEvent = StreamEvent<CommentFacts>;
export type CoverageEvent = StreamEvent<EntryFacts | CoverageFacts>;

export type PostEventConnection = EventPage<PostFacts>;
export type PostEventEdge = PostEvent;
export type CommentEventConnection = EventPage<CommentFacts>;
export type CommentEventEdge = CommentEvent;
export type CoverageEventConnection = EventPage<EntryFacts | CoverageFacts>;
export type CoverageEventEdge = CoverageEvent;

/** The subject whose reactions are summed up. */
export type ReactionSummary = Extract<NodeRow, { __typename: 'Post' | 'Comment' | 'CoverageEntry' }>;

export type { ReaderCount } from './modules/readers/streams.js';
