import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { type Bus, createLocalBus } from '../../src/events/bus.js';
import { createFeeds, type Feeds } from '../../src/events/feeds.js';
import { appendEvents } from '../../src/events/log.js';
import { topicOf } from '../../src/events/topics.js';
import { codeOf } from '../../src/graphql/errors.js';
import { NotNow } from '../../src/live/rendering.js';
import { followRights, type Rights } from '../../src/live/rights.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { until } from '../kit/until.js';

const ACCESS = topicOf.access();

describe('an instance that follows who lost which right', () => {
  let database: TestDatabase;
  let client: DatabaseClient;
  let feeds: Feeds;
  let rights: Rights;
  let bus: Bus;
  /** What was heard, and `LOST` where track was lost; what was reported. */
  let heard: (number | 'LOST')[];
  let reported: unknown[];
  /** What listening fails with. */
  let deafness: Error | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = openDatabase({ url: database.url, poolSize: 4, statementTimeout: 0 });
  });
  afterEach(async () => {
    rights.stop();
    await feeds.stop();
    await bus.close();
  });
  afterAll(async () => {
    await client.close();
    await database.drop();
  });

  async function follow(): Promise<void> {
    [heard, reported, deafness] = [[], [], undefined];
    const good = createLocalBus();
    bus = {
      ...good,
      async listen(...listening) {
        if (deafness !== undefined) throw deafness;
        return good.listen(...listening);
      },
    };
    const report = (error: unknown): void => void reported.push(error);
    feeds = createFeeds({ db: client.db, bus, urgent: new Set([ACCESS]), report });
    rights = await followRights({
      feeds,
      hear: ({ seq }) => heard.push(seq),
      lostTrack: () => heard.push('LOST'),
      report,
    });
  }
  /** Takes so many rights, and tells nobody. @returns the place of the last one. */
  const take = async (count: number): Promise<number> => {
    const events = Array.from({ length: count }, () => ({
      topic: ACCESS,
      type: 'user.suspended' as const,
      payload: { userId: 'u', until: null },
    }));
    const appended = await client.db.transaction((tx) => appendEvents(tx, events));
    return appended.at(-1)?.seq ?? 0;
  };
  /** Puts the database back to where it was so many events ago. */
  const restore = (count: number) =>
    client.db.transaction(async (tx) => {
      await tx.execute(sql`update topics set head = head - ${count} where name = ${ACCESS}`);
      await tx.execute(
        sql`delete from events using topics where name = topic and name = ${ACCESS} and seq > head`,
      );
    });

  it('hears after a restore as well, and loses track of those before it and of those let in meanwhile', async () => {
    await follow();
    const last = await take(3);
    await rights.current();
    await restore(2);
    await until('track was lost', () => heard.includes('LOST'));
    await until('the topic is followed anew', () => rights.heard === last - 2);
    await take(1);
    await rights.current();
    expect(heard).toEqual([last - 2, last - 1, last, 'LOST', 'LOST', last - 1]);
    expect(reported).toEqual([]);
  });

  it('tries again when the topic cannot be followed after a restore, and says so once', async () => {
    await follow();
    const last = await take(2);
    await rights.current();
    deafness = new Error('I hear nothing.');
    await restore(1);
    await until('it failed', () => reported.length > 0);
    await expect(rights.upTo(1) ?? Promise.resolve()).rejects.toBeInstanceOf(NotNow);
    deafness = undefined;
    await until('the topic is followed anew', () => rights.heard === last - 1);
    await take(1);
    await rights.current();
    expect(heard).toEqual([last - 1, last, 'LOST', 'LOST', last]);
    expect(reported).toEqual([new Error('I hear nothing.')]);
  });

  it('goes on behind a hole in the log, of which nobody knows what it said', async () => {
    await follow();
    const last = await take(3);
    await client.db.execute(sql`delete from events where topic = ${ACCESS} and seq < ${last}`);
    await until('track was lost', () => heard.includes('LOST'));
    await until('the topic is followed anew', () => rights.heard === last);
    await take(1);
    await rights.current();
    expect(heard).toEqual(['LOST', 'LOST', last + 1]);
  });

  it('keeps nobody waiting for what the log does not have any more', async () => {
    await follow();
    const last = await take(1);
    const asked = rights.upTo(last + 5) ?? Promise.resolve();
    const refusal: unknown = await asked.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NotNow);
    expect(codeOf(refusal)).toBe('UNAVAILABLE');
    await rights.upTo(last);
    expect(heard).toEqual([last]);
  });
});
