import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Bus, createLocalBus, createRedisBus } from '../../src/events/bus.js';
import { createChannels } from '../../src/events/bus/channels.js';
import type { LoggedEvent } from '../../src/events/catalogue.js';
import { TEST_SECRET } from '../kit/app.js';
import { type Proxy, startProxy } from '../kit/proxy.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { eventually } from '../kit/sockets.js';

const eventOf = (topic: string, seq: number): LoggedEvent => ({
  topic,
  seq,
  type: 'bookmark.added',
  payload: { userId: 'u', postId: 'p' },
  occurredAt: '2026-11-22T18:30:00.000Z',
  accessSeq: 0,
});

const channelOf = createChannels(TEST_SECRET);

/** The `seq` of the events of a topic that a bus has heard so far. */
async function heardOn(bus: Bus, topic: string): Promise<readonly number[]> {
  const heard: number[] = [];
  await bus.listen(topic, ({ seq }) => heard.push(seq));
  return heard;
}

const healthOf = (...buses: Bus[]): boolean[] => buses.map((bus) => bus.isHealthy);

/** Whether what one publishes from now on is heard by the other, without a look into the log. */
async function expectToReach(from: Bus, to: Bus): Promise<void> {
  await eventually(() => expect(healthOf(from, to)).toEqual([true, true]));
  const heard = await heardOn(to, 'reached');
  from.publish([eventOf('reached', 1)]);
  await eventually(() => expect(heard).toEqual([1]));
}

describe('a bus in one process', () => {
  it('tells at once whoever hears the topic, in order, until they stop', async () => {
    const bus = createLocalBus();
    const heard: number[] = [];
    const stop = await bus.listen('posts', ({ seq }) => heard.push(seq));
    bus.publish([eventOf('posts', 1), eventOf('moderation', 1), eventOf('posts', 2)]);
    expect(heard).toEqual([1, 2]);
    stop();
    bus.publish([eventOf('posts', 3)]);
    expect(heard).toEqual([1, 2]);
    expect(bus.isHealthy).toBe(true);
    await bus.close();
  });

  it('tells the others when one who hears fails, and says so', async () => {
    const warn = vi.fn<(details: object, line: string) => void>();
    const bus = createLocalBus({ warn, info: () => undefined });
    await bus.listen('posts', () => {
      throw new Error('I fail.');
    });
    const heard = await heardOn(bus, 'posts');
    bus.publish([eventOf('posts', 1)]);
    expect(heard).toEqual([1]);
    expect(warn.mock.calls).toEqual([[{ err: new Error('I fail.') }, 'whoever hears an event failed']]);
  });
});

