import type { Viewer } from './auth/viewer.js';
import type { IdempotencyStore } from './changes/idempotency.js';
import type { Database } from './db/client.js';
import { counted, type Effort } from './db/counting.js';
import { plainReaders, type ReaderFactory } from './db/readers.js';
import { createHistory } from './events/history.js';
import type { Asked } from './graphql/asked.js';
import { type IdType, isNode, type NodeType } from './graphql/globalIds.js';
import type { CursorCodec } from './lib/cursor.js';
import type { Asking } from './lib/asking.js';
import type { Transport } from './lib/signals.js';
import type { Payer } from './limits/throttle.js';
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
  /** The client's network address. */
  readonly address: string;
  /** Names the request in answers and logs. */
  readonly requestId: string;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
  /** The way it came; undefined: the server itself asks. */
  readonly transport?: Transport | undefined;
  /** Whether the answer may be kept by caches, and so must say nothing about who asked. */
  readonly isCacheable?: boolean | undefined;
  /** Who waits for the answer. */
  readonly asking?: Asking | undefined;
  /** Whether it must see all that is committed: what follows an event must see what the event is about. */
  readonly newest?: boolean | undefined;
}

/** What all operations share. */
export interface Shared {
  readonly cursors: CursorCodec;
  readonly idempotency: IdempotencyStore;
  /** Who watches what, over all instances. */
  readonly presence: Presence;
  /** For writing, over a database. */
  readonly servicesOver: (db: Database) => Services;
}

/** What one operation of one viewer works with. Never shared between viewers. */
export interface Context extends RequestFacts, Shared {
  readonly viewer: Viewer;
  /** Who pays for it; undefined: the server itself asks. */
  readonly payer: Payer | undefined;
  /** For reading. */
  readonly loaders: Loaders;
  /** For writing. */
  readonly services: Services;
  /** What it asked of the database so far. */
  readonly effort: Effort;
  /** What it asks for. */
  readonly asked: Asked;
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

/** @param useNewest lets `db` read nothing that is older than what it reads next. */
function createLoaders(
  db: Database,
  viewer: Viewer,
  { effort, asked }: Pick<Context, 'effort' | 'asked'>,
  useNewest: () => void,
) {
  const posts = once(() => createPostLoaders(db, viewer, effort.posts, asked));
  const accounts = once(() => createAccountLoaders(createAccountRepo(db), asked));
  const tags = once(() => createTagLoaders(createTagRepo(db)));
  const comments = once(() => createCommentLoaders(db, viewer, posts().byId, accounts().byId, asked));
  const coverage = once(() => createCoverageLoaders(db, viewer, posts().byId, asked));
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
      // Whoever knows of an event must see what it is about.
      useNewest();
      return history();
    },
    /** Any object, with its type, if the viewer may read it. */
    async node(type: IdType, uuid: string): Promise<NodeRow | null> {
      const row = isNode(type) ? await byType[type]().load(uuid) : null;
      return row === null ? null : ({ ...row, __typename: type } as NodeRow);
    },
  };
}

/** Makes the context of each operation. @param payer who pays for it; undefined: the server itself asks. */
export type ContextFactory = (request: RequestFacts, viewer: Viewer, payer?: Payer) => Context;

/** What changes while an operation runs. */
interface Work {
  readonly effort: Effort;
  readonly asked: Asked;
  readonly loaders: Loaders;
  readonly services: Services;
  renewLoaders(): void;
}

/** Apollo copies the context of each operation: what changes is one object for all copies. */
class OperationState implements Context {
  readonly viewer;
  readonly address;
  readonly requestId;
  readonly idempotencyKey;
  readonly transport;
  readonly isCacheable;
  readonly asking;
  readonly newest;
  readonly payer;
  readonly cursors;
  readonly idempotency;
  readonly presence;
  readonly servicesOver;
  readonly effort: Effort;
  readonly asked: Asked;
  private readonly work: Work;

  /** One by one: to copy what may have any properties takes several times as long. */
  constructor(request: RequestFacts, viewer: Viewer, payer: Payer | undefined, shared: Shared, work: Work) {
    this.viewer = viewer;
    this.payer = payer;
    this.address = request.address;
    this.requestId = request.requestId;
    this.idempotencyKey = request.idempotencyKey;
    this.transport = request.transport;
    this.isCacheable = request.isCacheable;
    this.asking = request.asking;
    this.newest = request.newest;
    this.cursors = shared.cursors;
    this.idempotency = shared.idempotency;
    this.presence = shared.presence;
    this.servicesOver = shared.servicesOver;
    this.effort = work.effort;
    this.asked = work.asked;
    this.work = work;
  }

  get loaders(): Loaders {
    return this.work.loaders;
  }

  get services(): Services {
    return this.work.services;
  }

  renewLoaders(): void {
    this.work.renewLoaders();
  }
}

/** What all contexts share is made once. */
export const createContextFactory =
  (db: Database, shared: Shared, readerOf: ReaderFactory = plainReaders(db)): ContextFactory =>
  (request, viewer, payer) => {
    const { asking, newest } = request;
    const effort: Effort = { statements: 0, posts: new Set() };
    const reader = readerOf({ viewer, asking, newest, effort });
    const asked: Asked = { fields: undefined };
    let loaders = createLoaders(reader.db, viewer, { effort, asked }, reader.useNewest);
    // Whatever becomes of the request: a change that began goes on.
    const services = once(() => shared.servicesOver(counted(db, effort)));
    const work: Work = {
      effort,
      asked,
      get loaders() {
        return loaders;
      },
      get services() {
        return services();
      },
      renewLoaders() {
        reader.useNewest();
        loaders = createLoaders(reader.db, viewer, { effort, asked }, reader.useNewest);
      },
    };
    return new OperationState(request, viewer, payer, shared, work);
  };
