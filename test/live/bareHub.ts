import { makeExecutableSchema } from '@graphql-tools/schema';
import { parse } from 'graphql';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import type { LoggedEvent, NewEvent } from '../../src/events/catalogue.js';
import type { Feeds } from '../../src/events/feeds.js';
import { topicOf } from '../../src/events/topics.js';
import { createCursorCodec } from '../../src/lib/cursor.js';
import { createHub, type Hub } from '../../src/live/hub.js';
import { createPresence } from '../../src/live/presence.js';
import { type Heard as HeardOf, type Source, subscription } from '../../src/live/source.js';
import type { Connection, Stream } from '../../src/live/stream.js';
import { createThrottle, payerOf, type Throttle } from '../../src/limits/throttle.js';
import { TEST_SECRET } from '../kit/app.js';
import { createUnthrottled } from '../kit/unthrottled.js';

const TOPIC = topicOf.posts();
const ACCESS = topicOf.access();

const EVENTS = parse('subscription ($after: String) { events(after: $after) { cursor text } }');
const VALUE = parse('subscription { value { text } }');

const SCHEMA = `
  type Query { nothing: Int }
  type Event { cursor: String text: String }
  type Value { text: String }
  type Subscription { events(after: String): Event value: Value }`;

/** Topics in memory, in the place of the log. What is committed is heard of when it is told, or looked for. */
function createBareFeeds() {
  const topics = new Map<string, { log: LoggedEvent[]; told: number; followers: Set<() => void> }>();
  const topicCalled = (name: string) => {
    const topic = topics.get(name) ?? { log: [], told: 0, followers: new Set() };
    topics.set(name, topic);
    return topic;
  };
  const tell = (name: string): void => {
    const topic = topicCalled(name);
    topic.told = topic.log.length;
    for (const advanced of topic.followers) advanced();
  };
  const feeds: Feeds = {
    async follow(name, advanced) {
      const topic = topicCalled(name);
      const own = (): void => advanced();
      topic.followers.add(own);
      const feed = {
        topic: name,
        get last() {
          return topic.told;
        },
        read: async (after: number) => topic.log.slice(after, topic.told),
      };
      return { feed, stop: () => void topic.followers.delete(own) };
    },
    headOf: async (name) => topicCalled(name).log.length,
    refresh: async (names = []) => names.forEach(tell),
    stop: async () => undefined,
  };
  const commit = (event: NewEvent): void => {
    const { log } = topicCalled(event.topic);
    const accessSeq = topicCalled(ACCESS).log.length;
    log.push({ ...event, seq: log.length + 1, occurredAt: new Date().toISOString(), accessSeq });
  };
  return { feeds, commit, tell };
}

/** A throttle with buckets of one size for everybody. */
export const throttleOf = (size: { readonly maximum: number; readonly restoreRate: number }): Throttle =>
  createThrottle({
    redis: undefined,
    secret: TEST_SECRET,
    tiers: {
      ANONYMOUS: size,
      READER: size,
      AUTHOR: size,
      MODERATOR: size,
      EDITOR: size,
      ADMIN: size,
      API_TOKEN: size,
    },
    report: (error) => {
      throw error;
    },
  });

/** What a stream was given. */
export interface BareHeard {
  readonly stream: Stream;
  readonly texts: readonly string[];
  /** The code it ended with; undefined while it goes on. */
  readonly end: string | undefined;
}

export interface BareOptions {
  readonly throttle?: Throttle;
  /** Whether every user is answered alone. */
  readonly dependsOnViewer?: boolean;
}

