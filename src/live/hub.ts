import { createSourceEventStream, type GraphQLError, type GraphQLSchema } from 'graphql';
import { classOf, representativeOf, type Viewer } from '../auth/viewer.js';
import type { LoggedEvent } from '../events/catalogue.js';
import type { Feeds, Following } from '../events/feeds.js';
import { codeOf, isDatabaseAway, isFault, presentFailure } from '../graphql/errors.js';
import type { CursorCodec } from '../lib/cursor.js';
import { type CohortTools, createCohort, expired, lost } from './cohort.js';
import { createConnections } from './connections.js';
import type { Presence } from './presence.js';
import { keyOf, type Subscription } from './documents.js';
import { createRendering } from './rendering.js';
import { followRights, type Rights } from './rights.js';
import type { OpenedSource } from './source.js';
import type { Cohort, Connection, Sink, Stream } from './stream.js';

/** Milliseconds until a stream looks again where it belongs, when the database was away. */
const TRY_AGAIN = 1_000;

/** Who a connection is. */
export type Identity = Pick<Connection, 'viewer' | 'apiTokenId'>;

/** What the hub has open and has done, for operators and tests. */
export interface HubCounters {
  /** Executions of subscriptions, one for each event and cohort. */
  executions: number;
  readonly streams: number;
  readonly cohorts: number;
  readonly connections: number;
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
  /** Executions for subscriptions at a time. */
  readonly executionsAtOnce: number;
  readonly report: (error: unknown) => void;
}

/** Where a cohort belongs. */
interface Home {
  readonly key: string;
  readonly followings: readonly Following[];
}

/** Who the answers are for: the viewer alone, or everybody of their class. */
function audienceOf(viewer: Viewer, isShared: boolean): { readonly key: string; readonly viewer: Viewer } {
  if (viewer.userId === null || isShared) {
    return { key: `class:${classOf(viewer)}`, viewer: representativeOf(viewer) };
  }
  // Whichever session or token speaks for them: what they read is the same.
  return { key: `user:${viewer.userId}:${classOf(viewer)}`, viewer };
}

