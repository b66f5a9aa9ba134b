import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import type { LoggedEvent, NewEvent } from '../../src/events/catalogue.js';
import { appendEvents, headsOf, readEvents } from '../../src/events/log.js';
import { groupBy } from '../../src/lib/grouping.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

/** An event that can be recognised. */
const note = (topic: string, mark: string): NewEvent => ({
  topic,
  type: 'user.reinstated',
  payload: { userId: mark },
});

class Undone extends Error {}

describe('the event log', () => {
  let database: TestDatabase;
  let client: DatabaseClient;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = openDatabase({ url: database.url, poolSize: 20, statementTimeout: 0 });
  });
  afterAll(async () => {
    await client.close();
    await database.drop();
  });

  const rowsOf = (prefix: string) =>
    client.db.execute<{ topic: string; seq: string; mark: string; access_seq: string; time: number }>(sql`
      select topic, seq, payload ->> 'userId' as mark, access_seq, extract(epoch from created_at)::float8 * 1000 as time
      from events where starts_with(topic, ${prefix}) order by topic, seq`);
  const commit = (...events: readonly NewEvent[]) => client.db.transaction((tx) => appendEvents(tx, events));

  it('numbers the events of a topic 1, 2, 3, ..., several of one transaction in their order', async () => {
    const appended = await commit(note('a', '1'), note('b', '1'), note('a', '2'), note('a', '3'));
    expect(appended.map(({ topic, seq }) => [topic, seq])).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['a', 3],
    ]);
    expect(await headsOf(client.db, ['a', 'b', 'nothing'])).toEqual(
      new Map([
        ['a', 3],
        ['b', 1],
        ['nothing', 0],
      ]),
    );
  });

  it('holds per topic 1 to n without a hole, in commit order, exactly what was committed: 20 writers, rollbacks, delays', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            topics: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }),
            before: fc.integer({ min: 0, max: 3 }),
            after: fc.integer({ min: 0, max: 3 }),
            undone: fc.boolean(),
            access: fc.boolean(),
          }),
          { minLength: 20, maxLength: 120 },
        ),
        async (plans) => {
          run += 1;
          const prefix = `run${run}:`;
          const committed: string[] = [];
          const next = plans.entries();
          // The place that an append answered must be the one that the log gives for good.
          const seen = new Map<string, LoggedEvent>();
          // How far `access` is known to have come: whatever is appended from now on must name at least that.
          let accessKnown = 0;
          const writer = async (): Promise<void> => {
            for (const [mark, plan] of next) {
              let access = 0;
              try {
                await client.db.transaction(async (tx) => {
                  await delay(plan.before);
                  const least = accessKnown;
                  const logged = await appendEvents(tx, [
                    ...plan.topics.map((topic, place) => note(`${prefix}${topic}`, `${mark}.${place}`)),
                    ...(plan.access ? [note('access', `${prefix}${mark}`)] : []),
                  ]);
                  for (const event of logged) {
                    seen.set(`${event.topic} ${event.seq} ${mark}`, event);
                    expect(event.accessSeq).toBeGreaterThanOrEqual(least);
                    if (event.topic === 'access') access = event.seq;
                  }
                  await delay(plan.after);
                  if (plan.undone) throw new Undone();
                });
                accessKnown = Math.max(accessKnown, access);
                committed.push(...plan.topics.map((topic, place) => `${prefix}${topic} ${mark}.${place}`));
              } catch (error) {
                if (!(error instanceof Undone)) throw error;
              }
            }
          };
          await Promise.all(Array.from({ length: 20 }, writer));

          const rows = await rowsOf(prefix);
          expect(rows.map(({ topic, mark }) => `${topic} ${mark}`).toSorted()).toEqual(committed.toSorted());
          const topics = groupBy(rows, (row) => row.topic);
          const accessHead = (await headsOf(client.db, ['access'])).get('access');
          for (const [topic, events] of topics) {
            expect(events.map((event) => Number(event.seq))).toEqual(events.map((_, place) => place + 1));
            const times = events.map(({ time }) => time);
            expect(times).toEqual(times.toSorted((one, other) => one - other));
            for (const { seq, mark, access_seq, time } of events) {
              const answered = seen.get(`${topic} ${seq} ${mark.split('.')[0]}`);
              expect(answered).toMatchObject({
                seq: Number(seq),
                accessSeq: Number(access_seq),
                occurredAt: new Date(time).toISOString(),
              });
              expect(answered?.accessSeq).toBeLessThanOrEqual(accessHead ?? 0);
            }
          }
          expect(await headsOf(client.db, [...topics.keys()])).toEqual(
            new Map([...topics].map(([topic, events]) => [topic, events.length])),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it('names with each event how far the rights had come that were lost', async () => {
    const headOf = async () => (await headsOf(client.db, ['access'])).get('access') ?? 0;
    await commit(note('access', 'lost'));
    const head = await headOf();
    expect((await commit(note('right', '1'))).map(({ accessSeq }) => accessSeq)).toEqual([head]);
    await commit(note('access', 'lost as well'));
    const undone = client.db.transaction(async (tx) => {
      await appendEvents(tx, [note('access', 'not lost')]);
      throw new Undone();
    });
    await expect(undone).rejects.toThrow(Undone);
    expect((await commit(note('right', '2'))).map(({ accessSeq }) => accessSeq)).toEqual([head + 1]);
    expect((await readEvents(client.db, 'right', 0, 10)).map(({ accessSeq }) => accessSeq)).toEqual([
      head,
      head + 1,
    ]);
  });

  it('is read from a place on as it was appended, so many events at most', async () => {
    const appended = await commit(
      ...['1', '2', '3', '4', '5'].map((mark) => note('read', mark)),
      note('read by others', '1'),
    );
    expect(await readEvents(client.db, 'read', 0, 10)).toEqual(appended.slice(0, 5));
    expect(await readEvents(client.db, 'read', 1, 3)).toEqual(appended.slice(1, 4));
    expect(await readEvents(client.db, 'read', 5, 3)).toEqual([]);
    expect(await readEvents(client.db, 'never written', 0, 3)).toEqual([]);
  });

  it('never shows a reader a number before all smaller ones: what is read is a beginning of the topic', async () => {
    const topic = 'prefix';
    const writing = { isDone: false };
    const reader = async (): Promise<number> => {
      let looks = 0;
      while (!writing.isDone) {
        const rows = await client.db.execute<{ seq: string }>(
          sql`select seq from events where topic = ${topic} order by seq`,
        );
        expect(rows.map((row) => Number(row.seq))).toEqual(rows.map((_, place) => place + 1));
        looks += 1;
      }
      return looks;
    };
    const readers = Promise.all([reader(), reader()]);
    await Promise.all(
      Array.from({ length: 18 }, async (_, writer) => {
        for (let n = 0; n < 10; n += 1) {
          await client.db.transaction(async (tx) => {
            await appendEvents(tx, [note(topic, `${writer}.${n}`)]);
            await delay((writer * n) % 4);
          });
        }
      }),
    );
    writing.isDone = true;
    expect((await readers).every((looks) => looks > 0)).toBe(true);
  });
});
