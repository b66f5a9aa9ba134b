import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LONGEST_KEPT, MOST_BYTES } from '../../src/limits/persisted/kept.js';
import { MOST_SHARED } from '../../src/limits/persisted/shared.js';
import { createPersistedDocuments, type PersistedDocuments } from '../../src/limits/persistedDocuments.js';
import { connectRedis } from '../../src/redis.js';
import { hashOf } from '../kit/persisted.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { until } from '../kit/until.js';

const keyOf = (text: string): string => `apq:${hashOf(text)}`;

let made = 0;

/** A document of this many characters, unlike all others. */
const documentOf = (characters: number): string =>
  `#${++made} `.padEnd(characters - 15, 'x') + '\n{ __typename }';

describe('persisted documents without Redis', () => {
  it('are found by the hashes of their texts', async () => {
    const { cache, isTrusted } = await createPersistedDocuments({ redis: undefined });
    const text = documentOf(100);
    expect(await cache.get(keyOf(text))).toBeUndefined();
    await cache.set(keyOf(text), text);
    expect(await cache.get(keyOf(text))).toBe(text);
    expect(isTrusted(hashOf('anything'))).toBe(true);
  });

  it('take no more memory than they may, whoever sends how many, and keep those that are used', async () => {
    const { cache } = await createPersistedDocuments({ redis: undefined });
    const used = documentOf(1_000);
    await cache.set(keyOf(used), used);
    const texts = Array.from({ length: 10_000 }, () => documentOf(8_000));
    for (const text of texts) {
      await cache.set(keyOf(text), text);
      await cache.get(keyOf(used));
    }
    const found = await Promise.all(texts.map(async (text) => (await cache.get(keyOf(text))) === text));
    const kept = found.filter(Boolean).length;
    expect(kept).toBeGreaterThan(900);
    expect(kept * 2 * 8_000).toBeLessThan(MOST_BYTES);
    // The newest.
    expect(found.indexOf(true)).toBe(texts.length - kept);
    expect(await cache.get(keyOf(used))).toBe(used);
  });

  it('are not kept when they are too long', async () => {
    const { cache } = await createPersistedDocuments({ redis: undefined });
    const fits = `#${'é'.repeat(LONGEST_KEPT / 2 - 10)}\n{ a }`;
    const tooLong = `#${'é'.repeat(LONGEST_KEPT / 2)}\n{ a }`;
    await cache.set(keyOf(fits), fits);
    await cache.set(keyOf(tooLong), tooLong);
    expect(await cache.get(keyOf(fits))).toBe(fits);
    expect(await cache.get(keyOf(tooLong))).toBeUndefined();
  });

  it.for(['', 'apq:', 'apq:[object Object]', `apq:${'A'.repeat(64)}`, `apq:${'a'.repeat(1_000_000)}`])(
    'have no other names than hashes (%#)',
    async (key) => {
      const { cache } = await createPersistedDocuments({ redis: undefined });
      await cache.set(key, '{ __typename }');
      expect(await cache.get(key)).toBeUndefined();
    },
  );
});

