import { describe, expect, test } from 'vitest';
import { streamsOf } from '../kit/eventStreams.js';
import { usePublication } from '../kit/publication.js';
import { connect, dial } from '../kit/sockets.js';
import { post } from '../transport/requests.js';
import { WAYS } from './sending.js';

/** What a page of any origin may send without asking: types of forms, and none. */
const SIMPLE = [
  undefined,
  'text/plain',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
];

const SIGN_OUT = 'mutation { signOut(input: { refreshToken: "x" }) { userErrors { code } } }';
const VIEWER = '{ viewer { id } }';
const SEARCH = 'query ($words: String!) { search(query: $words) { totalCount } }';

describe('a request', () => {
  const publication = usePublication({ NODE_ENV: 'production' });

  /** The statuses of requests, and that none of them ran anything. */
  const statusesOf = async (requests: readonly (() => Promise<Response>)[]): Promise<number[]> => {
    const statuses: number[] = [];
    const statements = await publication.app.statementsOf(async () => {
      for (const request of requests) {
        const response = await request();
        statuses.push(response.status);
        await response.body?.cancel();
      }
    });
    expect(statements.map(({ name }) => name)).toEqual([]);
    return statuses;
  };

  test.for(SIMPLE)('of the type %s runs nothing', async (type) => {
    const { app } = publication;
    const bodies = [JSON.stringify({ query: SIGN_OUT }), `query=${encodeURIComponent(SIGN_OUT)}`];
    const request = (address: string, body: string) => (): Promise<Response> =>
      fetch(address, {
        method: 'POST',
        headers: { accept: '*/*, text/event-stream', ...(type !== undefined && { 'content-type': type }) },
        // Text would get a type of its own.
        body: Buffer.from(body),
      });
    const statuses = await statusesOf(
      [app.endpoint, streamsOf(app)].flatMap((address) => bodies.map((body) => request(address, body))),
    );
    for (const status of statuses) expect([400, 415]).toContain(status);
  });

  test('by GET changes nothing', async () => {
    const { app } = publication;
    const parameters = String(new URLSearchParams({ query: SIGN_OUT }));
    const headers = { 'apollo-require-preflight': '1', accept: 'application/graphql-response+json' };
    const stream = await fetch(`${streamsOf(app)}?${parameters}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(await stream.text()).toContain('A mutation is sent by POST.');
    expect(await statusesOf([() => fetch(`${app.endpoint}?${parameters}`, { headers })])).toEqual([405]);
  });

  test('with a megabyte of variables is read, and refused for what it says', async () => {
    const body = JSON.stringify({ query: SEARCH, variables: { words: 'x '.repeat(500_000) } });
    const expected: Readonly<Record<string, string>> = { WebSocket: 'CLOSED 1009' };
    for (const [way, send] of Object.entries(WAYS)) {
      expect({ way, code: (await send(publication.app, body)).code }).toEqual({
        way,
        code: expected[way] ?? 'BAD_USER_INPUT',
      });
    }
  });

  test('with a token of 8,000 characters is refused as any other that is none', async () => {
    const { app } = publication;
    for (const token of ['x'.repeat(8_000), `tdg_${'x'.repeat(8_000)}`, `${'e30.'.repeat(2_000)}x`]) {
      const headers = { authorization: `Bearer ${token}` };
      const refused = await statusesOf([() => post(app.endpoint, { query: VIEWER }, headers)]);
      expect(refused).toEqual([401]);
      const stream = await fetch(`${streamsOf(app)}?query=${encodeURIComponent(VIEWER)}`, {
        headers: { ...headers, accept: 'text/event-stream' },
      });
      expect(await stream.text()).toContain('UNAUTHENTICATED');
      const socket = dial(app);
      await new Promise((resolve) => socket.websocket.once('open', resolve));
      socket.say({ type: 'connection_init', payload: { accessToken: token } });
      expect((await socket.closed()).code).toBe(4403);
    }
  });

  test('for a page of another origin opens no socket and no stream', async () => {
    const { app } = publication;
    const origin = 'https://elsewhere.example';
    const socket = dial(app, { headers: { origin } });
    expect((await socket.closed()).code).toBe(1006);
    const query = encodeURIComponent('subscription { postPublished { cursor } }');
    const stream = await fetch(`${streamsOf(app)}?query=${query}`, {
      headers: { origin, accept: 'text/event-stream' },
    });
    expect(stream.status).toBe(403);
    await stream.body?.cancel();
    const own = await connect(app);
    await own.close();
  });
});
