import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/auth/roles.js';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import { Refusal } from '../../src/changes/refusal.js';
import type { LoggedEvent } from '../../src/events/catalogue.js';
import { type Bus, createLocalBus } from '../../src/events/bus.js';
import { appendEvents, readEvents } from '../../src/events/log.js';
import { topicOf } from '../../src/events/topics.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import type { Answer } from '../../src/live/rendering.js';
import { postComments } from '../../src/modules/comments/streams.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { callerFor, documentOf, type Heard, type Live, startLive } from '../kit/live.js';
import { until } from '../kit/until.js';

/** Repeat a run with INTERLEAVINGS_SEED=N. */
const seed = Number(process.env['INTERLEAVINGS_SEED'] ?? Date.now() % 2 ** 31);

const SNAPSHOT = documentOf(`query ($id: ID!) { post(by: { id: $id }) {
  comments(first: 50, topLevelOnly: false) { nodes { id body state version } streamCursor } } }`);
const STREAM = documentOf(`subscription ($postId: ID!, $after: String) {
  commentsChanged(postId: $postId, after: $after) { cursor type commentId comment { id body state version } } }`);

interface Comment {
  readonly id: string;
  readonly body: string;
  readonly state: string;
  readonly version: number;
}

interface Snapshot {
  readonly post: { readonly comments: { readonly nodes: readonly Comment[]; readonly streamCursor: string } };
}

interface Event {
  readonly cursor: string;
  readonly type: 'ADDED' | 'CHANGED' | 'REMOVED';
  readonly commentId: string;
  readonly comment: Comment | null;
}

const parsed = new WeakMap<Answer, Event>();

/** What an answer says; cohorts share answers, so each is read once. */
function eventIn(answer: Answer): Event {
  const known = parsed.get(answer);
  if (known !== undefined) return known;
  const { data } = JSON.parse(answer.json) as { data: { commentsChanged: Event } };
  parsed.set(answer, data.commentsChanged);
  return data.commentsChanged;
}

/** One thing that is written, after a pause of so many milliseconds. */
const writing = fc.record({
  kind: fc.constantFrom('add', 'add', 'reply', 'edit', 'edit', 'hide', 'show', 'wait', 'delete', 'undo'),
  which: fc.nat(),
  delay: fc.integer({ min: 0, max: 4 }),
});
type Writing = typeof writing extends fc.Arbitrary<infer One> ? One : never;

/** Somebody who reads the list, and subscribes after a while. */
const reading = fc.record({
  who: fc.integer({ min: 0, max: 3 }),
  delay: fc.integer({ min: 0, max: 120 }),
  gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 })),
});
type Reading = typeof reading extends fc.Arbitrary<infer One> ? One : never;

const planOf = (readings: number) =>
  fc.record({
    isModerated: fc.boolean(),
    writers: fc.array(fc.array(writing, { minLength: 6, maxLength: 14 }), { minLength: 2, maxLength: 3 }),
    readings: fc.array(reading, { minLength: readings, maxLength: readings }),
  });
type Plan = ReturnType<typeof planOf> extends fc.Arbitrary<infer One> ? One : never;

const signedIn = (role: Role): Viewer => ({ userId: v7(), role, sessionId: null, scopes: 'ALL' });

/** A bus that loses, delays, repeats and reorders what it is told. */
function createBadBus(): Bus {
  const bus = createLocalBus();
  const timers = new Set<NodeJS.Timeout>();
  const tellLater = (event: LoggedEvent): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      bus.publish([event]);
    }, Math.random() * 30);
    timers.add(timer);
  };
  return {
    ...bus,
    isHealthy: false,
    publish(events) {
      for (const event of events) {
        const luck = Math.random();
        if (luck < 0.4) bus.publish([event]);
        if (luck > 0.2 && luck < 0.7) tellLater(event);
      }
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await bus.close();
    },
  };
}

