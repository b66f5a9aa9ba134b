import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/auth/roles.js';
import { ANONYMOUS, classOf, type SignedInViewer } from '../../src/auth/viewer.js';
import { topicOf } from '../../src/events/topics.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { uuidOf } from '../kit/ids.js';
import { documentOf, type Heard, type Live, startLive } from '../kit/live.js';
import { type BareSocket, serveLive } from '../kit/liveSockets.js';
import { until } from '../kit/until.js';
import { createDesk, type Desk, hearsSoMany } from './desk.js';

const COMMENTS = documentOf(`subscription ($postId: ID!, $after: String) {
  commentsChanged(postId: $postId, after: $after) { cursor type commentId comment { id body author { name } } } }`);
const OWN = documentOf(`subscription ($postId: ID!) {
  commentsChanged(postId: $postId) { cursor type comment { id reactions { kind viewerHasReacted } } } }`);

let database: TestDatabase;
let live: Live;
let desk: Desk;
beforeAll(async () => {
  database = await createTestDatabase();
  live = await startLive(database.url);
  desk = createDesk(live);
});
afterAll(async () => {
  await live.stop();
  await database.drop();
});

describe('a cohort', () => {
  const VISITORS = 5_000;

  /** Executions that something costs, once all have heard of it. */
  async function executionsOf(work: () => Promise<unknown>, heard: () => Promise<void>): Promise<number> {
    const before = live.hub.counters.executions;
    await work();
    await heard();
    return live.hub.counters.executions - before;
  }

  const member = (role: Role, userId: string = randomUUID()): SignedInViewer => ({
    userId,
    role,
    sessionId: null,
    scopes: 'ALL',
  });

  /** A published post with comments allowed, and somebody who writes them. */
  async function createStage(): Promise<{ postId: string; topic: string; writer: SignedInViewer }> {
    const [author, writer] = [await desk.createUser('AUTHOR'), await desk.createUser('READER')];
    const postId = await desk.createPost(author);
    await desk.act(author, 'publishPost', { id: postId });
    return { postId, topic: topicOf.comments(uuidOf(postId)), writer };
  }

  it('of 5,000 sockets in three classes of viewers costs three executions an event, and all get the same text', async () => {
    const { postId, writer } = await createStage();
    const sockets = await serveLive(live);
    try {
      const classes = [() => ANONYMOUS, () => member('READER'), () => member('MODERATOR')];
      const opened: BareSocket[] = [];
      while (opened.length < VISITORS) {
        const some = Array.from({ length: 100 }, (_, place) => {
          const viewer = classes[(opened.length + place) % classes.length]?.() ?? ANONYMOUS;
          return sockets.subscribe(viewer, print(COMMENTS), { postId });
        });
        opened.push(...(await Promise.all(some)));
      }
      await until('all stand in their cohorts', () => {
        const { streams, cohorts } = live.hub.counters;
        return streams === VISITORS && cohorts === classes.length;
      });
      for (let event = 1; event <= 5; event += 1) {
        const executions = await executionsOf(
          () => desk.addComment(writer, postId, `Comment ${event}`),
          () =>
            until('all heard it', () => opened.every(({ payloads }) => payloads.length === event), 60_000),
        );
        expect(executions).toBe(classes.length);
        expect(new Set(opened.map(({ payloads }) => payloads[event - 1])).size).toBe(1);
      }
    } finally {
      await sockets.stop();
    }
    await until('all are gone', () => live.hub.counters.streams === 0);
  }, 240_000);

  it('is one for each user where a selection depends on the viewer, however many sockets they have', async () => {
    const { postId, writer } = await createStage();
    const users = Array.from({ length: 20 }, () => member('READER'));
    const streams = await Promise.all(
      users.flatMap((user) =>
        // In sessions of their own, as on several devices.
        Array.from({ length: 5 }, () =>
          live.listen({ ...user, sessionId: randomUUID() }, OWN, { postId: postId }),
        ),
      ),
    );
    expect(live.hub.counters.cohorts).toBe(users.length);
    const executions = await executionsOf(
      () => desk.addComment(writer, postId, 'A comment'),
      () => hearsSoMany(streams, 1),
    );
    expect(executions).toBe(users.length);
    desk.leaveAll(streams);
  });

  it('takes in those who come from different places, once they have caught up', async () => {
    const { postId, topic, writer } = await createStage();
    for (let place = 1; place <= 6; place += 1) await desk.addComment(writer, postId, `Comment ${place}`);
    const afters = [0, 2, 4, 6].map((seq) => live.cursors.sealPlace(topic, seq));
    const streams = await Promise.all([
      ...afters.map((after) => live.listen(member('READER'), COMMENTS, { postId, after })),
      ...afters.map((after) =>
        live.listen(
          member('READER'),
          documentOf(
            print(COMMENTS).replace('$after: String', '').replace('after: $after', `after: "${after}"`),
          ),
          { postId },
        ),
      ),
    ]);
    await until('they are one', () => live.hub.counters.cohorts === 1);
    const executions = await executionsOf(
      () => desk.addComment(writer, postId, 'Comment 7'),
      () =>
        until('all heard it', () =>
          streams.every(({ answers }, place) => answers.length === 7 - 2 * (place % 4)),
        ),
    );
    expect(executions).toBe(1);
    expect(new Set(streams.map(({ answers }) => answers.at(-1))).size).toBe(1);
    desk.leaveAll(streams);
  });

  it('hands a stream whose viewer got another role to another one, without loss or repetition', async () => {
    const { postId, topic, writer } = await createStage();
    const [admin, promoted] = [await desk.createUser('ADMIN'), await desk.createUser('READER')];
    const [staying, moving] = await Promise.all([
      live.listen(member('READER'), COMMENTS, { postId }),
      live.listen(promoted, COMMENTS, { postId }),
    ]);
    expect(live.hub.counters.cohorts).toBe(1);
    let written = 0;
    const writing = (async () => {
      for (; written < 60; written += 1) await desk.addComment(writer, postId, `Comment ${written}`);
    })();
    for (const role of ['MODERATOR', 'READER', 'EDITOR', 'MODERATOR'] as const) {
      const from = written;
      await until('something was written', () => written > from + 5);
      await desk.act(admin, 'setUserRole', { userId: encodeId('User', promoted.userId), role });
    }
    await writing;
    await hearsSoMany([staying, moving], 60);
    await until('it is a moderator', () => classOf(moving.connection.viewer) === 'MODERATOR:ALL');
    expect(live.hub.counters.cohorts).toBe(2);
    for (const { answers } of [staying, moving]) {
      const places = answers.map(({ cursor }) => live.cursors.openPlace(topic, cursor ?? ''));
      expect(places).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
    }
    // What only moderators see is told to it now.
    const hidden = await live.ask<{ post: { comments: { nodes: { id: string }[] } } }>(
      ANONYMOUS,
      documentOf('query ($id: ID!) { post(by: { id: $id }) { comments(first: 1) { nodes { id } } } }'),
      { id: postId },
    );
    const id = hidden.post.comments.nodes[0]?.id;
    await desk.act(admin, 'setCommentState', { id, state: 'HIDDEN' });
    await hearsSoMany([staying, moving], 61);
    const typeIn = ({ answers }: Heard) =>
      (JSON.parse(answers.at(-1)?.json ?? '') as { data: { commentsChanged: { type: string } } }).data
        .commentsChanged.type;
    expect([typeIn(staying), typeIn(moving)]).toEqual(['REMOVED', 'CHANGED']);
    desk.leaveAll([staying, moving]);
  });

  it('shows the author of a comment that waits by now what nobody else finds any more', async () => {
    const { postId, topic, writer } = await createStage();
    const id = await desk.addComment(writer, postId, 'Visible at first');
    const moderator = await desk.createUser('MODERATOR');
    await desk.act(moderator, 'setCommentState', { id, state: 'PENDING' });
    const variables = { postId, after: live.cursors.sealPlace(topic, 0) };
    const [own, other] = await Promise.all([
      live.listen(writer, COMMENTS, variables),
      live.listen(member('READER'), COMMENTS, variables),
    ]);
    await hearsSoMany([own, other], 2);
    const typesIn = ({ answers }: Heard) =>
      answers.map(
        ({ json }) =>
          (JSON.parse(json) as { data: { commentsChanged: { type: string } } }).data.commentsChanged.type,
      );
    expect([typesIn(own), typesIn(other)]).toEqual([
      ['ADDED', 'CHANGED'],
      ['REMOVED', 'REMOVED'],
    ]);
    desk.leaveAll([own, other]);
  });
});
