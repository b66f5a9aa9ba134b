import { once } from 'node:events';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { topicOf } from '../../src/events/topics.js';
import { createOutbox } from '../../src/live/outbox.js';
import { createPost } from '../coverage/newsroom.js';
import { createPerson, type Person } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, cursorOf, eventually, type TestSocket } from '../kit/sockets.js';
import { react } from '../reactions/reacting.js';
import { startBare } from './bareHub.js';
import { type CommentEvent, comment, listen, LONG, type Reactions, STREAMS } from './stage.js';

const publication = usePublication();
const sockets: TestSocket[] = [];
let reader: Person;

beforeAll(async () => {
  reader = await createPerson(publication);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.websocket.terminate();
});

async function open(): Promise<TestSocket> {
  const socket = await connect(publication.app);
  sockets.push(socket);
  return socket;
}

/** So many that 1 MB and all buffers on the way are full, whatever the system: each is told in 180 kB. */
const MANY = 120;
const bodyOf = (place: number): string => `${place} ${'x'.repeat(19_000)}`;

const placesOf = (events: readonly { readonly c0: { readonly body: string } | null }[]): number[] =>
  events.map((event) => Number(event.c0?.body.split(' ')[0]));

interface LongEvent {
  readonly cursor: string;
  readonly c0: { readonly body: string } | null;
}

async function writeMany(postId: string, from = 0, to = MANY): Promise<void> {
  for (let place = from; place < to; place += 1) await comment(reader, postId, bodyOf(place));
}

/** Waits until the instance reads no comments any more: it waits for its reader. */
const untilNothingIsRead = (): Promise<void> =>
  eventually(async () => {
    const read = await publication.app.statementsOf(() => pause(300));
    expect(read.filter(({ name }) => name?.startsWith('comments.'))).toEqual([]);
  });

describe('a reader that stops reading', () => {
  it('is sent away, holds up nobody, and loses nothing when it comes back', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const after = await cursorOf(publication, topicOf.comments(uuid));
    const [slow, quick, watching] = [await open(), await open(), await open()];
    const start = (socket: TestSocket, cursor: string) =>
      socket.start<LongEvent>(LONG, { postId, after: cursor });
    const slowStream = start(slow, after);
    const quickStream = start(quick, after);
    const readers = watching.start<{ count: number }>(STREAMS.readers, { postId });
    await eventually(() => expect(readers.events.at(-1)?.count).toBe(3));
    await comment(reader, postId, bodyOf(-1));
    await Promise.all([slowStream.until(1), quickStream.until(1)]);
    slow.websocket.pause();
    await writeMany(postId);
    expect(placesOf(await quickStream.until(MANY + 1)).slice(1)).toEqual(
      Array.from({ length: MANY }, (_, place) => place),
    );
    // It is gone before it reads again.
    await eventually(() => expect(readers.events.at(-1)?.count).toBe(2));
    slow.websocket.resume();
    // It was waited for a second; what said why had no room on the way.
    expect((await slow.closed()).code).toBe(1006);
    const had = slowStream.events.length;
    expect(had).toBeLessThan(MANY);
    const again = start(await open(), slowStream.events.at(-1)?.cursor ?? '');
    const rest = await again.until(MANY + 1 - had);
    expect([...placesOf(slowStream.events), ...placesOf(rest)]).toEqual(placesOf(quickStream.events));
  });

  it('and reads again in time hears why it is sent away: 1013', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const after = await cursorOf(publication, topicOf.comments(uuid));
    const slow = await open();
    const stream = slow.start<LongEvent>(LONG, { postId, after });
    await comment(reader, postId, bodyOf(-1));
    await stream.until(1);
    // The instance is of this process.
    const closing = vi.spyOn(WebSocket.prototype, 'close');
    onTestFinished(() => closing.mockRestore());
    slow.websocket.pause();
    for (let place = 0; closing.mock.calls.length === 0; place += 1) {
      await comment(reader, postId, bodyOf(place));
    }
    slow.websocket.resume();
    expect(await slow.closed()).toEqual({ code: 1013, reason: 'Too slow' });
    const had = stream.events.length;
    expect(placesOf(stream.events)).toEqual(Array.from({ length: had }, (_, place) => place - 1));
  });

  it('while it catches up is waited for, and holds up nobody who comes to the same place', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const after = await cursorOf(publication, topicOf.comments(uuid));
    await writeMany(postId);
    const [slow, quick] = [await open(), await open()];
    const slowStream = slow.start<LongEvent>(LONG, { postId, after });
    await slowStream.until(1);
    slow.websocket.pause();
    // It stands somewhere on the way when the others pass.
    await untilNothingIsRead();
    const first = quick.start<LongEvent>(LONG, { postId, after });
    await first.until(MANY);
    const second = quick.start<LongEvent>(LONG, { postId, after });
    const all = Array.from({ length: MANY }, (_, place) => place);
    expect(placesOf(await second.until(MANY))).toEqual(all);
    expect(slow.closing).toBeUndefined();
    slow.websocket.resume();
    expect(placesOf(await slowStream.until(MANY))).toEqual(all);
    await comment(reader, postId, bodyOf(MANY));
    const streams = [slowStream, first, second];
    await Promise.all(streams.map((stream) => stream.until(MANY + 1)));
    expect(streams.map((stream) => placesOf(stream.events).at(-1))).toEqual([MANY, MANY, MANY]);
  });

  it('of a value hears its last state when it reads again', async () => {
    const { id: subjectId } = await createPost(publication);
    const [slow, quick] = [await open(), await open()];
    const streams = [slow, quick].map((socket) => socket.start<Reactions>(STREAMS.reactions, { subjectId }));
    await Promise.all(streams.map((stream) => stream.until(1)));
    slow.websocket.pause();
    for (let round = 0; round < 5; round += 1) {
      const heard = streams[1]?.events.length ?? 0;
      await react(reader, round % 2 === 0 ? 'add' : 'remove', subjectId, 'LIKE');
      await streams[1]?.until(heard + 1);
    }
    slow.websocket.resume();
    await eventually(() => expect(streams[0]?.events.at(-1)).toEqual(streams[1]?.events.at(-1)));
    expect(slow.closing).toBeUndefined();
  });
});

