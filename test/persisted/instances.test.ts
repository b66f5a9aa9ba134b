import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { hashOf } from '../kit/persisted.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { until } from '../kit/until.js';
import { post } from '../transport/requests.js';

describe.skipIf(withoutRedis)(`instances with a Redis${needsRedis}`, () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let outside: Redis;
  beforeAll(async () => {
    database = await createTestDatabase();
    redis = await startRedis();
    outside = new Redis(redis.url);
  });
  afterAll(async () => {
    outside.disconnect();
    await redis.stop();
    await database.drop();
  });

  const start = (url = redis.url): Promise<TestApp> =>
    startTestApp({ DATABASE_URL: database.url, REDIS_URL: url });

  /** What an instance answers to a hash, with the text or without it. */
  const ask = async (app: TestApp, text: string, query?: string): Promise<unknown> => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(text) } };
    return (await post(app.endpoint, { query, extensions })).json();
  };
  const ANSWERED = { data: { __typename: 'Query' } };
  const UNKNOWN = { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

  const untilShared = (text: string): Promise<void> =>
    until('it is shared', async () => (await outside.hexists('tidings:apq:texts', hashOf(text))) === 1);

  it('share persisted documents, and a new one finds them', async () => {
    const text = 'query Shared { __typename }';
    const one = await start();
    const two = await start();
    expect(await ask(two, text)).toMatchObject(UNKNOWN);
    expect(await ask(one, text, text)).toMatchObject(ANSWERED);
    await untilShared(text);
    expect(await ask(two, text)).toMatchObject(ANSWERED);
    await one.stop();
    await two.stop();
    const three = await start();
    expect(await ask(three, text)).toMatchObject(ANSWERED);
    await three.stop();
  });

  it('never run what somebody put in the place of a document', async () => {
    const text = 'query Poisoned { __typename }';
    const one = await start();
    expect(await ask(one, text, text)).toMatchObject(ANSWERED);
    await untilShared(text);
    await outside.hset('tidings:apq:texts', hashOf(text), '{ posts(first: 1) { totalCount } }');
    const two = await start();
    expect(await ask(two, text)).toMatchObject(UNKNOWN);
    expect(two.logged.map(({ msg }) => msg)).toContain(
      'a persisted document in Redis was not what its hash says; it is forgotten',
    );
    expect(await ask(two, text, text)).toMatchObject(ANSWERED);
    expect(await ask(two, text)).toMatchObject(ANSWERED);
    await Promise.all([one.stop(), two.stop()]);
  });

  it('go on by themselves while it is away', async () => {
    const own = await startRedis();
    const app = await start(own.url);
    const kept = 'query Kept { __typename }';
    expect(await ask(app, kept, kept)).toMatchObject(ANSWERED);
    await own.kill();
    expect(await ask(app, kept)).toMatchObject(ANSWERED);
    const fresh = 'query Away { __typename }';
    expect(await ask(app, fresh)).toMatchObject(UNKNOWN);
    expect(await ask(app, fresh, fresh)).toMatchObject(ANSWERED);
    expect(await ask(app, fresh)).toMatchObject(ANSWERED);
    await app.stop();
  });
});
