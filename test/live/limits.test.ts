import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, type Connecting, dial, eventually, refusalOf, type TestSocket } from '../kit/sockets.js';
import { STREAMS } from './stage.js';

const publication = usePublication();
const sockets: TestSocket[] = [];
const apps: TestApp[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.websocket.terminate();
  await Promise.all(apps.splice(0).map((app) => app.stop()));
});

const keep = (socket: TestSocket): TestSocket => {
  sockets.push(socket);
  return socket;
};

async function start(env: Record<string, string>, options?: { pingInterval: number }): Promise<TestApp> {
  const app = await startTestApp({ DATABASE_URL: publication.url, ...env }, options);
  apps.push(app);
  return app;
}

/** An open socket that has said nothing yet. */
async function quiet(connecting?: Connecting): Promise<TestSocket> {
  const socket = keep(dial(publication.app, connecting));
  await once(socket.websocket, 'open');
  return socket;
}

const INIT = { type: 'connection_init' };
const subscribe = (id: string) => ({ id, type: 'subscribe', payload: { query: STREAMS.published } });

describe('the protocol closes a socket', () => {
  it('that says nothing for three seconds: 4408', async () => {
    const socket = await quiet();
    expect((await socket.closed()).code).toBe(4408);
  });

  it('that introduces itself twice: 4429', async () => {
    const socket = await quiet();
    socket.say(INIT);
    socket.say(INIT);
    expect((await socket.closed()).code).toBe(4429);
  });

  it('that subscribes before it was let in: 4401', async () => {
    const socket = await quiet();
    socket.say(subscribe('a'));
    expect((await socket.closed()).code).toBe(4401);
  });

  it('that uses the id of an operation under way again: 4409', async () => {
    const socket = keep(await connect(publication.app));
    socket.say(subscribe('a'));
    socket.say(subscribe('a'));
    expect((await socket.closed()).code).toBe(4409);
  });

  it.each(['{', 'null', '[]', '{}', '{"type":"hello"}', '{"type":"subscribe"}', '{"type":"connection_ack"}'])(
    'that sends %s: 4400',
    async (junk) => {
      const socket = keep(await connect(publication.app));
      socket.say(junk);
      expect((await socket.closed()).code).toBe(4400);
      expect(publication.app.logged).toEqual([]);
    },
  );

  it('that sends more than 64 KB in one message: 1009', async () => {
    const socket = keep(await connect(publication.app));
    const around = JSON.stringify({ type: 'ping', payload: { text: '' } }).length;
    const ping = (length: number) => ({ type: 'ping', payload: { text: 'x'.repeat(length - around) } });
    socket.say(ping(65_536));
    await eventually(() => expect(socket.heard.at(-1)?.type).toBe('pong'));
    socket.say(ping(65_537));
    expect((await socket.closed()).code).toBe(1009);
  });

  it('that speaks no protocol of ours: 4406', async () => {
    const socket = await quiet({ protocols: [] });
    expect((await socket.closed()).code).toBe(4406);
    const older = keep(dial(publication.app, { protocols: 'graphql-ws' }));
    // `ws` itself hangs up when the server chose none of its protocols.
    await eventually(() => expect(older.closing).toBeDefined());
    expect(older.websocket.protocol).toBe('');
    const both = keep(dial(publication.app, { protocols: ['graphql-ws', 'graphql-transport-ws'] }));
    await once(both.websocket, 'open');
    expect(both.websocket.protocol).toBe('graphql-transport-ws');
  });

  it('with a token that is none: 4403', async () => {
    for (const payload of [{ accessToken: 'junk' }, { authorization: 'Bearer junk' }, { authorization: 5 }]) {
      const socket = await quiet();
      socket.say({ ...INIT, payload });
      expect((await socket.closed()).code).toBe(4403);
    }
  });
});

describe('a token', () => {
  it('comes with the first message, under either name, or with the upgrade', async () => {
    const { accessToken, username } = await createPerson(publication);
    const authorization = `Bearer ${accessToken}`;
    const ways: Connecting[] = [
      { accessToken },
      { payload: { authorization } },
      { payload: { Authorization: authorization } },
      { headers: { authorization } },
    ];
    for (const way of ways) {
      const socket = keep(await connect(publication.app, way));
      expect(await socket.ask('{ viewer { username } }')).toMatchObject({ data: { viewer: { username } } });
    }
  });
});