describe.skipIf(withoutRedis)(`persisted documents in Redis${needsRedis}`, () => {
  let server: TestRedis;
  /** Looks at Redis from outside. */
  let outside: Redis;
  const connections: Redis[] = [];
  const logged: string[] = [];

  beforeAll(async () => {
    server = await startRedis();
    outside = new Redis(server.url);
  });
  afterAll(async () => {
    outside.disconnect();
    await server.stop();
  });
  beforeEach(() => outside.flushall());
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.disconnect();
    logged.length = 0;
  });

  /** What one instance has. */
  const instance = async (url = server.url): Promise<PersistedDocuments['cache'] & { redis: Redis }> => {
    const silent = { warn: () => undefined, info: () => undefined };
    const redis = await connectRedis(url, silent);
    connections.push(redis);
    const { cache } = await createPersistedDocuments({
      redis,
      log: { warn: (_, message) => void logged.push(message) },
    });
    return Object.assign(cache, { redis });
  };

  const untilKept = (text: string): Promise<void> =>
    until(
      'Redis has the document',
      async () => (await outside.hget('tidings:apq:texts', hashOf(text))) === text,
    );

  it('are shared among instances, and outlive them', async () => {
    const text = documentOf(200);
    const one = await instance();
    await one.set(keyOf(text), text);
    await untilKept(text);
    one.redis.disconnect();
    const another = await instance();
    expect(await another.get(keyOf(text))).toBe(text);
    expect(await another.get(keyOf('{ unknown }'))).toBeUndefined();
    expect(logged).toEqual([]);
  });

  it('are not run when somebody put another text in their place', async () => {
    const text = documentOf(200);
    const one = await instance();
    await one.set(keyOf(text), text);
    await untilKept(text);
    await outside.hset('tidings:apq:texts', hashOf(text), 'mutation { deleteAccount }');
    const another = await instance();
    expect(await another.get(keyOf(text))).toBeUndefined();
    expect(await outside.hexists('tidings:apq:texts', hashOf(text))).toBe(0);
    expect(logged).toEqual(['a persisted document in Redis was not what its hash says; it is forgotten']);
    // Its client sends it again.
    await another.set(keyOf(text), text);
    await untilKept(text);
  });

  it('are forgotten a day after their last use', async () => {
    const idle = documentOf(200);
    const one = await instance();
    await one.set(keyOf(idle), idle);
    await untilKept(idle);
    for (const key of ['tidings:apq:texts', 'tidings:apq:used']) {
      expect(await outside.pttl(key)).toBeGreaterThan(86_000_000);
    }
    await outside.zadd('tidings:apq:used', String(Date.now() - 86_500_000), hashOf(idle));
    const used = documentOf(200);
    await one.set(keyOf(used), used);
    await untilKept(used);
    expect(await outside.hkeys('tidings:apq:texts')).toEqual([hashOf(used)]);
    expect(await outside.zrange('tidings:apq:used', '0', '-1')).toEqual([hashOf(used)]);
  });

  it('are bounded in Redis too, and those go first that were used least recently', async () => {
    const one = await instance();
    const texts = Array.from({ length: MOST_SHARED + 300 }, () => documentOf(100));
    for (const text of texts) {
      await one.set(keyOf(text), text);
      // As fast as Redis takes them: what it cannot take at the moment is not waited for.
      await one.redis.ping();
    }
    const last = texts.at(-1) ?? '';
    await untilKept(last);
    expect(await outside.hlen('tidings:apq:texts')).toBe(MOST_SHARED);
    expect(await outside.zcard('tidings:apq:used')).toBe(MOST_SHARED);
    const [first = ''] = texts;
    expect(await outside.hexists('tidings:apq:texts', hashOf(first))).toBe(0);
  });

  it('begin anew when Redis has lost what bounds them', async () => {
    const one = await instance();
    const before = documentOf(100);
    await one.set(keyOf(before), before);
    await untilKept(before);
    await outside.del('tidings:apq:used');
    const after = documentOf(100);
    await one.set(keyOf(after), after);
    await untilKept(after);
    expect(await outside.hkeys('tidings:apq:texts')).toEqual([hashOf(after)]);
  });

  it('come back when their clients send them to a Redis that has lost them', async () => {
    const text = documentOf(100);
    const one = await instance();
    await one.set(keyOf(text), text);
    await untilKept(text);
    await outside.flushall();
    // Another instance did not find it, and its text came here.
    await one.set(keyOf(text), text);
    await untilKept(text);
    expect(await (await instance()).get(keyOf(text))).toBe(text);
  });

  it('are not there while Redis is away, and nothing fails; each instance keeps its own', async () => {
    const own = await startRedis();
    const one = await instance(own.url);
    const gone = new Promise((resolve) => one.redis.once('close', resolve));
    await own.kill();
    await gone;
    const text = documentOf(100);
    expect(await one.get(keyOf(text))).toBeUndefined();
    await one.set(keyOf(text), text);
    expect(await one.get(keyOf(text))).toBe(text);
    expect(logged).toEqual([]);
  });

  it('are not waited for long when Redis stands still, and do not pile up', async () => {
    const own = await startRedis();
    try {
      const one = await instance(own.url);
      own.freeze(true);
      const started = performance.now();
      expect(await one.get(keyOf('{ unknown }'))).toBeUndefined();
      expect(performance.now() - started).toBeLessThan(4_000);
      const texts = Array.from({ length: 1_000 }, () => documentOf(100));
      for (const text of texts) await one.set(keyOf(text), text);
      expect(await one.get(keyOf(texts[0] ?? ''))).toBe(texts[0]);
      own.freeze(false);
      // On the connection of the writes, so behind them.
      await until('Redis answers again', async () => (await one.redis.ping()) === 'PONG');
      const kept = await one.redis.hlen('tidings:apq:texts');
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThanOrEqual(100);
    } finally {
      own.freeze(false);
      await own.stop();
    }
  });

  it('tell the operator once when Redis is there and refuses', async () => {
    await outside.set('tidings:apq:texts', 'not a hash');
    const one = await instance();
    expect(await one.get(keyOf('{ a }'))).toBeUndefined();
    expect(await one.get(keyOf('{ b }'))).toBeUndefined();
    expect(logged).toEqual(['persisted documents are not shared; clients send their texts again']);
  });
});
