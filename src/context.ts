import type { Viewer } from './auth/viewer.js';
import type { Database } from './db/client.js';
import type { NodeType } from './graphql/globalIds.js';
import type { CursorCodec } from './lib/cursor.js';
import { createAccountLoaders } from './modules/accounts/loaders.js';
import { createAccountRepo, type UserRow } from './modules/accounts/repo.js';
import { createCommentLoaders } from './modules/comments/loaders.js';
import { type CommentRow, createCommentRepo } from './modules/comments/repo.js';
import { createCoverageLoaders } from './modules/coverage/loaders.js';
import { type CoverageEntryRow, type CoverageRow, createCoverageRepo } from './modules/coverage/repo.js';
import { createPostLoaders } from './modules/posts/loaders.js';
import { createPostRepo, type PostRow } from './modules/posts/repo.js';
import { createReactionLoaders } from './modules/reactions/loaders.js';
import { createReactionRepo } from './modules/reactions/repo.js';
import { createSearchLoaders } from './modules/search/loaders.js';
import { createSearchRepo } from './modules/search/repo.js';
import { createTagLoaders } from './modules/tags/loaders.js';
import { createTagRepo, type TagRow } from './modules/tags/repo.js';

/** The row behind each type of node. */
interface NodeRows extends Record<NodeType, unknown> {
  User: UserRow;
  Tag: TagRow;
  Post: PostRow;
  Comment: CommentRow;
  Coverage: CoverageRow;
  CoverageEntry: CoverageEntryRow;
}

/** A row that knows its GraphQL type, for fields that answer one of several. */
export type NodeRow = { [Type in NodeType]: NodeRows[Type] & { readonly __typename: Type } }[NodeType];

/** What one operation of one viewer works with. Never shared between viewers. */
export interface Context {
  readonly viewer: Viewer;
  /** Names the request in answers and logs. */
  readonly requestId: string;
  readonly cursors: CursorCodec;
  readonly loaders: Loaders;
}

/** Everything that resolvers read through, fresh for each operation: nothing is read twice, and nothing grows stale. */
export type Loaders = ReturnType<typeof createLoaders>;

function createLoaders(repos: Repos, viewer: Viewer) {
  const posts = createPostLoaders(repos.posts, viewer);
  const loaders = {
    accounts: createAccountLoaders(repos.accounts),
    tags: createTagLoaders(repos.tags),
    posts,
    comments: createCommentLoaders(repos.comments, viewer, posts.byId),
    coverage: createCoverageLoaders(repos.coverage, viewer, posts.byId),
    reactions: createReactionLoaders(repos.reactions, viewer),
    search: createSearchLoaders(repos.search),
  };
  const byType: { [Type in NodeType]: { load(uuid: string): Promise<NodeRows[Type] | null> } } = {
    User: loaders.accounts.byId,
    Tag: loaders.tags.byId,
    Post: loaders.posts.byId,
    Comment: loaders.comments.byId,
    Coverage: loaders.coverage.byId,
    CoverageEntry: loaders.coverage.entryById,
  };
  return {
    ...loaders,
    /** Any object, with its type, if the viewer may read it. */
    async node(type: NodeType, uuid: string): Promise<NodeRow | null> {
      const row = await byType[type].load(uuid);
      return row === null ? null : ({ ...row, __typename: type } as NodeRow);
    },
  };
}

type Repos = ReturnType<typeof createRepos>;

const createRepos = (db: Database) => ({
  accounts: createAccountRepo(db),
  tags: createTagRepo(db),
  posts: createPostRepo(db),
  comments: createCommentRepo(db),
  coverage: createCoverageRepo(db),
  reactions: createReactionRepo(db),
  search: createSearchRepo(db),
});

/** Makes the context of each operation. */
export type ContextFactory = (viewer: Viewer, requestId: string) => Context;

/** What all contexts share is made once. */
export function createContextFactory(db: Database, cursors: CursorCodec): ContextFactory {
  const repos = createRepos(db);
  return (viewer, requestId) => ({ viewer, requestId, cursors, loaders: createLoaders(repos, viewer) });
}
