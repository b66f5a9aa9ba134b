import { once } from 'node:events';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPost } from '../coverage/newsroom.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { openStream, type StreamRequest, streamsOf } from '../kit/eventStreams.js';
import { createPerson } from '../kit/people.js';
import { usePublication } from '../kit/publication.js';
import { connect, dial, eventually } from '../kit/sockets.js';
import { useStreams } from './sseStage.js';
import { STREAMS } from './stage.js';

const publication = usePublication();
let app: TestApp;
const open = useStreams(() => app);

beforeAll(async () => {
  app = await startTestApp({
    DATABASE_URL: publication.url,
    TRUSTED_PROXIES: '127.0.0.1,::1',
    ALLOWED_ORIGINS: 'https://news.example',
    TIDINGS_CONNECTIONS_PER_ADDRESS: '2',
    TIDINGS_CONNECTIONS_PER_VIEWER: '2',
    TIDINGS_SUBSCRIPTIONS_PER_CONNECTION: '2',
    TIDINGS_OPERATIONS_PER_SECOND: '3',
  });
});
afterAll(() => app.stop());

/** Something that stays open. */
async function watching(): Promise<StreamRequest> {
  const { id: postId } = await createPost(publication);
  return { query: STREAMS.readers, variables: { postId } };
}

describe('the places for open connections', () => {
  it('are shared by WebSocket and server-sent events: those of a user', async () => {
    const person = await createPerson(publication);
    const request = { ...(await watching()), headers: { authorization: `Bearer ${person.accessToken}` } };
    const socket = await connect(app, { accessToken: person.accessToken });
    expect((await open(request)).status).toBe(200);
    const refused = await open(request);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    await refused.ended;
    expect(JSON.parse(refused.text)).toMatchObject({
      errors: [{ extensions: { code: 'THROTTLED', retryAfter: 5 } }],
    });
    await socket.close();
    await eventually(async () => expect((await open(request)).status).toBe(200));
  });

  it('are shared by both modes: those of an address', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    const request = { ...(await watching()), headers };
    const first = await open(request);
    const reserve = () => fetch(streamsOf(app), { method: 'PUT', headers });
    expect((await reserve()).status).toBe(201);
    expect((await reserve()).status).toBe(429);
    expect((await open(request)).status).toBe(429);
    expect((await open({ ...request, headers: { 'x-forwarded-for': '192.0.2.2' } })).status).toBe(200);
    first.close();
    await eventually(async () => expect((await reserve()).status).toBe(201));
  });

  it('are asked for again by an EventSource, which any other status would end', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.3' };
    const request = { ...(await watching()), method: 'GET', headers } as const;
    for (const stream of [await open(request), await open(request)]) await stream.until(1);
    const refused = await open(request);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(await refused.ended).toBe('END');
    expect(refused.text).toBe('retry: 5000\n\n');
  });
});

describe('the place of somebody who does not wait to be let in', () => {
  it('is free again: over WebSocket', async () => {
    const { accessToken } = await createPerson(publication);
    for (let count = 0; count < 10; count += 1) {
      const socket = dial(app);
      await once(socket.websocket, 'open');
      socket.say({ type: 'connection_init', payload: { accessToken } });
      socket.websocket.terminate();
    }
    const socket = await eventually(() => connect(app, { accessToken }));
    expect(socket.closing).toBeUndefined();
    await socket.close();
  });

  it('is free again: over server-sent events', async () => {
    const { accessToken } = await createPerson(publication);
    const { query = '', variables } = await watching();
    const headers = { authorization: `Bearer ${accessToken}` };
    const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    for (let count = 0; count < 10; count += 1) {
      const request = get(`${streamsOf(app)}?${String(parameters)}`, {
        headers: { ...headers, accept: 'text/event-stream' },
      });
      request.on('error', () => undefined);
      request.flushHeaders();
      await once(request, 'finish');
      request.destroy();
    }
    await eventually(async () => {
      const stream = await open({ query, variables: variables ?? {}, headers });
      expect(stream.status).toBe(200);
    });
  });
});

describe('pages of an origin that may come', () => {
  const origin = 'https://news.example';

  it('may read the stream', async () => {
    const stream = await open({ query: '{ __typename }', headers: { origin } });
    expect([stream.status, stream.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  });

  it.each(['POST', 'PUT', 'DELETE'])('may send what their browser asks about first: %s', async (method) => {
    const response = await fetch(streamsOf(app), {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers':
          'authorization,content-type,x-graphql-event-stream-token,last-event-id',
      },
    });
    expect(response.headers.get('access-control-allow-methods')).toContain(method);
    expect(response.headers.get('access-control-allow-headers')).toContain('last-event-id');
  });
});

it('a stream that has nothing to say says so, for proxies hang up on silence', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const quiet = await startTestApp({ DATABASE_URL: publication.url });
  try {
    const stream = await openStream(quiet, await watching());
    vi.advanceTimersByTime(12_000);
    vi.useRealTimers();
    await eventually(() => expect(stream.text).toMatch(/^:\n\n/m));
    stream.close();
  } finally {
    vi.useRealTimers();
    await quiet.stop();
  }
});

describe('a stream for many operations', () => {
  const begin = (token: string, id: string, request: StreamRequest = { query: '{ __typename }' }) =>
    fetch(streamsOf(app), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token },
      body: JSON.stringify({ ...request, extensions: { operationId: id } }),
    });
  const reserve = async (): Promise<string> => (await fetch(streamsOf(app), { method: 'PUT' })).text();

  it('is reserved for ten seconds', async () => {
    // The instance's own short waits go on.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    try {
      const token = await reserve();
      vi.advanceTimersByTime(5_000);
      expect((await begin(token, 'one')).status).toBe(202);
      vi.advanceTimersByTime(5_000);
      expect((await begin(token, 'two')).status).toBe(404);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes so many operations a second, and says when to come again', async () => {
    const token = await reserve();
    const ids = Array.from({ length: 40 }, (_, place) => `operation ${place}`);
    const answers = await Promise.all(ids.map((id) => begin(token, id)));
    const throttled = answers.find(({ status }) => status === 429);
    expect(throttled?.headers.get('retry-after')).toBe('1');
    expect(await throttled?.json()).toMatchObject({
      errors: [{ extensions: { code: 'THROTTLED', retryAfter: 1 } }],
    });
  });

  it('has so many subscriptions at a time', async () => {
    const token = await reserve();
    const request = await watching();
    expect((await begin(token, 'one', request)).status).toBe(202);
    expect((await begin(token, 'two', request)).status).toBe(202);
    const refused = await begin(token, 'three', request);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
  });
});
