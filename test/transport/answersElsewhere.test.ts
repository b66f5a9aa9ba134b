import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { needsRedis, startRedis, withoutRedis } from '../kit/redis.js';
import { connect } from '../kit/sockets.js';

/** The longest that an answer may be old. */
const LONGEST_AGE = 900;

/** What readers are promised, in milliseconds. */
const PROMISED = 1_000;

const THREAD =
  'query Thread($id: ID!) { node(id: $id) { ... on Post { title commentCount comments(first: 100) { nodes { body } } } } }';
const ADD =
  'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { code } } }';
const CHANGED =
  'subscription ($id: ID!, $after: String) { commentsChanged(postId: $id, after: $after) { type } }';

interface Thread {
  readonly node: {
    readonly title: string;
    readonly commentCount: number;
    readonly comments: { readonly nodes: { body: string }[] };
  };
}

const bodiesIn = ({ node }: Thread): string[] => node.comments.nodes.map(({ body }) => body);

describe.each([
  ['over Redis', true],
  ['that do not hear each other', false],
])('an answer that is kept on one of two instances %s', (_, isShared) => {
  const publication = usePublication();
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  let here: TestApp;
  let there: TestApp;
  let reader: Person;
  beforeAll(async () => {
    if (isShared && withoutRedis) return;
    redis = isShared ? await startRedis() : undefined;
    const start = () =>
      startTestApp({
        DATABASE_URL: publication.url,
        TIDINGS_ANSWER_AGE_MS: String(LONGEST_AGE),
        ...(redis && { REDIS_URL: redis.url }),
      });
    [here, there] = await Promise.all([start(), start()]);
    reader = await createPerson({ app: here, sql: publication.sql });
  });
  afterAll(async () => {
    await Promise.all([here, there].map((app) => app.stop()));
    await redis?.stop();
  });

  const ask = async (id: string): Promise<string[]> => bodiesIn(await there.query<Thread>(THREAD, { id }));

  it.skipIf(isShared && withoutRedis)(
    `no answer is older than a second after the commit${isShared ? needsRedis : ''}`,
    async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        const { id } = await createPost(publication);
        await ask(id);
        await reader.query(ADD, { input: { postId: id, body: 'New' } });
        const committed = performance.now();
        // Readers come all the time: each could keep the old answer alive.
        while (performance.now() - committed < PROMISED) {
          await ask(id);
          await pause(20);
        }
        expect(await ask(id)).toEqual(['New']);
      }
    },
  );

  it.skipIf(isShared && withoutRedis)(
    `who was told of something is answered with it${isShared ? needsRedis : ''}`,
    async () => {
      const { id } = await createPost(publication);
      const socket = await connect(there);
      const { node } = await there.query<{ node: { comments: { streamCursor: string } } }>(
        'query ($id: ID!) { node(id: $id) { ... on Post { comments { streamCursor } } } }',
        { id },
      );
      // However late the subscription begins: it misses nothing.
      const told = socket.start(CHANGED, { id, after: node.comments.streamCursor });
      const written: string[] = [];
      for (let count = 1; count <= 5; count += 1) {
        await ask(id);
        await reader.query(ADD, { input: { postId: id, body: `Comment ${count}` } });
        written.push(`Comment ${count}`);
        await told.until(count);
        expect((await ask(id)).toSorted()).toEqual(written);
      }
      await socket.close();
    },
  );

  it.skipIf(isShared && withoutRedis)(
    `who is told of it only when they come is answered with it${isShared ? needsRedis : ''}`,
    async () => {
      const { id } = await createPost(publication);
      const { node } = await there.query<{ node: { comments: { streamCursor: string } } }>(
        'query ($id: ID!) { node(id: $id) { ... on Post { comments { streamCursor } } } }',
        { id },
      );
      await ask(id);
      await reader.query(ADD, { input: { postId: id, body: 'Before they came' } });
      const socket = await connect(there);
      await socket.start(CHANGED, { id, after: node.comments.streamCursor }).until(1);
      expect(await ask(id)).toEqual(['Before they came']);
      await socket.close();
    },
  );
});
