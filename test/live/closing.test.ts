import { afterEach, describe, expect, it } from 'vitest';
import { topicOf } from '../../src/events/topics.js';
import { createPost } from '../coverage/newsroom.js';
import { startTestApp } from '../kit/app.js';
import { streamsOf } from '../kit/eventStreams.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, cursorAt, dial, eventually, refusalOf, type TestSocket } from '../kit/sockets.js';
import { codeIn, useStreams } from './sseStage.js';
import { comment, STREAMS } from './stage.js';

const publication = usePublication();
const openStream = useStreams(() => publication.app);
const sockets: TestSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.websocket.terminate();
});

async function open(app: { readonly endpoint: string } = publication.app): Promise<TestSocket> {
  const socket = await connect(app);
  sockets.push(socket);
  return socket;
}

const TAGS = '{ tags(first: 1) { nodes { __typename } } }';

/** Keeps whoever reads tags waiting while `work` is done. */
const whileNothingIsAnswered = (work: () => Promise<void>): Promise<void> =>
  publication.sql.begin(async (sql) => {
    await sql`lock table tags in access exclusive mode`;
    await work();
  });

const subscribe = (id: string, query = TAGS) => ({ id, type: 'subscribe', payload: { query } });

describe('the id of an operation', () => {
  it('has 128 characters at most: 4400', async () => {
    const socket = await open();
    socket.say(subscribe('x'.repeat(128)));
    await eventually(() => expect(socket.heard.at(-1)).toMatchObject({ type: 'complete' }));
    socket.say(subscribe('x'.repeat(129)));
    expect((await socket.closed()).code).toBe(4400);
  });

  it('is not free again before its operation is answered, also when that was completed: 4409', async () => {
    const socket = await open();
    await whileNothingIsAnswered(async () => {
      socket.say(subscribe('a'));
      socket.say({ id: 'a', type: 'complete' });
      socket.say(subscribe('a'));
      expect((await socket.closed()).code).toBe(4409);
    });
  });
});

describe('a socket', () => {
  it('has at most 100 operations that wait for their answers', async () => {
    const socket = await open();
    const waiting: ReturnType<typeof socket.start>[] = [];
    await whileNothingIsAnswered(async () => {
      for (let count = 0; count < 100; count += 1) waiting.push(socket.start(TAGS));
      expect(await socket.start('{ __typename }').ended()).toBe('LIMIT_EXCEEDED');
      expect(waiting.map(({ end }) => end)).toEqual(Array(100).fill(undefined));
    });
    expect(await Promise.all(waiting.map((operation) => operation.ended()))).toEqual(
      Array(100).fill('COMPLETE'),
    );
    await eventually(async () => expect(await socket.ask(TAGS)).not.toHaveProperty('errors'));
  });

  it('is told of a token that is looked at already by a pong without expiresAt, and stays', async () => {
    const { accessToken } = await createPerson(publication);
    const socket = await connect(publication.app, { accessToken });
    sockets.push(socket);
    const pongs = await Promise.all([socket.ping({ accessToken }), socket.ping({ accessToken })]);
    expect(pongs).toEqual([{}, { expiresAt: expect.any(String) as string }]);
    expect(await socket.ping({ accessToken })).toHaveProperty('expiresAt');
    expect(socket.closing).toBeUndefined();
  });
});

describe('an instance that ends', () => {
  it('answers what was begun, closes with 1012, and takes nobody in: 503', async () => {
    const app = await startTestApp({ DATABASE_URL: publication.url });
    const [busy, idle] = [await open(app), await open(app)];
    let operation: ReturnType<typeof busy.start> | undefined;
    let stopping: Promise<void> | undefined;
    await whileNothingIsAnswered(async () => {
      operation = busy.start(TAGS);
      await eventually(async () =>
        expect(
          await publication.sql`select 1 from pg_locks where not granted and relation = 'tags'::regclass`,
        ).toHaveLength(1),
      );
      stopping = app.stop();
      expect(await idle.closed()).toEqual({ code: 1012, reason: 'Restarting' });
      expect(await refusalOf(dial(app))).toBe(503);
      const streams = [
        { method: 'PUT' },
        {
          method: 'POST',
          headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
          body: JSON.stringify({ query: STREAMS.published }),
        },
      ];
      for (const request of streams) {
        const response = await fetch(streamsOf(app), request);
        expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
        await response.body?.cancel();
      }
      expect([busy.closing, operation?.end]).toEqual([undefined, undefined]);
    });
    expect(await operation?.ended()).toBe('COMPLETE');
    expect((await busy.closed()).code).toBe(1012);
    await stopping;
  });
});

describe('a stream of server-sent events', () => {
  it('whose cursor is older than the log ends with CURSOR_EXPIRED, and does not come again', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const reader = await createPerson(publication);
    const topic = topicOf.comments(uuid);
    for (const body of ['1', '2']) await comment(reader, postId, body);
    await publication.sql`delete from events where topic = ${topic} and seq = 1`;
    const stream = await openStream({
      query: STREAMS.comments,
      variables: { postId, after: cursorAt(topic, 0) },
    });
    expect(await stream.ended).toBe('END');
    expect(codeIn(stream.events)).toBe('CURSOR_EXPIRED');
    expect(stream.events.map(({ event, id }) => [event, id])).toEqual([
      ['next', undefined],
      ['complete', 'complete'],
    ]);
  });
});