describe(`a list and the stream after it, with seed ${seed},`, () => {
  const [reader, other, moderator] = [signedIn('READER'), signedIn('READER'), signedIn('MODERATOR')];
  const viewers: readonly Viewer[] = [ANONYMOUS, reader, other, moderator];
  let database: TestDatabase;
  let live: Live;
  let badLive: Live;
  beforeAll(async () => {
    database = await createTestDatabase();
    [live, badLive] = await Promise.all([startLive(database.url), startLive(database.url, createBadBus)]);
    for (const { userId, role } of [reader, other, moderator] as { userId: string; role: Role }[]) {
      await live.db.execute(
        sql`insert into users (id, username, name, role) values (${userId}, ${`u-${userId}`}, 'Somebody', ${role})`,
      );
    }
  });
  afterAll(async () => {
    await Promise.all([live.stop(), badLive.stop()]);
    await database.drop();
  });

  const createPost = async (isModerated: boolean): Promise<string> => {
    const id = v7();
    const policy = isModerated ? 'PRE_MODERATED' : 'OPEN';
    await live.db.execute(sql`
      insert into posts (id, slug, title, language, status, published_at, comment_policy, body, body_format, body_html, body_text, renderer_version)
      values (${id}, ${id}, 'A post', 'en', 'PUBLISHED', now(), ${policy}, '', 'TEXT', '', '', 1)`);
    return id;
  };

  /** An event that never was: its transaction is rolled back while it holds the topic. */
  const undo = async ({ db }: Live, postId: string): Promise<void> => {
    const rollBack = new Error('Rolled back');
    const facts = { commentId: v7(), postId, parentId: null, authorId: null, state: 'VISIBLE' } as const;
    const payload = { ...facts, previousState: null, version: 1, listed: true, previouslyListed: false };
    await db
      .transaction(async (tx) => {
        await appendEvents(tx, [{ topic: topicOf.comments(postId), type: 'comment.added', payload }]);
        throw rollBack;
      })
      .catch((error: unknown) => {
        if (error !== rollBack) throw error;
      });
  };

  /** Does one thing; what is refused, because another writer was there before, is part of the game. */
  const write = async (where: Live, postId: string, ids: string[], { kind, which, delay }: Writing) => {
    await pause(delay);
    const { comments } = where.services;
    const id = ids[which % Math.max(1, ids.length)];
    const author = callerFor(which % 2 === 0 ? reader : other);
    const staff = callerFor(moderator);
    const body = `Text ${which}`;
    try {
      if (kind === 'undo') await undo(where, postId);
      else if (kind === 'add' || id === undefined) {
        ids.push((await comments.add(author, { postId, parentId: null, body })).id);
      } else if (kind === 'reply') {
        ids.push((await comments.add(author, { postId, parentId: id, body })).id);
      } else if (kind === 'edit') {
        await comments.edit(author, { id, expectedVersion: 1 + (which % 3), body });
      } else if (kind === 'delete') await comments.delete(author, { id });
      else {
        const state = { hide: 'HIDDEN', show: 'VISIBLE', wait: 'PENDING' } as const;
        await comments.setState(staff, { id, state: state[kind], reason: '' });
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  };

  const read = (viewer: Viewer, postId: string): Promise<Snapshot> =>
    live.ask<Snapshot>(viewer, SNAPSHOT, { id: encodeId('Post', postId) });

  /** A list, and the stream that goes on after it. */
  const follow = async (where: Live, postId: string, { who, delay, gap }: Reading) => {
    await pause(delay);
    const viewer = viewers[who] ?? ANONYMOUS;
    const { nodes, streamCursor } = (await read(viewer, postId)).post.comments;
    if (gap > 0) await pause(gap);
    const heard: Heard = await where.listen(viewer, STREAM, {
      postId: encodeId('Post', postId),
      after: streamCursor,
    });
    return { viewer, nodes, start: live.cursors.openPlace(topicOf.comments(postId), streamCursor), heard };
  };

  /** Lets a plan happen, and compares what each reader has with what is there in the end. */
  const play = async (where: Live, { isModerated, writers, readings }: Plan): Promise<number> => {
    const postId = await createPost(isModerated);
    const topic = topicOf.comments(postId);
    const ids: string[] = [];
    const [followers] = await Promise.all([
      Promise.all(readings.map((one) => follow(where, postId, one))),
      ...writers.map(async (writings) => {
        for (const one of writings) await write(where, postId, ids, one);
      }),
    ]);
    const log = await readEvents(where.db, topic, 0, 1_000);
    const ends = await Promise.all(viewers.map((viewer) => read(viewer, postId)));
    for (const { viewer, nodes, start, heard } of followers) {
      const source = postComments(postId, live.contextOf(viewer));
      const expected = log
        .filter((event) => event.seq > start && source.hear(event, viewer) !== null)
        .map(({ seq }) => seq);
      const isDone = (): boolean => heard.answers.length >= expected.length || heard.end !== undefined;
      await until(`${JSON.stringify(viewer)} heard ${expected.join()} of ${topic}`, isDone);
      const events = heard.answers.map(eventIn);
      expect(events.map(({ cursor }) => live.cursors.openPlace(topic, cursor))).toEqual(expected);
      expect(heard.end).toBeUndefined();

      const known = new Map(nodes.map((node) => [node.id, node]));
      for (const { type, commentId, comment } of events) {
        expect(comment === null).toBe(type === 'REMOVED');
        if (comment === null) known.delete(commentId);
        else known.set(commentId, comment);
      }
      const end = ends[viewers.indexOf(viewer)]?.post.comments.nodes ?? [];
      expect(known).toEqual(new Map(end.map((node) => [node.id, node])));
    }
    for (const { heard } of followers) where.hub.disconnect(heard.connection);
    return followers.reduce((sum, { heard }) => sum + heard.answers.length, 0);
  };

  it('are each change exactly once, over 10,000 interleavings of query, subscribe and write', async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(planOf(100), async (plan) => {
        told += await play(live, plan);
      }),
      { numRuns: 100, seed, endOnFailure: true },
    );
    expect(told).toBeGreaterThan(10_000);
    expect(live.hub.counters.streams).toBe(0);
  }, 400_000);

  it('are so too when the bus loses, delays, repeats and reorders what happened', async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(planOf(50), async (plan) => {
        told += await play(badLive, plan);
      }),
      { numRuns: 20, seed, endOnFailure: true },
    );
    expect(told).toBeGreaterThan(1_000);
    expect(badLive.hub.counters.streams).toBe(0);
  }, 400_000);
});