describe('a reader that does not read', () => {
  const never = new Promise<void>(() => undefined);

  it('is waited for while it catches up', async () => {
    const bare = await startBare();
    for (let event = 0; event < 5; event += 1) bare.happen();
    bare.caughtUp = () => never;
    const stream = await bare.listen(await bare.connect(), 'events', 0);
    await pause(200);
    expect(stream.texts).toHaveLength(1);
  });

  it('is given what is new all the same, however much comes at once, until that is too much for it', async () => {
    const bare = await startBare();
    bare.caughtUp = () => never;
    const stream = await bare.listen(await bare.connect(), 'events');
    for (let event = 0; event < 300; event += 1) bare.happen();
    await eventually(() => expect(stream.texts).toHaveLength(300));
  });

  it('and catches up is waited for with what came meanwhile, too', async () => {
    const bare = await startBare();
    for (let event = 0; event < 2; event += 1) bare.happen();
    let read = (): void => undefined;
    bare.caughtUp = () => new Promise((resolve) => (read = resolve));
    const stream = await bare.listen(await bare.connect(), 'events', 0);
    await eventually(() => expect(stream.texts).toHaveLength(1));
    for (let event = 0; event < 5; event += 1) bare.happen();
    read();
    await eventually(() => expect(stream.texts).toHaveLength(2));
    await pause(200);
    expect(stream.texts).toHaveLength(2);
  });
});

/** A socket that takes nothing from some moment on, and what it took before. */
function createStallingSocket() {
  const taken: string[] = [];
  const held: (() => void)[] = [];
  const socket = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _, done) {
      taken.push(String(chunk));
      held.push(done);
    },
  });
  return { socket, taken, read: () => held.splice(0).forEach((done) => done()) };
}

