import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { createPresence } from '../../src/live/presence.js';
import { beginConnecting, createRedis } from '../../src/redis.js';
import { createClient } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { startInstance } from '../kit/processes.js';
import { needsRedis, startRedis, withoutRedis } from '../kit/redis.js';
import { until } from '../kit/until.js';
import { layWire, type Wire } from './wire.js';

let database: TestDatabase;
let wire: Wire;
beforeAll(async () => {
  database = await createTestDatabase();
  wire = await layWire(database.url);
});
afterAll(async () => {
  wire?.close();
  await database?.drop();
});

describe('a transaction whose connection is lost', () => {
  let client: DatabaseClient;
  beforeAll(() => {
    // Whatever is wrong with its only connection shows.
    client = openDatabase({ url: wire.url, poolSize: 1, statementTimeout: 10_000 });
  });
  afterAll(async () => {
    await client?.close();
  });

  const say = (db: Database, text: string) => db.execute(sql.raw(text));

  it.for<[string, 'destroy' | 'resetAndDestroy', string]>([
    ['while a statement runs, by an end', 'destroy', 'select pg_sleep(5)'],
    ['while a statement runs, by a reset', 'resetAndDestroy', 'select pg_sleep(5)'],
    ['between two statements, by an end', 'destroy', 'select 1'],
    ['between two statements, by a reset', 'resetAndDestroy', 'select 1'],
  ])('%s fails, and the next statement is answered at once', async ([, how, statement]) => {
    let hasBegun = false;
    let gaveUp: Promise<void> | undefined;
    const work = async (tx: Database): Promise<void> => {
      await say(tx, 'select 1');
      const said = say(tx, statement);
      hasBegun = true;
      await said;
      await until('the connection is lost', () => wire.count() === 0);
      await say(tx, 'select 2');
    };
    const lost = client.db.transaction((tx) => (gaveUp = work(tx)));
    const failed = lost.catch(String);
    await until('it has begun', () => hasBegun);
    await pause(50);
    wire.end(how);
    expect(await failed).toContain('CONNECTION_CLOSED');
    const began = performance.now();
    expect(await say(client.db, 'select 42 as answer')).toEqual([{ answer: 42 }]);
    // A connection that is spoilt tries for five seconds to be made.
    expect(performance.now() - began).toBeLessThan(4_000);
    await expect(gaveUp, 'nothing more is said in it').rejects.toThrow(
      /is over|CONNECTION_CLOSED|Failed query/,
    );
  });

  it('because it said nothing for too long keeps nobody waiting any more', async () => {
    const brief = openDatabase({ url: database.url, poolSize: 1, statementTimeout: 300 });
    const setTopic = (db: Database) =>
      say(db, "insert into topics (name, head) values ('held', 1) on conflict do nothing");
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const sleeping = brief.db.transaction(async (tx) => {
      await setTopic(tx);
      await asleep;
    });
    await expect(sleeping).rejects.toThrow(/CONNECTION_CLOSED/);
    await setTopic(client.db);
    wake();
    await brief.close();
  });

  it('is told apart from one that meets the loss of another connection', async () => {
    const code = (text: string) => Object.assign(new Error(text), { code: 'ECONNRESET' });
    await expect(client.db.transaction(() => Promise.reject(code('Somewhere else')))).rejects.toThrow(
      'Somewhere else',
    );
    expect(await say(client.db, 'select 42 as answer')).toEqual([{ answer: 42 }]);
  });
});

describe('an instance', () => {
  it('outlives connections that are lost as soon as they are made', { timeout: 120_000 }, async () => {
    const instance = await startInstance({ DATABASE_URL: wire.url });
    try {
      const client = createClient(instance.endpoint);
      const ask = () => client.send<{ posts: object } | null>('{ posts(first: 1) { nodes { id } } }');
      // What postgres.js says first on every connection.
      wire.resetAt('pg_catalog.pg_type');
      wire.end('resetAndDestroy');
      expect((await ask()).errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
      wire.resetAt(undefined);
      await until('it answers', async () => (await ask()).errors === undefined);
      expect((await ask()).data).toEqual({ posts: { nodes: [] } });
      expect(instance.isRunning()).toBe(true);
      await until('the log, which is written in the background, says so', () =>
        instance.said().includes('a connection was lost, and nobody waited'),
      );
      expect((await instance.stop()).code).toBe(0);
    } finally {
      await instance.kill();
    }
  });
});

async function isListenedTo(url: string): Promise<boolean> {
  const client = await createRedis(url);
  await beginConnecting(client);
  try {
    return ((await client.pubsub('CHANNELS')) as string[]).length > 0;
  } finally {
    client.disconnect();
  }
}

describe.skipIf(withoutRedis)('an instance that counts readers', () => {
  it(`outlives a Redis that does not answer when it is asked to listen again${needsRedis}`, async ({
    onTestFinished,
  }) => {
    const server = await startRedis();
    const way = await layWire(server.url);
    const redis = await createRedis(way.url);
    await beginConnecting(redis);
    const presence = createPresence({ redis, intervalMs: 100 });
    onTestFinished(async () => {
      await presence.close();
      redis.disconnect();
      way.close();
      await server.stop();
    });
    await until('it listens', async () => await isListenedTo(server.url));
    way.swallow('subscribe');
    way.end('resetAndDestroy');
    // Longer than a command may take; a rejection that nobody hears would fail the run.
    await until('it was not answered for long', () => way.swallowed() > 10);
    way.swallow(undefined);
    await until('it listens again', async () => await isListenedTo(server.url));
    expect(redis.status).toBe('ready');
  });
});
