import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { sparingly } from '../../src/db/over.js';
import { plainReaders } from '../../src/db/readers.js';
import { codeOf, isDatabaseAway, retryAfterOf } from '../../src/graphql/errors.js';
import { createAsking } from '../../src/lib/asking.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { type Proxy, startProxy } from '../kit/proxy.js';
import { until } from '../kit/until.js';

let database: TestDatabase;
let onlooker: DatabaseClient;
beforeAll(async () => {
  database = await createTestDatabase();
  onlooker = openDatabase({ url: database.url, poolSize: 1, statementTimeout: 0 });
});
afterAll(async () => {
  await onlooker?.close();
  await database?.drop();
});

const WAIT = 300;

const open = (poolSize: number, url = database.url): DatabaseClient =>
  openDatabase({ url, poolSize, poolWait: WAIT, statementTimeout: 20_000 });

/** Holds a connection until it is let go. */
async function hold({ db }: DatabaseClient) {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let hasBegun = false;
  const over = db.transaction(async () => {
    hasBegun = true;
    await held;
  });
  await until('it is held', () => hasBegun);
  return {
    async letGo() {
      letGo();
      await over;
    },
  };
}

const write = (db: Database, name: string) =>
  db.execute(sql`insert into topics (name, head) values (${name}, 1)`);

const isWritten = async (name: string): Promise<boolean> =>
  (await onlooker.db.execute(sql`select 1 from topics where name = ${name}`)).length > 0;

/** What work fails with, and after how many milliseconds. */
async function failureOf(work: PromiseLike<unknown>) {
  const began = performance.now();
  const error = await Promise.resolve(work).then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  return { error, milliseconds: performance.now() - began };
}

const runs = async (text: string): Promise<boolean> =>
  (
    await onlooker.db.execute(
      sql`select 1 from pg_stat_activity
        where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like ${`%${text}%`}`,
    )
  ).length > 0;

describe('a statement that gets no connection in time', () => {
  it('is answered with UNAVAILABLE and when to come again, and is never run', async () => {
    const client = open(1);
    const held = await hold(client);
    const [statement, transaction] = await Promise.all([
      failureOf(write(client.db, 'late')),
      failureOf(client.db.transaction((tx) => write(tx, 'later'))),
    ]);
    for (const { error, milliseconds } of [statement, transaction]) {
      expect(codeOf(error)).toBe('UNAVAILABLE');
      expect(retryAfterOf(error)).toBe(1);
      // A stream must try again, not skip the event.
      expect(isDatabaseAway(error)).toBe(true);
      expect(milliseconds).toBeGreaterThanOrEqual(WAIT - 5);
      expect(milliseconds).toBeLessThan(WAIT + 1_000);
    }
    await held.letGo();
    await write(client.db, 'in time');
    expect(await Promise.all(['late', 'later', 'in time'].map(isWritten))).toEqual([false, false, true]);
    await client.close();
  });

  it('shows in the numbers of the pool while it waits', async () => {
    const client = open(2);
    const held = [await hold(client), await hold(client)];
    const waiting = failureOf(write(client.db, 'counted'));
    await until('it waits', () => client.pool.numbers.waiting === 1);
    expect(client.pool.numbers).toEqual({ size: 2, inUse: 2, waiting: 1 });
    await held[0]?.letGo();
    expect(String((await waiting).error)).toContain('It did not fail');
    await held[1]?.letGo();
    expect(client.pool.numbers).toEqual({ size: 2, inUse: 0, waiting: 0 });
    await client.close();
  });

  it('fails at once when a hundred wait for each connection already', async () => {
    const client = open(1);
    const held = await hold(client);
    const queue = Array.from({ length: 100 }, () => failureOf(client.db.execute(sql`select 1`)));
    await until('they wait', () => client.pool.numbers.waiting === 100);
    const { error, milliseconds } = await failureOf(client.db.execute(sql`select 1`));
    expect(codeOf(error)).toBe('UNAVAILABLE');
    expect(milliseconds).toBeLessThan(WAIT / 2);
    await held.letGo();
    await Promise.all(queue);
    await client.close();
  });

  it('waits in its order, and runs in its order', async () => {
    const client = open(1);
    const held = await hold(client);
    const order: number[] = [];
    const queue = [1, 2, 3, 4].map(async (number) => {
      await client.db.execute(sql`select 1`);
      order.push(number);
    });
    await held.letGo();
    await Promise.all(queue);
    expect(order).toEqual([1, 2, 3, 4]);
    await client.close();
  });

  it('within a transaction it needs none: it has that of the transaction', async () => {
    const client = open(1);
    await client.db.transaction(async (tx) => {
      await write(tx, 'inside');
      await tx.transaction((inner) => write(inner, 'further inside'));
    });
    expect(await Promise.all(['inside', 'further inside'].map(isWritten))).toEqual([true, true]);
    await client.close();
  });
});

