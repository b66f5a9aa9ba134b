import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPresence, type Presence } from '../../src/live/presence.js';
import { connectRedis } from '../../src/redis.js';
import { startProxy } from '../kit/proxy.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { eventually } from '../kit/sockets.js';

/** The counts of a post that somebody heard so far. */
function countsOf(
  presence: Presence,
  postId: string,
): { readonly heard: number[]; readonly stop: () => void } {
  const heard: number[] = [];
  return { heard, stop: presence.watch(postId, (count) => heard.push(count)) };
}

describe('readers of one instance', () => {
  it('count once for each post, however many streams they have', async () => {
    const presence = createPresence();
    const socket = {};
    const leave = [presence.enter('a', socket), presence.enter('a', socket), presence.enter('b', socket)];
    presence.enter('a', 'an EventSource');
    const { heard } = countsOf(presence, 'a');
    expect(heard).toEqual([2]);
    leave[0]?.();
    leave[0]?.();
    presence.enter('b', {});
    expect(countsOf(presence, 'a').heard).toEqual([2]);
    expect(countsOf(presence, 'b').heard).toEqual([2]);
    leave[1]?.();
    await eventually(() => expect(heard).toEqual([2, 1]));
    await presence.close();
  });

  it('who come and go in a burst are told of a few times, and then as they are', async () => {
    const presence = createPresence();
    const { heard } = countsOf(presence, 'a');
    for (let place = 0; place < 1_000; place += 1) presence.enter('a', {});
    expect(heard).toEqual([0, 1]);
    await eventually(() => expect(heard).toEqual([0, 1, 1_000]));
    await presence.close();
  });

  it('are told to nobody who has stopped listening', async () => {
    const presence = createPresence();
    const [gone, here] = [countsOf(presence, 'a'), countsOf(presence, 'a')];
    gone.stop();
    presence.enter('a', {});
    expect(here.heard).toEqual([0, 1]);
    here.stop();
    here.stop();
    gone.stop();
    expect(countsOf(presence, 'a').heard).toEqual([1]);
    presence.enter('a', {});
    await presence.close();
    expect([gone.heard, here.heard]).toEqual([[0], [0, 1]]);
  });
});

