import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { poolOf } from '../../src/db/over.js';
import { plainReaders } from '../../src/db/readers.js';
import { sharing } from '../../src/db/sharing.js';
import { readied } from '../../src/db/statement.js';
import { topics } from '../../src/db/tables/events.js';
import { type Asking, createAsking } from '../../src/lib/asking.js';
import { signals } from '../../src/lib/signals.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { until } from '../kit/until.js';

let database: TestDatabase;
let client: DatabaseClient;
beforeAll(async () => {
  database = await createTestDatabase();
  client = openDatabase({ url: database.url, poolSize: 4, statementTimeout: 10_000 });
});
afterAll(async () => {
  await client?.close();
  await database?.drop();
});

/** Seconds that a statement takes whose answer is waited for meanwhile. */
const LONG = 0.4;

/** A topic that nobody else writes. */
let created = 0;
async function createTopic(): Promise<string> {
  const name = `topic ${(created += 1)}`;
  await client.db.execute(sql`insert into topics (name, head) values (${name}, 1)`);
  return name;
}
const move = (name: string) => client.db.execute(sql`update topics set head = head + 1 where name = ${name}`);

/** Reads how far a topic is, as one request does. @param seconds that it takes. */
async function read(name: string, seconds = 0, asking: Asking = createAsking(), shares = readers) {
  const { db } = shares({ viewer: { userId: null }, asking });
  const [row] = await db.execute<{ head: string }>(
    sql`/* read */ select head, pg_sleep(${seconds}) from topics where name = ${name}`,
  );
  return Number(row?.head);
}
let readers: ReturnType<typeof plainReaders>;
beforeAll(() => {
  readers = plainReaders(client.db);
});

/** How many reads reach PostgreSQL. */
async function sentFor(work: () => Promise<unknown>): Promise<number> {
  let sent = 0;
  const stop = signals.statement.hear(({ text }) => {
    sent += Number(text.includes('/* read */'));
  });
  await work().finally(stop);
  return sent;
}

/** How many reads PostgreSQL is at. */
const underWay = async (): Promise<number> =>
  (
    await client.db.execute(
      sql`select 1 from pg_stat_activity
        where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like '/* re' || 'ad */%'`,
    )
  ).length;
const isUnderWay = async (): Promise<boolean> => (await underWay()) > 0;

