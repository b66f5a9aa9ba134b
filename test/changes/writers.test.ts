import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createWriters } from '../../src/changes/writers.js';
import { beginConnecting, createRedis } from '../../src/redis.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { until } from '../kit/until.js';

const MOMENT = 10_000;

describe.skipIf(withoutRedis)(`who wrote just now${needsRedis}`, () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server?.stop();
  });

  async function openWriters() {
    const redis = await createRedis(server.url);
    onTestFinished(() => redis.disconnect());
    await beginConnecting(redis);
    return { redis, writers: createWriters(redis, MOMENT) };
  }

  it('is known on every instance, and nobody else is', async () => {
    const [here, there] = [await openWriters(), await openWriters()];
    await here.writers.note(['a writer']);
    expect(await there.writers.wroteJustNow('a writer')).toBe(true);
    expect(await there.writers.wroteJustNow('a reader')).toBe(false);
  });

  it('is known on every instance as soon as Redis is back, which was away or has forgotten it', async () => {
    const [here, there] = [await openWriters(), await openWriters()];
    await here.writers.note(['before']);
    await server.kill();
    await until('it is away', () => here.redis.status !== 'ready');
    await here.writers.note(['meanwhile']);
    expect(await there.writers.wroteJustNow('anybody'), 'when it cannot be known, they did').toBe(true);
    server = await startRedis(Number(new URL(server.url).port));
    await until('both are connected', () => here.redis.status === 'ready' && there.redis.status === 'ready');
    const onlooker = new Redis(server.url);
    onTestFinished(() => onlooker.disconnect());
    await until('it knows both', async () => (await onlooker.keys('tidings:wrote:*')).length === 2);
    for (const name of ['before', 'meanwhile']) {
      expect(await there.writers.wroteJustNow(name)).toBe(true);
      const left = await onlooker.pttl(`tidings:wrote:${name}`);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(MOMENT);
    }
    expect(await there.writers.wroteJustNow('anybody')).toBe(false);
  });
});
