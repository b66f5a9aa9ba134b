import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { signals } from '../lib/signals.js';
import { within } from '../lib/time.js';
import { beginConnecting, createRedis, endConnection, type RedisHabits, type RedisLog } from '../redis.js';
import { createChannels } from './bus/channels.js';
import { createHearers, type Hear } from './bus/hearers.js';
import { type Message, readMessage } from './bus/messages.js';
import { type Pulse, startPulse } from './bus/pulse.js';
import { createSubscriber } from './bus/subscriber.js';
import type { LoggedEvent } from './catalogue.js';

/** Tells instances of events as they stand in the log. It wakes up, and nothing more: the log is what counts. */
export interface Bus {
  /** Tells every instance, this one included at once. Never throws and never waits: a lost message is no loss, the log has it. */
  publish(this: void, events: readonly LoggedEvent[]): void;
  /**
   * Hears the events of a topic from now on; resolves when that has begun, after at most 500 ms when Redis is away, and
   * then it begins as soon as Redis is back. The returned function stops it.
   */
  listen(topic: string, hear: Hear): Promise<() => void>;
  /** Whether messages of other instances arrive as they should. */
  readonly isHealthy: boolean;
  /** Whether there is a way for them to come at all. */
  readonly isShared: boolean;
  /** Calls when hearing may have had a gap: the connection came back. */
  onGap(heard: () => void): void;
  /** Hears and tells nothing more. */
  close(): Promise<void>;
}

/** Milliseconds that listening waits for Redis, and a start for the first message to come around. */
const LONGEST_WAIT = 500;

/** Milliseconds between two lines of the log about messages that are none. */
const REPORT_INTERVAL = 60_000;

/** Each connection starts empty: what an old one had not sent is old news, or asked for again. */
const FORGETFUL: RedisHabits = {
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
};

const SILENT: RedisLog = { warn: () => undefined, info: () => undefined };

const reporterOf = (log: RedisLog) => (error: unknown) =>
  log.warn({ err: error }, 'whoever hears an event failed');

/** A bus for an instance that is alone. */
export function createLocalBus(log: RedisLog = SILENT): Bus {
  const hearers = createHearers(reporterOf(log));
  return {
    publish(events) {
      for (const event of events) {
        signals.publishing.say({ event, carrier: {} });
        hearers.tell(event);
      }
    },
    listen: async (topic, hear) => hearers.add(topic, hear),
    isHealthy: true,
    isShared: false,
    onGap: () => undefined,
    close: async () => hearers.clear(),
  };
}

export interface RedisBusOptions {
  readonly url: string;
  /** The same for all instances of a publication, and for none of another one. */
  readonly secret: string;
  /** Hears once when the others fall silent and once when they are heard again. */
  readonly log: RedisLog;
}

/** A bus for any number of instances with one Redis. It starts, and goes on, without it: then each instance hears itself. */
export async function createRedisBus({ url, secret, log }: RedisBusOptions): Promise<Bus> {
  // Loaded only when it is used, like the client.
  const { RedisPubSub } = await import('graphql-redis-subscriptions');
  const publisher = await createRedis(url, FORGETFUL);
  // A SUBSCRIBE is not given up while its connection lives: its answer would open a channel that nobody knows of.
  const connection = await createRedis(url, { ...FORGETFUL, commandTimeout: undefined });
  const subscriber = createSubscriber(connection);
  const pubsub = new RedisPubSub({ publisher, subscriber: subscriber as unknown as Redis });

  const channelOf = createChannels(secret);
  const instance = randomUUID();
  const hearers = createHearers(reporterOf(log));
  const gaps = new Set<() => void>();
  /** The subscription of each topic that Redis is asked for; it resolves when it has begun. */
  const channels = new Map<string, Promise<number>>();
  let reportedAt = -Infinity;

  const send = (channel: string, message: unknown): void => {
    pubsub.publish(channel, message).catch(() => undefined);
  };

  const drop = (topic: string): void => {
    if (performance.now() - reportedAt < REPORT_INTERVAL) return;
    reportedAt = performance.now();
    log.warn({ topic }, 'dropped a message on the bus that is none of ours');
  };

  const openChannel = (topic: string): Promise<number> =>
    pubsub.subscribe(channelOf(topic), (received: unknown) => {
      const message = readMessage(topic, received);
      if (message === undefined) drop(topic);
      // What this instance published it has heard already.
      else if (message.from !== instance) {
        signals.received.say(message);
        hearers.tell(message.event);
      }
    });

  const closeChannel = async (topic: string): Promise<void> => {
    const opened = channels.get(topic);
    const id = await opened;
    // Somebody may have come meanwhile, or closed it.
    if (id === undefined || hearers.has(topic) || channels.get(topic) !== opened) return;
    channels.delete(topic);
    pubsub.unsubscribe(id);
  };

  const pulseChannel = `tidings:pulse:${instance}`;
  const pulse: Pulse = startPulse({
    log,
    send(sentAt) {
      send(pulseChannel, sentAt);
      void subscriber.askAgain();
      // A connection that only hears would never notice that it is dead: it has to ask something.
      if (connection.status === 'ready') connection.ping().catch(() => undefined);
    },
    onReturn: () => gaps.forEach((heard) => heard()),
  });
  const firstBeat = new Promise<void>((resolve) => {
    void pubsub.subscribe(pulseChannel, (sentAt: unknown) => {
      if (typeof sentAt === 'number') pulse.hear(sentAt);
      resolve();
    });
  });
  connection.on('close', () => pulse.lose());
  connection.on('ready', () => void subscriber.askAgain().then(() => pulse.beat()));

  await Promise.all([beginConnecting(publisher), beginConnecting(connection)]);
  if (connection.status === 'ready') await within(LONGEST_WAIT, firstBeat, undefined);

  return {
    publish(events) {
      for (const event of events) {
        const message: Message = { from: instance, event };
        signals.publishing.say({ event, carrier: message });
        hearers.tell(event);
        send(channelOf(event.topic), message);
      }
    },
    async listen(topic, hear) {
      const stop = hearers.add(topic, hear);
      const opened = channels.get(topic) ?? openChannel(topic);
      channels.set(topic, opened);
      await within(LONGEST_WAIT, opened, undefined);
      return () => {
        stop();
        if (!hearers.has(topic)) void closeChannel(topic);
      };
    },
    isShared: true,
    get isHealthy() {
      return pulse.isHeard;
    },
    onGap: (heard) => void gaps.add(heard),
    async close() {
      pulse.stop();
      hearers.clear();
      gaps.clear();
      await Promise.all([endConnection(publisher), endConnection(connection)]);
    },
  };
}