/** @see Hub */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { schema, feeds, cursors, contextOf, presence, report } = options;
  const cohorts = new Map<string, Set<Cohort>>();
  const homes = new WeakMap<Cohort, Home>();
  const connections = createConnections();
  let streams = 0;
  const counters: HubCounters = {
    executions: 0,
    get streams() {
      return streams;
    },
    get cohorts() {
      return [...cohorts.values()].reduce((sum, { size }) => sum + size, 0);
    },
    get connections() {
      return connections.size;
    },
  };

  const dissolve = (cohort: Cohort): void => {
    const home = homes.get(cohort);
    if (home === undefined) return;
    cohort.stop();
    for (const following of home.followings) following.stop();
    const alike = cohorts.get(home.key);
    alike?.delete(cohort);
    if (alike?.size === 0) cohorts.delete(home.key);
    homes.delete(cohort);
  };

  const leave = (stream: Stream): void => {
    const { cohort } = stream;
    stream.cohort = undefined;
    cohort?.streams.delete(stream);
    if (cohort?.streams.size === 0) dissolve(cohort);
  };

  const close = (stream: Stream): void => {
    if (stream.isOver) return;
    stream.isOver = true;
    streams -= 1;
    stream.connection.streams.delete(stream);
    stream.stopReading?.();
    leave(stream);
  };

  const end = (stream: Stream, error?: unknown): void => {
    if (stream.isOver) return;
    close(stream);
    if (error === undefined) return stream.sink.end();
    stream.sink.end(presentFailure(error));
  };

  const join = (stream: Stream, cohort: Cohort): void => {
    cohort.streams.add(stream);
    stream.cohort = cohort;
    cohort.advance();
  };

  /** Cohorts of the same kind that come to the same place are one from then on. */
  const moved = (cohort: Cohort): void => {
    const home = homes.get(cohort);
    const alike = cohorts.get(home?.key ?? '') ?? [];
    const other = [...alike].find((one) => one !== cohort && one.isOpen && one.position === cohort.position);
    if (other === undefined) return;
    for (const stream of cohort.streams) join(stream, other);
    cohort.streams.clear();
    dissolve(cohort);
  };

  const sourceOf = async ({ document, operationName, variableValues }: Subscription, viewer: Viewer) => {
    const source = await createSourceEventStream({
      schema,
      document,
      variableValues,
      contextValue: contextOf(viewer),
      ...(operationName !== undefined && { operationName }),
    });
    if (!('errors' in source)) return source as unknown as OpenedSource;
    const [error] = (source as { readonly errors: readonly GraphQLError[] }).errors;
    throw error ?? new Error('A subscription has no source.');
  };

  /** Follows all topics, or none. */
  const followAll = async (topics: readonly string[], advanced: () => void): Promise<Following[]> => {
    const tried = await Promise.allSettled(topics.map((topic) => feeds.follow(topic, advanced)));
    const followings = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = tried.find((one) => one.status === 'rejected');
    if (failed === undefined) return followings;
    for (const following of followings) following.stop();
    throw failed.reason;
  };

  const placeOf = (source: OpenedSource, subscription: Subscription, head: number): number => {
    const after = subscription.after ?? source.after;
    if (source.kind === 'value' || after === null) return head;
    const place = cursors.openPlace(source.topic, after);
    // The database was restored: what came after this cursor will come again, as something else.
    if (place > head) throw expired();
    return place;
  };

  /** Brings a stream into the cohort where it belongs. @param from the place it was answered up to. */
  const settle = async (stream: Stream, from?: number): Promise<void> => {
    const { connection, subscription } = stream;
    const { viewer } = connection;
    const source = await sourceOf(subscription, viewer);
    const topics = source.kind === 'events' ? [source.topic] : source.topics;
    let cohort: Cohort | undefined;
    const followings = await followAll(topics, () => cohort?.advance());
    try {
      // The order matters: what takes the right away after it was checked lies behind the head.
      const head = source.kind === 'events' ? await feeds.headOf(source.topic) : 0;
      const isForClass = await source.authorise();
      if (stream.isOver) return;
      if (connection.viewer !== viewer) return await settle(stream, from);
      const position = from ?? placeOf(source, subscription, head);
      stream.authorisedAt = head;
      if (source.readersOf !== null) stream.stopReading ??= presence.enter(source.readersOf, connection);
      const audience = audienceOf(viewer, isForClass && !options.dependsOnViewer(subscription));
      const key = `${topics.join(' ')} ${audience.key} ${keyOf(subscription)}`;
      const alike = cohorts.get(key) ?? new Set();
      cohorts.set(key, alike);
      const existing = [...alike].find((one) => one.isOpen && one.position === position);
      if (existing !== undefined) return join(stream, existing);
      cohort = createCohort(
        {
          source,
          field: source.field,
          subscription,
          viewer: audience.viewer,
          feeds: followings.map(({ feed }) => feed),
        },
        position,
        tools,
      );
      homes.set(cohort, { key, followings });
      alike.add(cohort);
      join(stream, cohort);
    } finally {
      if (cohort === undefined) for (const following of followings) following.stop();
    }
  };

  const resettle = (stream: Stream, position: number): void => {
    leave(stream);
    settle(stream, position).catch((error: unknown) => {
      if (stream.isOver) return;
      if (isDatabaseAway(error)) {
        setTimeout(() => stream.isOver || resettle(stream, position), TRY_AGAIN).unref();
        return;
      }
      if (isFault(error)) report(error);
      end(stream, codeOf(error) === 'NOT_FOUND' ? lost() : error);
    });
  };

  /** Streams of somebody with other rights belong elsewhere, or nowhere. */
  const changeViewer = (connection: Connection, viewer: Viewer): void => {
    const isOther = classOf(viewer) !== classOf(connection.viewer);
    connection.viewer = viewer;
    if (!isOther) return;
    for (const stream of connection.streams) {
      if (stream.cohort !== undefined) resettle(stream, stream.cohort.position);
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
    resettle,
    moved,
    report,
  };

  return {
    counters,
    async identify(connection, authenticate) {
      let heard = rights.heard;
      let found = await authenticate();
      while (heard !== rights.heard) {
        heard = rights.heard;
        // eslint-disable-next-line no-await-in-loop -- until nothing was heard in between
        found = await authenticate();
      }
      changeViewer(connection, found.viewer);
      connection.apiTokenId = found.apiTokenId;
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
        stopReading: undefined,
        isOver: false,
      };
      streams += 1;
      connection.streams.add(stream);
      try {
        await settle(stream);
      } catch (error) {
        close(stream);
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
