import { once } from 'node:events';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { topicOf } from '../../src/events/topics.js';
import { frameOf } from '../../src/server/frames.js';
import { createPost } from '../coverage/newsroom.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, cursorOf, eventually, type TestSocket } from '../kit/sockets.js';
import { comment, listen, STREAMS, toldOf, type CommentEvent } from './stage.js';

/** A server that greets as a WebSocket server does and then sends these bytes; what a client of `ws` makes of them. */
async function receive(bytes: Buffer, count: number): Promise<string[]> {
  const { createHash } = await import('node:crypto');
  const server = createServer((socket) => {
    socket.once('data', (request: Buffer) => {
      const [, key = ''] = /sec-websocket-key: (.*)\r\n/i.exec(String(request)) ?? [];
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
      );
      socket.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const heard: string[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data: Buffer, isBinary) => {
        heard.push(isBinary ? 'binary' : String(data));
        if (heard.length === count) resolve();
      });
    });
    return heard;
  } finally {
    socket.terminate();
    server.close();
  }
}

describe('a frame', () => {
  const lengths = [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 200_000];

  it('is read by others as it was meant, whatever its length', async () => {
    const messages = lengths.flatMap((length) => [
      ['', 'x'.repeat(length)],
      ['y'.repeat(length), ''],
      ['é'.repeat(Math.floor(length / 4)), 'ش'.repeat(Math.floor(length / 4))],
    ]);
    const frames = messages.map(([head = '', body = '']) => frameOf(head, Buffer.from(body)));
    expect(await receive(Buffer.concat(frames), frames.length)).toEqual(
      messages.map((parts) => parts.join('')),
    );
  });

  it('is read as it was meant for any Unicode head and body', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 50 }), async (messages) => {
        const frames = messages.map(([head, body]) => frameOf(head, Buffer.from(body)));
        expect(await receive(Buffer.concat(frames), frames.length)).toEqual(
          messages.map((parts) => parts.join('')),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('a subscription over a socket', () => {
  const publication = usePublication();
  const sockets: TestSocket[] = [];
  let reader: Person;

  beforeAll(async () => {
    reader = await createPerson(publication);
  });
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map((socket) => socket.close()));
  });

  const open = async (): Promise<TestSocket> => {
    const socket = await connect(publication.app);
    sockets.push(socket);
    return socket;
  };

  it('has any id that its client gives it', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const socket = await open();
    const after = await cursorOf(publication, topicOf.comments(uuid));
    const ids = ['"quoted\\"', 'Ünïcödé שלום 🎉', '\u2028\n\t', '__proto__', 'constructor', '1'];
    for (const id of ids) {
      socket.say({
        id,
        type: 'subscribe',
        payload: { query: STREAMS.comments, variables: { postId, after } },
      });
    }
    await comment(reader, postId, 'To all');
    await eventually(() =>
      expect(socket.heard.filter(({ type }) => type === 'next')).toHaveLength(ids.length),
    );
    expect(new Set(socket.heard.flatMap(({ id }) => id ?? []))).toEqual(new Set(ids));
  });

  it('hears nothing more once its client has said complete, and its id is free again', async () => {
    const { id: postId } = await createPost(publication);
    const socket = await open();
    const [stopped, other] = [
      await listen(publication, socket, 'comments', postId),
      await listen(publication, socket, 'comments', postId),
    ];
    await comment(reader, postId, 'First');
    await Promise.all([stopped.until(1), other.until(1)]);
    stopped.stop();
    // What is sent after it is read after it.
    await socket.ping();
    await comment(reader, postId, 'Second');
    await other.until(2);
    expect([stopped.events.length, stopped.end]).toEqual([1, undefined]);
    socket.say({ id: stopped.id, type: 'subscribe', payload: { query: '{ __typename }' } });
    expect(await stopped.ended()).toBe('COMPLETE');
  });

  it('can be stopped before it has begun', async () => {
    const { id: postId } = await createPost(publication);
    const [socket, watching] = [await open(), await open()];
    const readers = watching.start<{ count: number }>(STREAMS.readers, { postId });
    await readers.until(1);
    for (let hasty = 0; hasty < 20; hasty += 1) socket.start(STREAMS.comments, { postId }).stop();
    await socket.start(STREAMS.readers, { postId }).until(1);
    await eventually(() => expect(readers.events.at(-1)?.count).toBe(2));
    await socket.close();
    await eventually(() => expect(readers.events.at(-1)?.count).toBe(1));
  });

  it('may stand in fragments, beside other operations, under an alias', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const socket = await open();
    const after = await cursorOf(publication, topicOf.comments(uuid));
    const selection = 'cursor type comment { body }';
    const documents: readonly (readonly [string, object?])[] = [
      [
        `subscription ($postId: ID!, $after: String) { ...F }
         fragment F on Subscription { commentsChanged(postId: $postId, after: $after) { ...G } }
         fragment G on CommentEvent { ${selection} }`,
      ],
      [
        `query A { __typename }
         subscription B($postId: ID!, $after: String) { told: commentsChanged(postId: $postId, after: $after) { ${selection} } }`,
        { operationName: 'B' },
      ],
      [
        `subscription ($postId: ID!, $after: String, $no: Boolean = false) {
           ... on Subscription { commentsChanged(postId: $postId, after: $after) {
             cursor @include(if: $no) ... on StreamEvent { type } comment @skip(if: $no) { body } } } }`,
        { extensions: { anything: 'goes' } },
      ],
    ];
    const streams = documents.map(([query, more]) =>
      socket.start<CommentEvent>(query, { postId, after }, { ...more }),
    );
    await comment(reader, postId, 'One');
    await comment(reader, postId, 'Two');
    for (const stream of streams) {
      expect(toldOf(await stream.until(2))).toEqual([
        ['ADDED', 'One'],
        ['ADDED', 'Two'],
      ]);
    }
    expect(Object.keys(streams[1]?.answers[0]?.data ?? {})).toEqual(['told']);
    expect(streams[2]?.events[0]).not.toHaveProperty('cursor');
  });

  it('is refused without a root field, and with an operation that is not named', async () => {
    const { id } = await createPost(publication);
    const socket = await open();
    const root = `postChanged(id: "${id}")`;
    const refused = async (query: string) => socket.start(query).ended();
    expect(await refused(`subscription { ${root} @skip(if: true) { type } }`)).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect(await refused(`subscription A { ${root} { type } } subscription B { ${root} { type } }`)).toBe(
      'BAD_USER_INPUT',
    );
    expect(await refused('subscription { __typename }')).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(publication.app.logged).toEqual([]);
  });
});
