import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signals } from '../../src/lib/signals.js';
import { createLocalBus } from '../../src/events/bus.js';
import { createFeeds } from '../../src/events/feeds.js';
import { appendEvents } from '../../src/events/log.js';
import { openDatabase } from '../../src/db/client.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { until } from '../kit/until.js';

describe('a signal', () => {
  it('is heard by whoever listens, until they stop, and costs no fact while nobody does', () => {
    const heard: string[] = [];
    expect(signals.batch.isHeard).toBe(false);
    const stop = signals.batch.hear(({ loader }) => heard.push(loader));
    expect(signals.batch.isHeard).toBe(true);
    signals.batch.say({ loader: 'first', size: 1 });
    stop();
    expect(signals.batch.isHeard).toBe(false);
    signals.batch.say({ loader: 'second', size: 1 });
    expect(heard).toEqual(['first']);
  });

  it('harms nobody when a listener fails', () => {
    const heard: number[] = [];
    const stops = [
      signals.discarded.hear(() => {
        throw new Error('It cannot listen.');
      }),
      signals.discarded.hear(({ executions }) => heard.push(executions)),
    ];
    signals.discarded.say({ executions: 2 });
    for (const stop of stops) stop();
    expect(heard).toEqual([2]);
  });
});

describe('what a feed says', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  it('of events that no message brought is their topic and how many there were', async () => {
    const opened = openDatabase({ url: database.url, poolSize: 2, statementTimeout: 10_000 });
    const { db } = opened;
    const holes: { readonly topic: string; readonly events: number }[] = [];
    const stop = signals.hole.hear((hole) => holes.push(hole));
    const feeds = createFeeds({ db, bus: createLocalBus(), urgent: new Set(), report: () => undefined });
    const topic = `of-a-test:${randomUUID()}`;
    const following = await feeds.follow(topic, () => undefined);
    const payload = { userId: randomUUID(), postId: randomUUID() };
    await db.transaction((tx) =>
      appendEvents(tx, [
        { topic, type: 'bookmark.added', payload },
        { topic, type: 'bookmark.removed', payload },
      ]),
    );
    await feeds.refresh([topic]);
    await until('both were read', () => following.feed.last === 2);
    expect(holes).toEqual([{ topic, events: 2 }]);
    following.stop();
    stop();
    await feeds.stop();
    await opened.close();
  });
});