describe('a connection', () => {
  it('has at most 50 subscriptions at a time', async () => {
    const { id: postId } = await createPost(publication);
    const socket = keep(await connect(publication.app));
    const streams = Array.from({ length: 50 }, () => socket.start(STREAMS.readers, { postId }));
    await Promise.all(streams.map((stream) => stream.until(1)));
    const refused = socket.start(STREAMS.readers, { postId });
    expect(await refused.ended()).toBe('LIMIT_EXCEEDED');
    streams[7]?.stop();
    // Queries are none.
    expect(await socket.ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });
    await socket.start(STREAMS.readers, { postId }).until(1);
  });

  it('has at most so many while they are still being opened', async () => {
    const app = await start({ TIDINGS_SUBSCRIPTIONS_PER_CONNECTION: '2' });
    const { id: postId } = await createPost(publication);
    const socket = keep(await connect(app));
    const streams = Array.from({ length: 6 }, () => socket.start(STREAMS.readers, { postId }));
    await eventually(() => expect(streams.filter(({ end }) => end === 'LIMIT_EXCEEDED')).toHaveLength(4));
  });

  it('begins at most so many operations in a second, and is told when to go on', async () => {
    const app = await start({ TIDINGS_OPERATIONS_PER_SECOND: '5' });
    const socket = keep(await connect(app));
    // However they fall into seconds, some second has more than five.
    const operations = Array.from({ length: 200 }, () => socket.start('{ __typename }'));
    await Promise.all(operations.map((operation) => operation.ended()));
    const throttled = operations.filter(({ end }) => end === 'THROTTLED');
    expect(throttled.length).toBeGreaterThan(0);
    expect(throttled[0]?.errors[0]?.extensions).toEqual({ code: 'THROTTLED', retryAfter: 1 });
    await eventually(async () =>
      expect(await socket.ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } }),
    );
  });

  it('is never compressed', async () => {
    const socket = keep(await connect(publication.app));
    expect(socket.websocket.extensions).toBe('');
  });

  it('is gone within two periods when it answers no ping, and stays while it does', async () => {
    const app = await start({}, { pingInterval: 150 });
    const { id: postId } = await createPost(publication);
    const [dead, alive] = [keep(await connect(app)), keep(await connect(app))];
    const readers = alive.start<{ count: number }>(STREAMS.readers, { postId });
    await dead.start(STREAMS.readers, { postId }).until(1);
    await eventually(() => expect(readers.events.at(-1)?.count).toBe(2));
    dead.websocket.pause();
    await eventually(() => expect(readers.events.at(-1)?.count).toBe(1));
    let pings = 0;
    alive.websocket.on('ping', () => (pings += 1));
    await eventually(() => expect(pings).toBeGreaterThan(3));
    expect(alive.closing).toBeUndefined();
  });
});

describe('an upgrade is refused', () => {
  it('elsewhere than at /graphql: 404, whatever the address looks like', async () => {
    for (const path of ['/', '/graphql/stream', '/graphqlx', '//', '/%', '//graphql', '/graphql/']) {
      expect([path, await refusalOf(dial(publication.app, {}, path))]).toEqual([path, 404]);
    }
    const socket = keep(dial(publication.app, {}, '/graphql?some=thing'));
    await once(socket.websocket, 'open');
  });

  it('to pages of other origins: 403', async () => {
    const app = await start({ ALLOWED_ORIGINS: 'https://news.example' });
    const own = new URL(app.endpoint).origin;
    for (const origin of ['https://evil.example', 'null', 'https://news.example.evil.example', `${own}0`]) {
      expect([origin, await refusalOf(dial(app, { headers: { origin } }))]).toEqual([origin, 403]);
    }
    for (const origin of [own, 'https://news.example']) {
      expect(await refusalOf(dial(app, { headers: { origin } }))).toBeUndefined();
    }
  });

  it('to an address that has as many connections as it may: 429', async () => {
    const app = await start({ TRUSTED_PROXIES: '127.0.0.1,::1', TIDINGS_CONNECTIONS_PER_ADDRESS: '2' });
    const from = (address: string): Connecting => ({ headers: { 'x-forwarded-for': address } });
    const first = keep(await connect(app, from('192.0.2.1')));
    keep(await connect(app, from('203.0.113.9, 192.0.2.1')));
    expect(await refusalOf(dial(app, from('192.0.2.1')))).toBe(429);
    keep(await connect(app, from('192.0.2.2')));
    for (let more = 0; more < 5; more += 1) keep(await connect(app));
    keep(await connect(app, from('junk')));
    await first.close();
    await eventually(async () => keep(await connect(app, from('192.0.2.1'))));
  });
});

describe('a user', () => {
  it('has at most so many connections, and gets the places of those back that are gone', async () => {
    const app = await start({ TIDINGS_CONNECTIONS_PER_VIEWER: '2' });
    const [{ accessToken }, other] = [await createPerson(publication), await createPerson(publication)];
    // They are gone before they are let in.
    for (let hasty = 0; hasty < 10; hasty += 1) {
      const socket = dial(app);
      await once(socket.websocket, 'open');
      socket.websocket.send(JSON.stringify({ ...INIT, payload: { accessToken } }), () =>
        socket.websocket.terminate(),
      );
    }
    const open = () => connect(app, { accessToken });
    const first = keep(await eventually(open));
    keep(await eventually(open));
    await expect(open()).rejects.toThrow('4429');
    keep(await connect(app, { accessToken: other.accessToken }));
    keep(await connect(app));
    await first.close();
    keep(await eventually(open));
  });
});
