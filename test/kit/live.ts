import { payerOf, type Throttle } from '../../src/limits/throttle.js';
import { createUnthrottled } from './unthrottled.js';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import { createAttempts } from '../../src/auth/attempts.js';
import type { Viewer } from '../../src/auth/viewer.js';
import type { Caller } from '../../src/changes/caller.js';
import { createChanges } from '../../src/changes/change.js';
import { createIdempotencyStore } from '../../src/changes/idempotency.js';
import { type Context, createContextFactory } from '../../src/context.js';
import { type Database, openDatabase } from '../../src/db/client.js';
import { type Bus, createLocalBus } from '../../src/events/bus.js';
import { createFeeds, type Feeds } from '../../src/events/feeds.js';
import { topicOf } from '../../src/events/topics.js';
import { createViewerDependence } from '../../src/graphql/viewerDependence.js';
import { type CursorCodec, createCursorCodec } from '../../src/lib/cursor.js';
import type { Subscription } from '../../src/live/subscription.js';
import { createHub, type Hub } from '../../src/live/hub.js';
import { createPresence, type Presence } from '../../src/live/presence.js';
import type { Answer } from '../../src/live/rendering.js';
import type { Connection, Sink, Stream } from '../../src/live/stream.js';
import { createBodyRenderer } from '../../src/render/pool.js';
import { createSchema } from '../../src/schema.js';
import { createServices, type Services } from '../../src/services.js';
import { TEST_SECRET } from './app.js';

const POOL_SIZE = 8;

/** A stream that was opened, and what came of it. */
export interface Heard {
  readonly stream: Stream;
  readonly connection: Connection;
  readonly answers: readonly Answer[];
  /** The code it ended with, `COMPLETE` for none; undefined while it goes on. */
  readonly end: string | undefined;
}

/** What is live, put together as in src/app.ts, without transports. */
export interface Live {
  readonly db: Database;
  readonly schema: GraphQLSchema;
  readonly presence: Presence;
  readonly hub: Hub;
  readonly feeds: Feeds;
  readonly cursors: CursorCodec;
  readonly services: Services;
  readonly contextOf: (viewer: Viewer) => Context;
  /** What a viewer is answered, without a transport in between. */
  ask<Data>(viewer: Viewer, query: DocumentNode, variables?: Record<string, unknown>): Promise<Data>;
  connect(viewer: Viewer): Promise<Connection>;
  /** Subscribes, on a connection of one's own or on this one. */
  listen(
    viewer: Viewer,
    query: DocumentNode,
    variables?: Record<string, unknown>,
    connection?: Connection,
  ): Promise<Heard>;
  stop(): Promise<void>;
}

/** Who writes, for a service. */
export const callerFor = (viewer: Viewer): Caller => ({
  viewer,
  operation: 'of a test',
  address: null,
  requestId: null,
});

const documents = new Map<string, DocumentNode>();

/** A document; the same text is the same document, as the one execution path has it. */
export function documentOf(text: string): DocumentNode {
  const known = documents.get(text) ?? parse(text, { noLocation: true });
  documents.set(text, known);
  return known;
}

/**
 * @param makeBus tells the instance of its own events; it may do that badly.
 * @param throttle has as many points as anybody wants, unless given.
 */
export async function startLive(
  url: string,
  makeBus: () => Bus = createLocalBus,
  throttle: Throttle = createUnthrottled(),
): Promise<Live> {
  const database = openDatabase({ url, poolSize: POOL_SIZE, statementTimeout: 10_000 });
  const { db } = database;
  const idempotency = createIdempotencyStore(TEST_SECRET);
  const bus = makeBus();
  const changes = createChanges(db, idempotency, bus.publish);
  const renderer = createBodyRenderer();
  const presence = createPresence();
  const cursors = createCursorCodec(TEST_SECRET);
  const services = createServices({
    db,
    changes,
    renderer,
    accessTokens: createAccessTokens({ secret: TEST_SECRET, previousSecret: undefined }),
    attempts: createAttempts(TEST_SECRET, undefined),
  });
  const createContext = createContextFactory(db, {
    cursors,
    idempotency,
    presence,
    servicesOver: () => services,
  });
  const contextOf = (viewer: Viewer): Context =>
    createContext({ address: '', requestId: 'of a test', idempotencyKey: undefined }, viewer);
  const schema = createSchema();
  const failures: unknown[] = [];
  const report = (error: unknown): void => void failures.push(error);
  const feeds = createFeeds({ db, bus, urgent: new Set([topicOf.access()]), report });
  const dependsOnViewer = createViewerDependence(schema);
  const hub = await createHub({
    schema,
    feeds,
    cursors,
    presence,
    executionsAtOnce: POOL_SIZE - 2,
    contextOf,
    dependsOnViewer: ({ document, operationName }) => dependsOnViewer(document, operationName),
    throttle,
    report,
  });

  const connect = async (viewer: Viewer): Promise<Connection> => {
    const connection: Connection = {
      viewer,
      apiTokenId: null,
      address: '',
      payer: payerOf({ viewer, apiTokenId: null, address: '' }),
      streams: new Set(),
      revoke: () => hub.disconnect(connection),
    };
    await hub.identify(connection, async () => ({ viewer, apiTokenId: null }));
    return connection;
  };

  return {
    db,
    schema,
    presence,
    hub,
    feeds,
    cursors,
    services,
    contextOf,
    connect,
    async ask<Data>(viewer: Viewer, document: DocumentNode, variableValues: Record<string, unknown> = {}) {
      const { data, errors } = await execute({
        schema,
        document,
        variableValues,
        contextValue: contextOf(viewer),
      });
      if (errors?.[0]) throw errors[0];
      return data as Data;
    },
    async listen(viewer, document, variableValues = {}, connection) {
      const answers: Answer[] = [];
      let end: string | undefined;
      const sink: Sink = {
        next: (answer) => void answers.push(answer),
        caughtUp: () => undefined,
        end: (error) => (end = error === undefined ? 'COMPLETE' : String(error.extensions?.['code'])),
      };
      const subscription: Subscription = { document, operationName: undefined, variableValues, cost: 3 };
      const own = connection ?? (await connect(viewer));
      const stream = await hub.open(own, subscription, sink);
      return {
        stream,
        connection: own,
        answers,
        get end() {
          return end;
        },
      };
    },
    async stop() {
      await hub.stop();
      await feeds.stop();
      await bus.close();
      await presence.close();
      await renderer.close();
      await database.close();
      if (failures.length > 0) throw new AggregateError(failures, 'Something failed that was live.');
    },
  };
}