describe.skipIf(withoutRedis)(`readers of many instances${needsRedis}`, () => {
  const log = { warn: () => undefined, info: () => undefined };
  const open: (() => Promise<unknown> | void)[] = [];
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

  /** An instance, and a way to kill it: then it says nothing more. */
  async function openInstance(url = redis.url, intervalMs?: number): Promise<Presence & { kill(): void }> {
    const connection = await connectRedis(url, log);
    const presence = createPresence({ redis: connection, ...(intervalMs !== undefined && { intervalMs }) });
    open.push(async () => {
      await presence.close();
      connection.disconnect();
    });
    return { ...presence, kill: () => connection.disconnect() };
  }

  it('count together, and leave nothing in Redis when they are gone', async () => {
    const [one, other] = [await openInstance(), await openInstance()];
    const [here, there] = [countsOf(one, 'together'), countsOf(other, 'together')];
    const leave = [one.enter('together', {}), one.enter('together', {}), other.enter('together', {})];
    await eventually(() => expect([here.heard.at(-1), there.heard.at(-1)]).toEqual([3, 3]));
    expect(await admin.hlen('tidings:readers:together')).toBe(2);
    expect(await admin.pttl('tidings:readers:together')).toBeGreaterThan(0);
    leave[0]?.();
    await eventually(() => expect([here.heard.at(-1), there.heard.at(-1)]).toEqual([2, 2]));
    for (const left of leave.slice(1)) left();
    await eventually(() => expect([here.heard.at(-1), there.heard.at(-1)]).toEqual([0, 0]));
    expect(await admin.exists('tidings:readers:together')).toBe(0);
    expect(here.heard.every((count) => count >= 0 && count <= 3)).toBe(true);
  });

  it('are known within the next refresh where no hint arrives', async () => {
    const [one, other] = [await openInstance(), await openInstance(redis.url, 200)];
    const { heard } = countsOf(other, 'unhinted');
    one.enter('unhinted', {});
    await eventually(() => expect(heard.at(-1)).toBe(1));
    await admin.hset('tidings:readers:unhinted', 'a third', `5:${Date.now()}`);
    await eventually(() => expect(heard.at(-1)).toBe(6));
  });

  it('are forgotten within 15 seconds when their instance is killed', async () => {
    const [one, other] = [await openInstance(), await openInstance()];
    one.enter('killed', {});
    other.enter('killed', {});
    const { heard } = countsOf(other, 'killed');
    await eventually(() => expect(heard.at(-1)).toBe(2));
    const killed = performance.now();
    one.kill();
    await eventually(() => expect(heard.at(-1)).toBe(1));
    expect(performance.now() - killed).toBeLessThan(15_000);
    expect(await admin.hlen('tidings:readers:killed')).toBe(1);
  });

  it('are counted by no clock but that of Redis, and never by what is no count', async () => {
    const presence = await openInstance(redis.url, 100);
    await admin.hset('tidings:readers:strange', { old: '7:1', none: 'x', negative: '-3:9999999999999' });
    presence.enter('strange', {});
    const { heard } = countsOf(presence, 'strange');
    await eventually(async () => expect(await admin.hlen('tidings:readers:strange')).toBe(1));
    await admin.publish('tidings:readers', 'not JSON');
    await admin.publish('tidings:readers', '{"from":1}');
    presence.enter('strange', {});
    await eventually(() => expect(heard).toEqual([1, 2]));
  });

  it('leave when their instance is closed', async () => {
    const [one, other] = [await openInstance(), await openInstance()];
    one.enter('closed', {});
    const { heard } = countsOf(other, 'closed');
    await eventually(() => expect(heard.at(-1)).toBe(1));
    await one.close();
    expect(await admin.exists('tidings:readers:closed')).toBe(0);
    await eventually(() => expect(heard.at(-1)).toBe(0));
  });

  it('count for their own instance while Redis is away, and together again when it is back', async () => {
    const mortal = await startRedis();
    open.push(() => mortal.kill());
    const [one, other] = [await openInstance(mortal.url), await openInstance(mortal.url)];
    one.enter('away', {});
    other.enter('away', {});
    const { heard } = countsOf(one, 'away');
    await eventually(() => expect(heard.at(-1)).toBe(2));
    await mortal.kill();
    await eventually(() => expect(heard.at(-1)).toBe(1));
    one.enter('away', {});
    await eventually(() => expect(heard.at(-1)).toBe(2));

    const reborn = await startRedis(Number(new URL(mortal.url).port));
    open.unshift(() => reborn.stop());
    await eventually(() => expect(heard.at(-1)).toBe(3));
  });

  it('count for their own instance in a black hole, and together again after it', async () => {
    const proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) });
    open.push(() => proxy.close());
    const [one, other] = [await openInstance(), await openInstance(proxy.through(redis.url))];
    one.enter('hole', {});
    const { heard } = countsOf(other, 'hole');
    await eventually(() => expect(heard.at(-1)).toBe(1));
    proxy.blackHole(true);
    await eventually(() => expect(heard.at(-1)).toBe(0));
    proxy.blackHole(false);
    await eventually(() => expect(heard.at(-1)).toBe(1));
  });

  it('come back by themselves after all of Redis was emptied', async () => {
    const [one, other] = [await openInstance(), await openInstance()];
    one.enter('emptied', {});
    const { heard } = countsOf(other, 'emptied');
    await eventually(() => expect(heard.at(-1)).toBe(1));
    await admin.flushall();
    await admin.script('FLUSH');
    other.enter('emptied', {});
    await eventually(() => expect(heard.at(-1)).toBe(2));
    await eventually(async () => expect(await admin.hlen('tidings:readers:emptied')).toBe(2));
  });
});