describe('what waits for a slow reader', () => {
  const message = Buffer.from('message');
  const encode = (head: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(head), body]);
  const create = () => {
    const stalling = createStallingSocket();
    let overflows = 0;
    const outbox = createOutbox(stalling.socket, encode, () => (overflows += 1));
    return { ...stalling, outbox, overflows: () => overflows };
  };

  it('is at most 256 messages', () => {
    const { outbox, overflows } = create();
    for (let count = 0; count < 257; count += 1) outbox.send('', message);
    expect(overflows()).toBe(0);
    for (let count = 0; count < 10; count += 1) outbox.send('', message);
    expect(overflows()).toBe(1);
  });

  it('is about a megabyte at most', () => {
    const { outbox, overflows } = create();
    const large = Buffer.alloc(400_000);
    for (let count = 0; count < 3; count += 1) outbox.send('', large);
    expect(overflows()).toBe(0);
    for (let count = 0; count < 3; count += 1) outbox.send('', large);
    expect(overflows()).toBe(1);
  });

  it('is of a value only its last state, in order with everything else', async () => {
    const { outbox, taken, read, overflows } = create();
    const [one, other] = [{}, {}];
    outbox.send('first ', message);
    for (let count = 0; count < 1_000; count += 1) {
      outbox.send(`one ${count} `, message, one);
      outbox.send(`other ${count} `, message, other);
    }
    outbox.send('last ', message);
    await eventually(() => {
      read();
      expect(taken).toHaveLength(4);
    });
    expect(taken).toEqual(['first message', 'one 999 message', 'other 999 message', 'last message']);
    expect(overflows()).toBe(0);
  });

  it('is one thing to wait for, however often somebody asks', () => {
    const { outbox } = create();
    for (let count = 0; count < 100; count += 1) outbox.send('', message);
    expect(outbox.caughtUp()).toBe(outbox.caughtUp());
  });

  it('is dropped when the socket is closed, and whoever waits for the reader goes on', async () => {
    const { outbox, taken } = create();
    for (let count = 0; count < 100; count += 1) outbox.send('', message);
    const caughtUp = outbox.caughtUp();
    expect(caughtUp).toBeInstanceOf(Promise);
    outbox.close();
    await caughtUp;
    outbox.send('', message);
    expect([taken.length, outbox.caughtUp()]).toEqual([1, undefined]);
  });
});

describe('what goes out to a quick reader in one turn', () => {
  it('is all of it, in order, with far fewer calls to the kernel than messages', async () => {
    const taken: string[] = [];
    let calls = 0;
    const take = (chunks: readonly Buffer[], done: () => void): void => {
      calls += 1;
      taken.push(...chunks.map((chunk) => String(chunk).slice(0, 4)));
      // At once, as the kernel does.
      done();
    };
    const socket = new Writable({
      highWaterMark: 16_384,
      write: (chunk: Buffer, _, done) => take([chunk], done),
      writev: (chunks, done) =>
        take(
          chunks.map(({ chunk }) => chunk as Buffer),
          done,
        ),
    });
    let overflows = 0;
    const outbox = createOutbox(
      socket,
      (head, body) => Buffer.concat([Buffer.from(head), body]),
      () => (overflows += 1),
    );
    const body = Buffer.alloc(1_000);
    const heads = Array.from({ length: 1_000 }, (_, place) => String(place).padStart(4, '0'));
    for (const head of heads) outbox.send(head, body);
    await eventually(() => expect(taken).toHaveLength(1_000));
    expect(taken).toEqual(heads);
    expect(calls).toBeLessThan(100);
    expect(overflows).toBe(0);
    outbox.send('huge', Buffer.alloc(1_500_000));
    outbox.send('next', body);
    await eventually(() => expect(taken.slice(1_000)).toEqual(['huge', 'next']));
    expect(overflows).toBe(0);
  });
});

describe('a socket that is cut off', () => {
  it('in the middle of a catch-up leaves nothing behind', async () => {
    const { id: postId, uuid } = await createPost(publication);
    const after = await cursorOf(publication, topicOf.comments(uuid));
    await writeMany(postId, 0, 40);
    const watching = await open();
    const readers = watching.start<{ count: number }>(STREAMS.readers, { postId });
    await readers.until(1);
    const cut = await open();
    const stream = await listen(publication, cut, 'comments', postId, after);
    cut.start<LongEvent>(LONG, { postId, after });
    await stream.until(1);
    cut.websocket.terminate();
    await once(cut.websocket, 'close');
    await eventually(() => expect(readers.events.at(-1)?.count).toBe(1));
    const again = watching.start<CommentEvent>(STREAMS.comments, { postId, after });
    await again.until(40);
  });
});