describe('many who ask sparingly', () => {
  it('leave connections for whoever asks meanwhile, and are all answered', async () => {
    const client = open(4);
    const sparing = sparingly(client.db, 2, 10_000);
    const many = sparing.db;
    const asked = Array.from({ length: 500 }, (_, place) =>
      place % 2 === 0
        ? many.execute(sql`select pg_sleep(0.004)`)
        : many.transaction((tx) => tx.execute(sql`select pg_sleep(0.004)`)),
    );
    let most = 0;
    for (let times = 0; times < 20; times += 1) {
      most = Math.max(most, client.pool.numbers.inUse);
      const began = performance.now();
      await Promise.all([1, 2].map(() => client.db.execute(sql`select 1`)));
      expect(performance.now() - began).toBeLessThan(WAIT);
    }
    expect(most).toBe(2);
    await Promise.all(asked);
    expect(sparing.numbers).toEqual({ size: 2, inUse: 0, waiting: 0 });
    expect(client.pool.numbers).toEqual({ size: 4, inUse: 0, waiting: 0 });
    await client.close();
  });

  it('go before all others that wait', async () => {
    const client = openDatabase({
      url: database.url,
      poolSize: 2,
      poolWait: 10_000,
      statementTimeout: 20_000,
    });
    const sparing = sparingly(client.db, 1, 10_000);
    const held = [await hold(client), await hold(client)];
    const order: string[] = [];
    const ask = async (db: Database, name: string) => {
      await db.execute(sql`select 1`);
      order.push(name);
    };
    const asked = ['one', 'two', 'three'].map((name) => ask(client.db, name));
    await until('they wait', () => client.pool.numbers.waiting === 3);
    asked.push(ask(sparing.db, 'sparing'));
    await until('it waits', () => client.pool.numbers.waiting === 4);
    await held[0]?.letGo();
    await Promise.all(asked);
    expect(order).toEqual(['sparing', 'one', 'two', 'three']);
    await held[1]?.letGo();
    await client.close();
  });

  it('fail when their turn does not come in time', async () => {
    const client = open(2);
    const { db: many } = sparingly(client.db, 1, 50);
    const long = failureOf(many.execute(sql`select pg_sleep(0.4)`));
    expect(codeOf((await failureOf(many.execute(sql`select 1`))).error)).toBe('UNAVAILABLE');
    await long;
    await client.close();
  });
});

describe('while the network swallows everything on the way to PostgreSQL', () => {
  let proxy: Proxy;
  beforeAll(async () => {
    const { hostname, port } = new URL(database.url);
    proxy = await startProxy({ host: hostname, port: Number(port) });
  });
  afterAll(async () => {
    await proxy?.close();
  });

  it('what got no connection fails in time, is not run later, and the next is served at once', async () => {
    const client = open(3, proxy.through(database.url));
    proxy.blackHole(true);
    const failures = await Promise.all([
      failureOf(write(client.db, 'swallowed')),
      failureOf(client.db.transaction((tx) => write(tx, 'swallowed too'))),
      failureOf(write(client.db, 'and this')),
      failureOf(write(client.db, 'and that')),
    ]);
    for (const { error, milliseconds } of failures) {
      expect(codeOf(error)).toBe('UNAVAILABLE');
      expect(milliseconds).toBeLessThan(WAIT + 1_000);
    }
    proxy.blackHole(false);
    const began = performance.now();
    await until('it serves', async () => {
      await client.db.execute(sql`select 1`);
      return true;
    });
    expect(performance.now() - began).toBeLessThan(2_000);
    await until('nothing is under way', () => client.pool.numbers.inUse === 0);
    // Every connection is as good as new.
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => client.db.execute(sql`select pg_sleep(0.05)`)));
    const names = ['swallowed', 'swallowed too', 'and this', 'and that'];
    expect(await Promise.all(names.map(isWritten))).toEqual([false, false, false, false]);
    await client.close();
  });
});

describe('a request that was given up', () => {
  const viewer = { userId: null };

  it('stops the statement that PostgreSQL is at, and its connection serves on', async () => {
    const client = open(1);
    const asking = createAsking();
    const { db } = plainReaders(client.db)({ viewer, asking });
    const failed = failureOf(db.execute(sql`select 'given up', pg_sleep(20)`));
    await until('it runs', () => runs('given up'));
    asking.giveUp();
    expect(codeOf((await failed).error)).toBe('UNAVAILABLE');
    await until('it runs no more', async () => !(await runs('given up')));
    expect(await client.db.execute(sql`select 42 as answer`)).toEqual([{ answer: 42 }]);
    await client.close();
  });

  it('stops the statement within a snapshot, too', async () => {
    const client = open(1);
    const asking = createAsking();
    const { db } = plainReaders(client.db)({ viewer, asking });
    const failed = failureOf(db.transaction((tx) => tx.execute(sql`select 'a snapshot', pg_sleep(20)`)));
    await until('it runs', () => runs('a snapshot'));
    asking.giveUp();
    await failed;
    await until('it runs no more', async () => !(await runs('a snapshot')));
    expect(await client.db.execute(sql`select 42 as answer`)).toEqual([{ answer: 42 }]);
    await client.close();
  });

  it('runs nothing more, and leaves the queue', async () => {
    const client = open(1);
    const held = await hold(client);
    const asking = createAsking();
    const { db } = plainReaders(client.db)({ viewer, asking });
    const waiting = failureOf(write(db, 'given up before'));
    await until('it waits', () => client.pool.numbers.waiting === 1);
    asking.giveUp();
    await waiting;
    expect(client.pool.numbers.waiting).toBe(0);
    await held.letGo();
    const { error } = await failureOf(write(db, 'given up after'));
    expect(codeOf(error)).toBe('UNAVAILABLE');
    expect(await Promise.all(['given up before', 'given up after'].map(isWritten))).toEqual([false, false]);
    await client.close();
  });
});
