import type { Viewer } from './auth/viewer.js';
import type { IdempotencyStore } from './changes/idempotency.js';
import type { Database } from './db/client.js';
import { createHistory } from './events/history.js';
import { type IdType, isNode, type NodeType } from './graphql/globalIds.js';
import type { CursorCodec } from './lib/cursor.js';
import type { Presence } from './live/presence.js';
import { createAccountLoaders } from './modules/accounts/loaders.js';
import { createAccountRepo, type UserRow } from './modules/accounts/repo/reading.js';
import { createAuditLoaders } from './modules/audit/loaders.js';
import { createBookmarkLoaders } from './modules/bookmarks/loaders.js';
import { createCommentLoaders } from './modules/comments/loaders.js';
import type { CommentRow } from './modules/comments/repo/reading.js';
import { createCoverageLoaders } from './modules/coverage/loaders.js';
import type { CoverageEntryRow, CoverageRow } from './modules/coverage/repo/reading.js';
import { createFollowLoaders } from './modules/follows/loaders.js';
import { createPostLoaders } from './modules/posts/loaders.js';
import type { PostRow } from './modules/posts/repo/reading.js';
import { createReactionLoaders } from './modules/reactions/loaders.js';
import { createReactionRepo } from './modules/reactions/repo/reading.js';
import { createSearchLoaders } from './modules/search/loaders.js';
import { createSearchRepo } from './modules/search/repo.js';
import { createTagLoaders } from './modules/tags/loaders.js';
import { createTagRepo, type TagRow } from './modules/tags/repo.js';
import type { Services } from './services.js';

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

/** What a transport knows of a request. */
export interface RequestFacts {
  readonly viewer: Viewer;
  /** The client's network address. */
  readonly address: string;
  /** Names the request in answers and logs. */
  readonly requestId: string;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
}

/** What all operations share. */
export interface Shared {
  readonly cursors: CursorCodec;
  readonly idempotency: IdempotencyStore;
  /** Who watches what, over all instances. */
  readonly presence: Presence;
  /** For writing. */
  readonly services: Services;
}

/** What one operation of one viewer works with. Never shared between viewers. */
export interface Context extends RequestFacts, Shared {
  /** For reading. */
  readonly loaders: Loaders;
  /** Forgets what has been read so far: after a change it may be another thing. */
  renewLoaders(): void;
}

/** Everything that resolvers read through, fresh for each operation: nothing is read twice, and nothing grows stale. */
export type Loaders = ReturnType<typeof createLoaders>;

/** What is made when it is first asked for, and then kept: an operation uses few of all loaders. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function createLoaders(db: Database, viewer: Viewer) {
  const posts = once(() => createPostLoaders(db, viewer));
  const accounts = once(() => createAccountLoaders(createAccountRepo(db)));
  const tags = once(() => createTagLoaders(createTagRepo(db)));
  const comments = once(() => createCommentLoaders(db, viewer, posts().byId));
  const coverage = once(() => createCoverageLoaders(db, viewer, posts().byId));
  const reactions = once(() => createReactionLoaders(createReactionRepo(db), viewer));
  const search = once(() => createSearchLoaders(createSearchRepo(db)));
  const follows = once(() =>
    createFollowLoaders(db, viewer, { users: accounts().byId, tags: tags().byId, posts: posts().byId }),
  );
  const bookmarks = once(() => createBookmarkLoaders(db, viewer, posts().byId));
  const audit = once(() => createAuditLoaders(db));
  const history = once(() => createHistory(db));
  const byType: { [Type in NodeType]: () => { load(uuid: string): Promise<NodeRows[Type] | null> } } = {
    User: () => accounts().byId,
    Tag: () => tags().byId,
    Post: () => posts().byId,
    Comment: () => comments().byId,
    Coverage: () => coverage().byId,
    CoverageEntry: () => coverage().entryById,
  };
  return {
    get posts() {
      return posts();
    },
    get accounts() {
      return accounts();
    },
    get tags() {
      return tags();
    },
    get comments() {
      return comments();
    },
    get coverage() {
      return coverage();
    },
    get reactions() {
      return reactions();
    },
    get search() {
      return search();
    },
    get follows() {
      return follows();
    },
    get bookmarks() {
      return bookmarks();
    },
    get audit() {
      return audit();
    },
    get history() {
      return history();
    },
    /** Any object, with its type, if the viewer may read it. */
    async node(type: IdType, uuid: string): Promise<NodeRow | null> {
      const row = isNode(type) ? await byType[type]().load(uuid) : null;
      return row === null ? null : ({ ...row, __typename: type } as NodeRow);
    },
  };
}

/** Makes the context of each operation. */
export type ContextFactory = (request: RequestFacts) => Context;

/** What all contexts share is made once. */
export const createContextFactory =
  (db: Database, shared: Shared): ContextFactory =>
  (request) => {
    let loaders = createLoaders(db, request.viewer);
    // Apollo copies the context of each operation: what changes is inherited, so that the copy changes with it.
    const reading = {
      get loaders() {
        return loaders;
      },
      renewLoaders() {
        loaders = createLoaders(db, request.viewer);
      },
    };
    return Object.assign(Object.create(reading) as typeof reading, request, shared);
  };
