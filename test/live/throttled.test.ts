import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedInViewer } from '../../src/auth/viewer.js';
import { createLocalBus } from '../../src/events/bus.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import { createThrottle } from '../../src/limits/throttle.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { documentOf, type Heard, type Live, startLive } from '../kit/live.js';
import { until } from '../kit/until.js';
import { createDesk, type Desk } from './desk.js';

const SHARED = documentOf(`subscription ($postId: ID!) {
  commentsChanged(postId: $postId) { cursor comment { body } } }`);
const OWN = documentOf(`subscription ($postId: ID!) {
  commentsChanged(postId: $postId) { cursor comment { body reactions { viewerHasReacted } } } }`);
const COUNT = documentOf(`subscription ($subjectId: ID!) {
  reactionsChanged(subjectId: $subjectId) { reactions { kind count } } }`);

/** Readers have ten points, and ten more each second. */
const FEW = { maximum: 10, restoreRate: 10 };
/** Authors have fewer than one answer of their own costs. */
const TOO_FEW = { maximum: 2, restoreRate: 10 };
const PLENTY = { maximum: 1e9, restoreRate: 1e9 };

let database: TestDatabase;
let live: Live;
let desk: Desk;
let postId: string;
let writer: SignedInViewer;
let reader: SignedInViewer;
beforeAll(async () => {
  database = await createTestDatabase();
  const throttle = createThrottle({
    redis: undefined,
    secret: 'a secret of the tests',
    tiers: {
      ANONYMOUS: PLENTY,
      READER: FEW,
      AUTHOR: TOO_FEW,
      MODERATOR: PLENTY,
      EDITOR: PLENTY,
      ADMIN: PLENTY,
      API_TOKEN: PLENTY,
    },
    report: (error) => {
      throw error;
    },
  });
  live = await startLive(database.url, createLocalBus, throttle);
  desk = createDesk(live);
  writer = await desk.createUser('EDITOR');
  reader = await desk.createUser('READER');
  postId = await desk.createPost(writer);
  await desk.act(writer, 'publishPost', { id: postId });
});
afterAll(async () => {
  await live.stop();
  await database.drop();
});

const bodiesIn = (heard: Heard): string[] =>
  heard.answers.map(({ json }) => {
    const { data } = JSON.parse(json) as { data: { commentsChanged: { comment: { body: string } } } };
    return data.commentsChanged.comment.body;
  });

const COMMENTS = 30;

describe('a stream whose viewer has no points left', () => {
  it.each([
    ['shares its answers', SHARED],
    ['is answered for itself', OWN],
  ])('and that %s pauses, goes on when they are back, and misses nothing', async (_, document) => {
    const paying = await live.listen(reader, document, { postId });
    const other = await live.listen(writer, document, { postId });
    const bodies = Array.from({ length: COMMENTS }, (_unused, place) => `Comment ${place}`);
    await Promise.all(bodies.map((body) => desk.addComment(writer, postId, body)));
    await until('the other one heard all of it', () => other.answers.length === COMMENTS);
    expect(paying.answers.length).toBeLessThan(COMMENTS);
    await until('so did this one', () => paying.answers.length === COMMENTS, 20_000);
    expect(bodiesIn(paying)).toEqual(bodiesIn(other));
    expect(new Set(bodiesIn(other))).toEqual(new Set(bodies));
    expect(paying.end).toBeUndefined();
    desk.leaveAll([paying, other]);
  });

  it('of a value hears the last one when they are back', async () => {
    const comments = await live.listen(reader, SHARED, { postId });
    const values = await live.listen(reader, COUNT, { subjectId: postId });
    const bodies = Array.from({ length: COMMENTS }, (_, place) => `More ${place}`);
    await Promise.all(bodies.map((body) => desk.addComment(writer, postId, body)));
    await desk.act(writer, 'addReaction', { subjectId: postId, kind: 'LIKE' });
    await until(
      'it heard of the reaction',
      () => values.answers.at(-1)?.json.includes('"count":1') === true,
      20_000,
    );
    await until('and of all comments', () => comments.answers.length === COMMENTS, 20_000);
    expect([comments.end, values.end]).toEqual([undefined, undefined]);
    desk.leaveAll([comments, values]);
  });

  it('ends when never so many points will be there as one answer costs, and not when it shares its answers', async () => {
    const editor = await desk.createUser('EDITOR');
    const admin = await desk.createUser('ADMIN');
    const [own, shared] = [
      await live.listen(editor, OWN, { postId }),
      await live.listen(editor, SHARED, { postId }),
    ];
    await desk.addComment(writer, postId, 'Before');
    await until('both heard it', () => own.answers.length === 1 && shared.answers.length === 1);
    const userId = encodeId('User', editor.userId);
    await desk.act(admin, 'setUserRole', { userId, role: 'AUTHOR' });
    await desk.addComment(writer, postId, 'After');
    await until('one is over', () => own.end !== undefined);
    expect([own.end, own.answers.length]).toEqual(['LIMIT_EXCEEDED', 1]);
    await until('the other one goes on', () => bodiesIn(shared).at(-1) === 'After');
    expect(shared.end).toBeUndefined();
    desk.leaveAll([own, shared]);
  });
});
