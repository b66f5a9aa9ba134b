import type { GraphQLSchema } from 'graphql';
import { classOf, type Viewer } from '../auth/viewer.js';
import type { LoggedEvent } from '../events/catalogue.js';
import type { Feeds } from '../events/feeds.js';
import { codeOf, presentFailure } from '../graphql/errors.js';
import type { CursorCodec } from '../lib/cursor.js';
import { signals, type StreamFact } from '../lib/signals.js';
import { payerOf, type Throttle } from '../limits/throttle.js';
import { createCohortIndex } from './cohortIndex.js';
import { createCohort } from './cohorts.js';
import type { CohortTools } from './cohorts/cohort.js';
import { createConnections } from './connections.js';
import type { Presence } from './presence.js';
import { createRendering } from './rendering.js';
import { followRights, type Rights } from './rights.js';
import { createSettling } from './settling.js';
import type { Connection, Sink, Stream } from './stream.js';
import type { Subscription } from './subscription.js';

/** Who a connection is. */
export type Identity = Pick<Connection, 'viewer' | 'apiTokenId'>;

/** What the hub has open and has done, for operators and tests. */
export interface HubCounters {
  /** Executions of subscriptions: one for each event and cohort, and those that were made ahead and came to nothing. */
  executions: number;
  readonly streams: number;
  readonly cohorts: number;
}

/** All that is streamed on this instance. */
export interface Hub {
  /**
   * Says who a connection is, for the first time or anew with a renewed token: the same user.
   *
   * @param authenticate says who it is, or throws; asked again when a right was lost meanwhile.
   */
  identify<Found extends Identity>(
    connection: Connection,
    authenticate: () => Promise<Found>,
  ): Promise<Found>;
  /**
   * Resolves when whatever was committed by now is known about rights: the connections that lost theirs are revoked, and
   * `viewer` is who the others are.
   */
  currentRights(): Promise<void>;
  /** Ends all streams of a connection without a word to it. */
  disconnect(connection: Connection): void;
  /**
   * Starts a subscription. Its answers, and why it could not go on, go to the sink.
   *
   * @throws DomainError or GraphQLError when it cannot begin.
   */
  open(connection: Connection, subscription: Subscription, sink: Sink): Promise<Stream>;
  close(stream: Stream): void;
  readonly counters: HubCounters;
  stop(): Promise<void>;
}

export interface HubOptions {
  readonly schema: GraphQLSchema;
  readonly feeds: Feeds;
  readonly cursors: CursorCodec;
  /** The context of one execution for a viewer. */
  readonly contextOf: (viewer: Viewer) => object;
  /** Whether a selection has fields whose answer depends on who asks, and not only on their class. */
  readonly dependsOnViewer: (subscription: Subscription) => boolean;
  readonly presence: Presence;
  readonly throttle: Throttle;
  /** Executions for subscriptions at a time. */
  readonly executionsAtOnce: number;
  readonly report: (error: unknown) => void;
}

/** Tells whoever watches what becomes of a stream. */
function sayOf({ connection, subscription }: Stream, change: StreamFact['change'], code?: string): void {
  if (!signals.stream.isHeard) return;
  const { userId } = connection.viewer;
  signals.stream.say({ name: subscription.operationName, viewerId: userId, change, code });
}

/** @see Hub */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { schema, feeds, cursors, contextOf, throttle, report } = options;
  const index = createCohortIndex();
  const connections = createConnections();
  let streams = 0;
  const counters: HubCounters = {
    executions: 0,
    get streams() {
      return streams;
    },
    get cohorts() {
      return index.size;
    },
  };

  const close = (stream: Stream, code?: string): void => {
    if (stream.isOver) return;
    sayOf(stream, 'ended', code);
    stream.isOver = true;
    streams -= 1;
    stream.connection.streams.delete(stream);
    stream.stopReading?.();
    stream.stopWaiting?.();
    index.leave(stream);
  };

  const end = (stream: Stream, error?: unknown): void => {
    if (stream.isOver) return;
    close(stream, error === undefined ? undefined : codeOf(error));
    if (error === undefined) return stream.sink.end();
    stream.sink.end(presentFailure(error));
  };

  const settling = createSettling({
    ...options,
    index,
    createCohort: (about, position) => createCohort(about, position, tools),
    end,
  });

  /** Streams of somebody with other rights belong elsewhere, or nowhere. */
  const changeViewer = (connection: Connection, viewer: Viewer): void => {
    const isOther = classOf(viewer) !== classOf(connection.viewer);
    connection.viewer = viewer;
    connection.payer = payerOf(connection);
    if (!isOther) return;
    for (const stream of connection.streams) {
      if (stream.cohort !== undefined) settling.resettle(stream, stream.cohort.position);
    }
  };

  /** What the topic `access` says, to those whom it is about. */
  const hearRights = (event: LoggedEvent): void => {
    for (const connection of connections.concernedBy(event)) {
      const viewer = connections.viewerAfter(connection, event);
      if (viewer === 'REVOKED') {
        connection.revoke();
        continue;
      }
      changeViewer(connection, viewer);
    }
  };

  /** Nobody can say any more whose rights were lost: whoever has any comes again. */
  const lostTrack = (): void => {
    for (const connection of connections.ofUsers()) connection.revoke();
  };

  const rights: Rights = await followRights({ feeds, hear: hearRights, lostTrack, report });
  const tools: CohortTools = {
    rights,
    render: createRendering({
      schema,
      contextOf,
      report,
      count: () => (counters.executions += 1),
      atOnce: options.executionsAtOnce,
    }),
    sealPlace: (topic, seq) => cursors.sealPlace(topic, seq),
    end,
    pay: ({ connection: { payer } }, points) => {
      const isPaid = throttle.spend(payer, points);
      if (!isPaid) signals.throttled.say({ tier: payer.tier, what: 'delivery' });
      return isPaid;
    },
    pause: (stream, position, points) => settling.pause(stream, position, points),
    resettle: (stream, position) => settling.resettle(stream, position),
    moved: (cohort) => index.moved(cohort),
    report,
  };

  return {
    counters,
    async identify(connection, authenticate) {
      let heard = rights.heard;
      let found = await authenticate();
      while (heard !== rights.heard) {
        heard = rights.heard;
        found = await authenticate();
      }
      changeViewer(connection, found.viewer);
      connection.apiTokenId = found.apiTokenId;
      connection.payer = payerOf(connection);
      connections.add(connection);
      return found;
    },
    currentRights: () => rights.current(),
    disconnect(connection) {
      connections.remove(connection);
      for (const stream of connection.streams) close(stream);
    },
    async open(connection, subscription, sink) {
      const stream: Stream = {
        connection,
        subscription,
        sink,
        authorisedAt: 0,
        cohort: undefined,
        lastValue: undefined,
        stopWaiting: undefined,
        stopReading: undefined,
        isOver: false,
      };
      streams += 1;
      connection.streams.add(stream);
      try {
        await settling.settle(stream);
        if (!stream.isOver) sayOf(stream, 'begun');
      } catch (error) {
        close(stream, codeOf(error));
        throw error;
      }
      return stream;
    },
    close,
    async stop() {
      rights.stop();
    },
  };
}
