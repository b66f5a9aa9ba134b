import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { until } from '../kit/until.js';

describe.skipIf(withoutRedis)(`an instance with Redis${needsRedis}`, () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let app: TestApp;

  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    app = await startTestApp({ DATABASE_URL: database.url, REDIS_URL: redis.url });
  });
  afterAll(async () => {
    redis.freeze(false);
    await app.stop();
    await redis.stop();
    await database.drop();
  });

  const ready = async () => {
    const began = performance.now();
    const response = await fetch(new URL('/health/ready', app.endpoint));
    return {
      code: response.status,
      body: (await response.json()) as { readonly status: string },
      took: performance.now() - began,
    };
  };

  test('is ready and degraded while Redis says nothing, answers so at once, and recovers', async () => {
    await until('the bus is heard', async () => (await ready()).body.status === 'ok');
    redis.freeze(true);
    await until('it is degraded', async () => (await ready()).body.status === 'degraded');
    const { code, body, took } = await ready();
    expect({ code, body }).toEqual({
      code: 200,
      body: { status: 'degraded', draining: false, database: 'ok', bus: 'away' },
    });
    expect(took).toBeLessThan(1_000);
    expect(await app.query('{ __typename }')).toEqual({ __typename: 'Query' });
    redis.freeze(false);
    await until('it is well again', async () => (await ready()).body.status === 'ok');
  });
});