/** A hub with one stream of events and one value, and no database: a test says what is read, and how long that takes. */
export interface BareHub {
  readonly hub: Hub;
  /** What an object says now, to a viewer. A test may replace it. */
  read: (viewer: Viewer) => string | Promise<string>;
  /** Called when somebody's right to listen is looked up. A test may replace it. */
  authorise: () => void | Promise<void>;
  /** What a reader says who is asked whether it has caught up. A test may replace it. */
  caughtUp: () => Promise<void> | undefined;
  /** What a viewer hears of every event. */
  hear: HeardOf;
  /** The users whom every event concerns. */
  concerned: readonly string[];
  /** How often the right to listen was looked up. */
  readonly lookUps: number;
  /** Faults that were reported. */
  readonly reported: readonly unknown[];
  /** Something happens: an event, and the value is to be read anew. */
  happen(): void;
  /** Something happens to rights. Nobody has heard of it yet. */
  commitAccess(event: Omit<Extract<NewEvent, { type: 'session.revoked' | 'user.roleSet' }>, 'topic'>): void;
  /** Rights that changed are heard of. */
  tellAccess(): void;
  /** @param address names who pays for an anonymous viewer. */
  connect(viewer?: Viewer, address?: string): Promise<Connection>;
  /** @param after how many events this stream has had; undefined: it begins now. */
  listen(connection: Connection, to: 'events' | 'value', after?: number): Promise<BareHeard>;
}

/** @see BareHub */
export async function startBare({
  throttle = createUnthrottled(),
  dependsOnViewer = false,
}: BareOptions = {}): Promise<BareHub> {
  const { feeds, commit, tell } = createBareFeeds();
  const cursors = createCursorCodec(TEST_SECRET);
  const reported: unknown[] = [];
  let lookUps = 0;
  const authorise = async (): Promise<boolean> => {
    lookUps += 1;
    await bare.authorise();
    return true;
  };
  const events = (): Source => ({
    kind: 'events',
    topic: TOPIC,
    readersOf: null,
    authorise,
    hear: () => bare.hear,
    concerns: () => bare.concerned,
    find: async () => ({}),
    mayKeep: () => false,
  });
  const value = (): Source => ({
    kind: 'value',
    topics: [TOPIC],
    readersOf: null,
    authorise,
    read: async ({ viewer }: { readonly viewer: Viewer }) => ({ text: await bare.read(viewer) }),
  });
  const schema = makeExecutableSchema({
    typeDefs: SCHEMA,
    resolvers: {
      Event: { text: (_: unknown, _args: unknown, { viewer }: { viewer: Viewer }) => bare.read(viewer) },
      Subscription: { events: subscription(events), value: subscription(value) },
    },
  });
  const hub = await createHub({
    schema,
    feeds,
    cursors,
    contextOf: (viewer) => ({ viewer }),
    dependsOnViewer: () => dependsOnViewer,
    presence: createPresence(),
    throttle,
    executionsAtOnce: 6,
    report: (error) => void reported.push(error),
  });
  const bare: BareHub = {
    hub,
    read: () => 'a text',
    authorise: () => undefined,
    caughtUp: () => undefined,
    hear: 'CHANGED',
    concerned: [],
    get lookUps() {
      return lookUps;
    },
    reported,
    happen() {
      commit({ topic: TOPIC, type: 'bookmark.added', payload: { userId: '', postId: '' } });
      tell(TOPIC);
    },
    commitAccess: (event) => commit({ topic: ACCESS, ...event } as NewEvent),
    tellAccess: () => tell(ACCESS),
    async connect(viewer = ANONYMOUS, address = '') {
      const connection: Connection = {
        viewer,
        apiTokenId: null,
        address,
        payer: payerOf({ viewer, apiTokenId: null, address }),
        streams: new Set(),
        revoke: () => hub.disconnect(connection),
      };
      await hub.identify(connection, async () => ({ viewer, apiTokenId: null }));
      return connection;
    },
    async listen(connection, to, after) {
      const texts: string[] = [];
      let end: string | undefined;
      const stream = await hub.open(
        connection,
        {
          document: to === 'events' ? EVENTS : VALUE,
          operationName: undefined,
          variableValues: after === undefined ? {} : { after: cursors.sealPlace(TOPIC, after) },
          cost: 1,
        },
        {
          next({ json }) {
            const { data } = JSON.parse(json) as { data: Record<string, { text: string }> };
            texts.push(data[to]?.text ?? '');
          },
          caughtUp: () => bare.caughtUp(),
          end: (error) => (end = error === undefined ? 'COMPLETE' : String(error.extensions?.['code'])),
        },
      );
      return {
        stream,
        texts,
        get end() {
          return end;
        },
      };
    },
  };
  return bare;
}
