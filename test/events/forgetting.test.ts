import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { forgetEvents, headsOf, readEvents } from '../../src/events/log.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

const KEPT = 24;

describe('forgetting events', () => {
  let database: TestDatabase;
  let client: DatabaseClient;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = openDatabase({ url: database.url, poolSize: 5, statementTimeout: 0 });
  });
  afterAll(async () => {
    await client.close();
    await database.drop();
  });

  /** A topic whose events were appended so many hours ago, the first one first. */
  const write = async (topic: string, hoursAgo: readonly number[]): Promise<void> => {
    if (hoursAgo.length === 0) return;
    await client.db.execute(sql`insert into topics (name, head) values (${topic}, ${hoursAgo.length})`);
    await client.db.execute(sql`
      insert into events (topic, seq, type, payload, created_at)
      select ${topic}, turn, 'user.reinstated', '{}', now() - make_interval(mins => (hours * 60)::int)
      from unnest(${sql.param(hoursAgo)}::float8[]) with ordinality as given(hours, turn)`);
  };
  const left = async (topic: string): Promise<number[]> =>
    (await readEvents(client.db, topic, 0, 1_000)).map(({ seq }) => seq);
  const empty = () => client.db.execute(sql`truncate events, topics`);

  it('takes what is old, however many at a time, and leaves the rest and where each topic stands', async () => {
    await empty();
    await write('old', [90, 80, 70]);
    await write('both', [90, 30, 25, 23, 1]);
    await write('new', [23, 0]);
    expect(await forgetEvents(client.db, KEPT, 2)).toBe(2);
    expect([await left('old'), await left('both')]).toEqual([
      [2, 3],
      [2, 3, 4, 5],
    ]);
    expect(await forgetEvents(client.db, KEPT, 100)).toBe(4);
    expect(await forgetEvents(client.db, KEPT, 100)).toBe(0);
    expect([await left('old'), await left('both'), await left('new')]).toEqual([[], [4, 5], [1, 2]]);
    expect(await headsOf(client.db, ['old', 'both'])).toEqual(
      new Map([
        ['old', 3],
        ['both', 5],
      ]),
    );
  });

  it('leaves of each topic an end without a hole after every step, whatever the clock did, with nothing old in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 48 }), { maxLength: 12 }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.integer({ min: 1, max: 10 }),
        async (hours, most) => {
          await empty();
          // Never right at the border, which moves on meanwhile.
          const topics = hours.map((ago, n) => ({ topic: `t${n}`, ago: ago.map((hour) => hour + 0.5) }));
          for (const { topic, ago } of topics) await write(topic, ago);
          for (let forgotten = most; forgotten >= most;) {
            forgotten = await forgetEvents(client.db, KEPT, most);
            for (const { topic, ago } of topics) {
              const all = ago.map((_, place) => place + 1);
              const kept = await left(topic);
              expect(kept).toEqual(all.slice(all.length - kept.length));
            }
          }
          for (const { topic, ago } of topics) {
            expect((await left(topic)).length).toBe(
              ago.length - 1 - ago.findLastIndex((hour) => hour > KEPT),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is done by several instances at once', async () => {
    await empty();
    const topics = Array.from({ length: 50 }, () => randomUUID());
    for (const topic of topics) await write(topic, [60, 50, 40, 30, 20, 10]);
    const forgetAll = async (): Promise<void> => {
      while ((await forgetEvents(client.db, KEPT, 20)) >= 20);
    };
    await Promise.all(Array.from({ length: 4 }, forgetAll));
    await forgetAll();
    for (const topic of topics) expect(await left(topic)).toEqual([5, 6]);
  });
});
