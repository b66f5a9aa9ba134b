import { createSourceEventStream, type GraphQLError, type GraphQLSchema } from 'graphql';
import { classOf, representativeOf, type Viewer } from '../auth/viewer.js';
import type { Feeds, Following } from '../events/feeds.js';
import { codeOf, isDatabaseAway, isFault } from '../graphql/errors.js';
import type { CursorCodec } from '../lib/cursor.js';
import type { Throttle } from '../limits/throttle.js';
import type { CohortIndex } from './cohortIndex.js';
import type { CohortOptions } from './cohorts/cohort.js';
import { spread } from './cohorts/recovery.js';
import { expired, lost, tooDear } from './endings.js';
import { createPauses } from './pauses.js';
import type { Presence } from './presence.js';
import type { OpenedSource } from './source.js';
import type { Cohort, Stream } from './stream.js';
import { keyOf, type Subscription } from './subscription.js';

/** Milliseconds, at most, until a stream looks again where it belongs, when the database was away. */
const TRY_AGAIN = 1_000;

/** Brings streams to where they belong. */
export interface Settling {
  /**
   * Brings a stream into the cohort where it belongs.
   *
   * @param from the position it was answered up to; undefined: its cursor says it.
   * @throws DomainError or GraphQLError when it may not listen, or not from there.
   */
  settle(stream: Stream, from?: number): Promise<void>;
  /** Takes a stream from its cohort and looks anew where it belongs, again and again while the database is away. */
  resettle(stream: Stream, position: number): void;
  /** Takes a stream from its cohort until there are so many points for it; ends it when there never will be. */
  pause(stream: Stream, position: number, points: number): void;
}

export interface SettlingOptions {
  readonly schema: GraphQLSchema;
  readonly feeds: Feeds;
  readonly cursors: CursorCodec;
  readonly contextOf: (viewer: Viewer) => object;
  readonly dependsOnViewer: (subscription: Subscription) => boolean;
  readonly presence: Presence;
  readonly throttle: Throttle;
  readonly index: CohortIndex;
  readonly createCohort: (options: CohortOptions<OpenedSource>, position: number) => Cohort;
  /** Ends a stream. */
  readonly end: (stream: Stream, error: unknown) => void;
  readonly report: (error: unknown) => void;
}

/** Who the answers are for: the viewer alone, or everybody of their class. */
function audienceOf(viewer: Viewer, isForClass: boolean) {
  const isShared = viewer.userId === null || isForClass;
  return isShared
    ? { key: `class:${classOf(viewer)}`, viewer: representativeOf(viewer), isShared }
    : // Whichever session or token speaks for them: what they read is the same.
      { key: `user:${viewer.userId}:${classOf(viewer)}`, viewer, isShared };
}

/** @see Settling */
export function createSettling(options: SettlingOptions): Settling {
  const { schema, feeds, cursors, contextOf, presence, index, createCohort, throttle, end, report } = options;
  const pauses = createPauses(throttle);

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

  const positionOf = (source: OpenedSource, subscription: Subscription, head: number): number => {
    const after = subscription.after ?? source.after;
    if (source.kind === 'value' || after === null) return head;
    const position = cursors.openPlace(source.topic, after);
    // The database was restored: what came after this cursor will come again, as something else.
    if (position > head) throw expired();
    return position;
  };

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
      const position = from ?? positionOf(source, subscription, head);
      stream.authorisedAt = head;
      if (source.readersOf !== null) stream.stopReading ??= presence.enter(source.readersOf, connection);
      const audience = audienceOf(viewer, isForClass && !options.dependsOnViewer(subscription));
      const key = `${topics.join(' ')} ${audience.key} ${keyOf(subscription)}`;
      const existing = index.find(key, position);
      if (existing !== undefined) return index.join(stream, existing);
      cohort = createCohort(
        {
          source,
          field: source.field,
          subscription,
          viewer: audience.viewer,
          isShared: audience.isShared,
          feeds: followings.map(({ feed }) => feed),
        },
        position,
      );
      index.add(cohort, { key, followings });
      index.join(stream, cohort);
    } finally {
      if (cohort === undefined) for (const following of followings) following.stop();
    }
  };

  const resettle = (stream: Stream, position: number): void => {
    index.leave(stream);
    settle(stream, position).catch((error: unknown) => {
      if (stream.isOver) return;
      if (isDatabaseAway(error)) {
        setTimeout(() => stream.isOver || resettle(stream, position), spread(TRY_AGAIN)).unref();
        return;
      }
      if (isFault(error)) report(error);
      end(stream, codeOf(error) === 'NOT_FOUND' ? lost() : error);
    });
  };

  return {
    settle,
    resettle,
    pause(stream, position, points) {
      const { payer } = stream.connection;
      const { maximum } = throttle.look(payer);
      if (points > maximum) return end(stream, tooDear(points, maximum));
      index.leave(stream);
      stream.stopWaiting = pauses.until(payer, points, () => {
        stream.stopWaiting = undefined;
        resettle(stream, position);
      });
      return undefined;
    },
  };
}
