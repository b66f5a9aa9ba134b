import type { NodeRow } from './context.js';
import type { Connection, Edge } from './graphql/connections.js';
import type { CommentRow } from './modules/comments/repo.js';
import type { CoverageEntryRow } from './modules/coverage/repo.js';
import type { PostRow } from './modules/posts/repo.js';
import type { Match } from './modules/search/repo.js';
import type { TagRow } from './modules/tags/repo.js';

/**
 * What resolvers pass on for each type of the schema; codegen.ts maps the types to these names, so that a drift between
 * the schema and the rows is a compile error.
 */
export type { CommentRow } from './modules/comments/repo.js';
export type { CoverageEntryRow, CoverageRow } from './modules/coverage/repo.js';
export type { PostRow } from './modules/posts/repo.js';
export type { ReactionCountRow } from './modules/reactions/repo.js';
export type { TagRow } from './modules/tags/repo.js';
export type { UserRow } from './modules/accounts/repo.js';

export type TagConnection = Connection<TagRow>;
export type TagEdge = Edge<TagRow>;
export type PostConnection = Connection<PostRow>;
export type PostEdge = Edge<PostRow>;
export type CommentConnection = Connection<CommentRow>;
export type CommentEdge = Edge<CommentRow>;
export type CoverageEntryConnection = Connection<CoverageEntryRow>;
export type CoverageEntryEdge = Edge<CoverageEntryRow>;

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
