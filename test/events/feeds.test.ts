import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { nameOf } from '../../src/db/statement.js';
import { type Bus, createLocalBus } from '../../src/events/bus.js';
import type { LoggedEvent, NewEvent } from '../../src/events/catalogue.js';
import { createFeeds, type Feeds } from '../../src/events/feeds.js';
import { appendEvents } from '../../src/events/log.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { until } from '../kit/until.js';

describe('a feed', () => {
  let database: TestDatabase;
  let client: DatabaseClient;
  /** Those that ran after `places`, or to find what is not known: what reading the log costs. */
  let reads: readonly unknown[][] = [];
  const opened: { readonly feeds: Feeds; readonly bus: Bus }[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    client = openDatabase({
      url: database.url,
      poolSize: 4,
      statementTimeout: 0,
      onStatement: (text, parameters) => {
        if (nameOf(text) === 'events.read') reads = [...reads, [...parameters]];
      },
    });
  });
  afterEach(async () => {
    for (const { feeds, bus } of opened.splice(0)) {
      await feeds.stop();
      await bus.close();
    }
  });
  afterAll(async () => {
    await client.close();
    await database.drop();
  });

  /** An instance that follows topics, all of them looked after as those of rights are, or none. */
  function open(urgent: readonly string[] = [], wrap: (bus: Bus) => Bus = (bus) => bus) {
    const bus = wrap(createLocalBus());
    const report = (error: unknown): void => {
      throw error;
    };
    const feeds = createFeeds({ db: client.db, bus, urgent: new Set(urgent), report });
    opened.push({ feeds, bus });
    return { bus, feeds };
  }
  /** Appends so many events to a topic, and tells nobody. */
  const append = (topic: string, count: number): Promise<LoggedEvent[]> => {
    const events = Array.from({ length: count }, (): NewEvent => ({
      topic,
      type: 'user.reinstated',
      payload: { userId: 'u' },
    }));
    return client.db.transaction((tx) => appendEvents(tx, events));
  };
  const readsOf = (topic: string): number[] =>
    reads.filter((parameters) => parameters.includes(topic)).map((parameters) => Number(parameters[1]));

  it.each([
    ['an urgent one', true],
    ['any other', false],
  ])(
    'reads nothing that is older than its beginning, whatever is said before it knows where that is: %s',
    async (_, isUrgent) => {
      const topic = v7();
      const last = (await append(topic, 3)).at(-1);
      if (last === undefined) throw new Error('Three events have a last one.');
      const { bus, feeds } = open(isUrgent ? [topic] : [], (quiet) => ({
        ...quiet,
        async listen(...listening) {
          const stop = await quiet.listen(...listening);
          quiet.publish([last]);
          return stop;
        },
      }));
      let advances = 0;
      const { feed } = await feeds.follow(topic, () => (advances += 1));
      expect([feed.last, await feed.read(3)]).toEqual([3, []]);
      const [next] = await append(topic, 1);
      bus.publish(next === undefined ? [] : [next]);
      await until('the next event is heard', () => feed.last === 4);
      expect(await feed.read(3)).toEqual([next]);
      expect([advances, readsOf(topic).filter((after) => after < 3)]).toEqual([1, []]);
    },
  );

  it.each([
    ['an urgent one', true],
    ['any other', false],
  ])('does not look again and again for what somebody made up: %s', async (_, isUrgent) => {
    const topic = v7();
    const [first] = await append(topic, 1);
    const { bus, feeds } = open(isUrgent ? [topic] : []);
    const { feed } = await feeds.follow(topic, () => undefined);
    if (first !== undefined) bus.publish([{ ...first, seq: 1_000_000 }]);
    await until('it was looked for', () => readsOf(topic).length > 0);
    await feeds.refresh();
    const before = readsOf(topic).length;
    for (let look = 0; look < 5; look += 1) await feeds.refresh();
    expect(readsOf(topic)).toHaveLength(before);
    await append(topic, 2);
    await feeds.refresh();
    expect([feed.last, (await feed.read(1))?.map(({ seq }) => seq)]).toEqual([3, [2, 3]]);
  });

  it('hears all of what many say at once, whatever is made up among it', async () => {
    const topic = v7();
    const { bus, feeds } = open();
    const { feed } = await feeds.follow(topic, () => undefined);
    const writing = Array.from({ length: 40 }, async (__, place) => {
      const events = await append(topic, 1);
      // Every third is lost, every tenth brings nonsense along.
      if (place % 3 > 0) bus.publish(events);
      if (place % 10 === 0) bus.publish(events.map((event) => ({ ...event, seq: event.seq + 1_000 })));
    });
    await Promise.all(writing);
    await feeds.refresh();
    const seqs = (await feed.read(0))?.map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 40 }, (__, place) => place + 1));
  });

  it('that was away for longer than the log reaches back says so', async () => {
    const topic = v7();
    const { feeds } = open();
    let advances = 0;
    const { feed } = await feeds.follow(topic, () => (advances += 1));
    await append(topic, 3);
    await client.db.execute(sql`delete from events where topic = ${topic}`);
    await feeds.refresh([topic]);
    expect([advances, feed.last, await feed.read(0)]).toEqual([1, 3, undefined]);
    await append(topic, 1);
    await feeds.refresh([topic]);
    expect((await feed.read(3))?.map(({ seq }) => seq)).toEqual([4]);
  });
});