describe('a statement that several requests read by', () => {
  it('is sent once for all who ask at the same time', async () => {
    const name = await createTopic();
    const sent = await sentFor(async () => {
      expect(await Promise.all(Array.from({ length: 10 }, () => read(name)))).toEqual(Array(10).fill(1));
    });
    expect(sent).toBe(1);
  });

  it('is sent once more for all who come while it is under way: they see what was committed before', async () => {
    const name = await createTopic();
    const sent = await sentFor(async () => {
      const early = read(name, LONG);
      await until('it is under way', isUnderWay);
      await move(name);
      const late = Promise.all(Array.from({ length: 5 }, () => read(name, LONG)));
      expect(await early).toBe(1);
      expect(await late).toEqual([2, 2, 2, 2, 2]);
    });
    expect(sent).toBe(2);
  });

  it('never answers with less than was committed when they asked', async () => {
    const name = await createTopic();
    let committed = 1;
    const reading: Promise<void>[] = [];
    for (let turn = 0; turn < 100; turn += 1) {
      for (let reader = 0; reader < 3; reader += 1) {
        const least = committed;
        reading.push(read(name).then((head) => expect(head).toBeGreaterThanOrEqual(least)));
      }
      await move(name);
      committed += 1;
    }
    await Promise.all(reading);
    expect(await read(name)).toBe(101);
  });

  it('is another one for other parameters, however they are written', async () => {
    const { db } = readers({ viewer: { userId: null }, asking: createAsking() });
    const count = async (names: readonly (string | null)[]) =>
      db.execute(
        sql`select cardinality(${sql.param(names)}::text[]) as count, (${sql.param(names)}::text[])[1] as first`,
      );
    expect(await Promise.all([count(['a,b']), count(['a', 'b']), count(['null']), count([null])])).toEqual([
      [{ count: 1, first: 'a,b' }],
      [{ count: 2, first: 'a' }],
      [{ count: 1, first: 'null' }],
      [{ count: 1, first: null }],
    ]);
  });

  it('takes parameters that JSON does not know', async () => {
    const { db } = readers({ viewer: { userId: null }, asking: createAsking() });
    expect(await db.execute(sql`select ${sql.param(12n)}::bigint as number`)).toEqual([{ number: '12' }]);
  });

  it('fails for all who wait for it, and for nobody who comes later', async () => {
    const { db } = readers({ viewer: { userId: null }, asking: createAsking() });
    const divide = async (by: number) => db.execute(sql`select 6 / ${by}::int as part`);
    const failed = await Promise.allSettled([divide(0), divide(0), divide(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await expect(divide(0)).rejects.toMatchObject({ cause: { code: '22012' } });
    expect(await divide(3)).toEqual([{ part: 2 }]);
  });

  it('goes on when one of them gives up, who need not wait for that', async () => {
    const name = await createTopic();
    const leaving = createAsking();
    const left = read(name, LONG, leaving).catch((error: unknown) => error);
    const staying = read(name, LONG);
    await until('it is under way', isUnderWay);
    leaving.giveUp();
    expect(await Promise.race([left, staying])).toMatchObject({ cause: { code: 'UNAVAILABLE' } });
    expect(await staying).toBe(1);
  });

  it('is cancelled when all give up', async () => {
    const name = await createTopic();
    const all = [createAsking(), createAsking()];
    const left = all.map((asking) => read(name, 30, asking).catch((error: unknown) => error));
    await until('it is under way', isUnderWay);
    for (const asking of all) asking.giveUp();
    const given = { cause: { code: 'UNAVAILABLE' } };
    expect(await Promise.all(left)).toMatchObject([given, given]);
    await until('it is cancelled', async () => !(await isUnderWay()));
  });

  it('is not sent when all give up before, and is for whoever comes then', async () => {
    const pool = sharing(poolOf(client.db));
    const asking = createAsking();
    const sent = await sentFor(async () => {
      const left = pool.run(['/* read */ select 1 as one', []], false, asking);
      asking.giveUp();
      const next = pool.run(['/* read */ select 1 as one', []], false, createAsking());
      await expect(left).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await next).toEqual([{ one: 1 }]);
    });
    expect(sent).toBe(1);
  });

  it('holds up nobody who comes later when it is slow', async () => {
    const name = await createTopic();
    const leaving = createAsking();
    const slow = read(name, 8, leaving).catch(() => 'slow');
    await until('it is under way', isUnderWay);
    const other = read(name, 8, leaving).catch(() => 'slow');
    await until('the next one is, too', async () => (await underWay()) === 2);
    leaving.giveUp();
    expect(await Promise.all([slow, other])).toEqual(['slow', 'slow']);
  });

  it('gives rows that nobody can change for the others', async () => {
    const name = await createTopic();
    const { db } = readers({ viewer: { userId: null }, asking: createAsking() });
    const [row] = await db.execute<{ head: string }>(sql`select head from topics where name = ${name}`);
    expect(() => Object.assign(row ?? {}, { head: '2' })).toThrow('read only');
  });

  it('makes rows once for all', async () => {
    const name = await createTopic();
    const heads = readied<{ name: string }, { head: number }[]>('test.heads', (db) =>
      db
        .select({ head: topics.head })
        .from(topics)
        .where(eq(topics.name, sql.placeholder('name'))),
    );
    const { db } = readers({ viewer: { userId: null }, asking: createAsking() });
    const [one, other] = await Promise.all([heads(db, { name }), heads(db, { name })]);
    expect(one).toEqual([{ head: 1 }]);
    expect(other).toBe(one);
    expect([Object.isFrozen(one), Object.isFrozen(one[0])]).toEqual([true, true]);
  });

  it('is sent by each with TIDINGS_SHARED_READS=0', async () => {
    const name = await createTopic();
    const alone = plainReaders(client.db, false);
    const sent = await sentFor(() =>
      Promise.all(Array.from({ length: 10 }, () => read(name, 0, createAsking(), alone))),
    );
    expect(sent).toBe(10);
  });
});