describe.skipIf(withoutRedis)(`a bus over Redis${needsRedis}`, () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });

  let redis: TestRedis;
  let admin: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  /** What the bus that was opened last told its operator. */
  let told: string[] = [];
  async function openBus(url = redis.url, secret = TEST_SECRET): Promise<Bus> {
    const lines: string[] = [];
    told = lines;
    const log = {
      warn: (_: object, line: string) => lines.push(line),
      info: (line: string) => lines.push(line),
    };
    const bus = await createRedisBus({ url, secret, log });
    open.push(() => bus.close());
    return bus;
  }

  async function openProxy(): Promise<Proxy> {
    const proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) });
    open.push(() => proxy.close());
    return proxy;
  }

  it('tells every instance once and in order, its own at once', async () => {
    const [one, other] = [await openBus(), await openBus()];
    expect(healthOf(one, other)).toEqual([true, true]);
    const [here, there] = [await heardOn(one, 'posts'), await heardOn(other, 'posts')];
    const seqs = Array.from({ length: 500 }, (_, place) => place + 1);
    one.publish(seqs.map((seq) => eventOf('posts', seq)));
    expect(here).toEqual(seqs);
    other.publish([eventOf('posts', 501)]);
    await eventually(() => expect(there.filter((seq) => seq <= 500)).toEqual(seqs));
    await eventually(() => expect(here).toEqual([...seqs, 501]));
    await expectToReach(one, other);
    expect(there).toHaveLength(501);
  });

  it('hears nothing of another publication that shares the Redis', async () => {
    const [ours, theirs] = [await openBus(), await openBus(redis.url, `${TEST_SECRET} of another one`)];
    const [here, there] = [await heardOn(ours, 'posts'), await heardOn(theirs, 'posts')];
    theirs.publish([eventOf('posts', 1)]);
    ours.publish([eventOf('posts', 2)]);
    const [us, them] = [await openBus(), await openBus(redis.url, `${TEST_SECRET} of another one`)];
    await expectToReach(us, ours);
    await expectToReach(them, theirs);
    expect([here, there]).toEqual([[2], [1]]);
  });

  it('hands on an event as it was', async () => {
    const [one, other] = [await openBus(), await openBus()];
    const heard: LoggedEvent[] = [];
    await other.listen('posts', (event) => heard.push(event));
    one.publish([eventOf('posts', 7)]);
    await eventually(() => expect(heard).toEqual([eventOf('posts', 7)]));
  });

  it('hears a topic while somebody listens, and leaves no channel open after that', async () => {
    const bus = await openBus();
    const channels = async () => (await admin.pubsub('CHANNELS', 'tidings:events:*')) as string[];
    const stops = await Promise.all(['a', 'b', 'c', 'a'].map((topic) => bus.listen(topic, () => undefined)));
    expect((await channels()).toSorted()).toEqual(['a', 'b', 'c'].map(channelOf).toSorted());
    stops[0]?.();
    const again = await bus.listen('b', () => undefined);
    for (const stop of stops.slice(1)) stop();
    await eventually(async () => expect(await channels()).toEqual([channelOf('b')]));
    again();
    again();
    await eventually(async () => expect(await channels()).toEqual([]));
    expect(await heardOn(bus, 'a')).toEqual([]);
    expect(await channels()).toEqual([channelOf('a')]);
  });

  it('hears nothing but messages, and says so once', async () => {
    const [one, other] = [await openBus(), await openBus()];
    const heard = await heardOn(other, 'posts');
    const message = { from: 'somebody', event: eventOf('posts', 1) };
    for (const garbage of [
      'not JSON',
      '',
      'null',
      '[]',
      JSON.stringify({ ...message, event: { ...message.event, seq: '1' } }),
      JSON.stringify({ ...message, event: { ...message.event, seq: 0 } }),
      JSON.stringify({ ...message, event: { ...message.event, payload: [] } }),
      JSON.stringify({ ...message, event: { ...message.event, occurredAt: 'yesterday' } }),
      JSON.stringify({ event: message.event }),
      JSON.stringify({ ...message, event: eventOf('moderation', 1) }),
    ]) {
      await admin.publish(channelOf('posts'), garbage);
    }
    one.publish([eventOf('posts', 2)]);
    await eventually(() => expect(heard).toEqual([2]));
    expect(told).toEqual(['dropped a message on the bus that is none of ours']);
  });

  it('does not mind that all of Redis is emptied', async () => {
    const [one, other] = [await openBus(), await openBus()];
    const heard = await heardOn(other, 'posts');
    await admin.flushall();
    one.publish([eventOf('posts', 1)]);
    await eventually(() => expect(heard).toEqual([1]));
  });

  it('hears again after Redis was killed and came back, and says that it may have missed something', async () => {
    const mortal = await startRedis();
    open.push(() => mortal.kill());
    const [one, other] = [await openBus(mortal.url), await openBus(mortal.url)];
    const heard = await heardOn(other, 'posts');
    const gap = vi.fn<() => void>();
    other.onGap(gap);
    await mortal.kill();
    await eventually(() => expect(healthOf(one, other)).toEqual([false, false]));
    await eventually(() => expect(told).toHaveLength(1));
    one.publish([eventOf('posts', 1)]);
    expect(gap).not.toHaveBeenCalled();

    const reborn = await startRedis(Number(new URL(mortal.url).port));
    open.unshift(() => reborn.stop());
    await expectToReach(one, other);
    expect(gap).toHaveBeenCalled();
    one.publish([eventOf('posts', 2)]);
    await eventually(() => expect(heard).toEqual([2]));
    expect(told).toEqual([
      'Events of other instances do not arrive; reading them from the log',
      'Events of other instances arrive again',
    ]);
  });

  it.each([
    ['a short black hole', 2_500],
    ['one that is longer than a connection lasts', 7_000],
  ])('notices %s in which every connection stays open, and hears again after it', async (_, milliseconds) => {
    const proxy = await openProxy();
    const [one, other] = [await openBus(), await openBus(proxy.through(redis.url))];
    const gap = vi.fn<() => void>();
    other.onGap(gap);
    const began = performance.now();
    proxy.blackHole(true);
    await eventually(() => expect(healthOf(one, other)).toEqual([true, false]));
    const rest = milliseconds - (performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, rest));
    expect(gap).not.toHaveBeenCalled();
    proxy.blackHole(false);
    await expectToReach(one, other);
    await expectToReach(other, one);
    expect(gap).toHaveBeenCalled();
  });

  it('notices that Redis stands still, and hears again when it goes on', async () => {
    const still = await startRedis();
    open.push(() => still.kill());
    const [one, other] = [await openBus(still.url), await openBus(still.url)];
    still.freeze(true);
    await eventually(() => expect(healthOf(one, other)).toEqual([false, false]));
    still.freeze(false);
    await expectToReach(one, other);
  });

  it('hears again, on every topic, however often its connection is killed', async () => {
    const [one, other] = [await openBus(), await openBus()];
    const topics = Array.from({ length: 200 }, (_, place) => `topic-${place}`);
    const heard = await Promise.all(topics.map((topic) => heardOn(other, topic)));
    const gap = vi.fn<() => void>();
    other.onGap(gap);
    for (let kill = 0; kill < 100; kill += 1) {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      one.publish(topics.map((topic) => eventOf(topic, 1)));
      await new Promise((resolve) => setTimeout(resolve, kill % 30));
    }
    await eventually(() => {
      // The last of the kills may not have been noticed yet.
      one.publish(topics.map((topic) => eventOf(topic, 2)));
      expect(heard.map((seqs) => seqs.at(-1))).toEqual(topics.map(() => 2));
    });
    expect(gap).toHaveBeenCalled();
    await expectToReach(one, other);
  });

  it('starts, and can be listened to, while Redis is away, and hears as soon as it is there', async () => {
    const gone = await startRedis();
    await gone.kill();
    const bus = await openBus(gone.url);
    const gap = vi.fn<() => void>();
    bus.onGap(gap);
    expect(bus.isHealthy).toBe(false);
    const heard = await heardOn(bus, 'posts');
    const stop = await bus.listen('moderation', () => undefined);
    stop();
    bus.publish([eventOf('posts', 1)]);
    expect(heard).toEqual([1]);

    const reborn = await startRedis(Number(new URL(gone.url).port));
    open.unshift(() => reborn.stop());
    const other = await openBus(gone.url);
    await eventually(() => expect(bus.isHealthy).toBe(true));
    expect(gap).toHaveBeenCalled();
    other.publish([eventOf('posts', 2)]);
    await eventually(() => expect(heard).toEqual([1, 2]));
    const client = new Redis(gone.url);
    onTestFinished(() => client.disconnect());
    await eventually(async () =>
      expect(await client.pubsub('CHANNELS', 'tidings:events:*')).toEqual([channelOf('posts')]),
    );
  });

  it('leaves nothing open when it is closed, in a black hole neither', async () => {
    const inUse = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    // What the tests before this one left is closing; the administrator's stays.
    await eventually(() => expect(inUse()).toBe(1));
    const away = await openBus('redis://127.0.0.1:1');
    await away.close();
    const near = await openBus();
    await near.listen('posts', () => undefined);
    await near.close();
    near.publish([eventOf('posts', 1)]);
    const proxy = await openProxy();
    const spoilt = await openBus(proxy.through(redis.url));
    proxy.blackHole(true);
    await spoilt.close();
    await proxy.close();
    open.splice(0);
    await eventually(() => expect(inUse()).toBe(1));
  });
});
