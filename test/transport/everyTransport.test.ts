import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { openStream, streamsOf } from '../kit/eventStreams.js';
import { connect } from '../kit/sockets.js';
import { post } from './requests.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Every way to send a query; resolves with the whole answer as text. */
const WAYS: Readonly<Record<string, (app: TestApp, query: string) => Promise<string>>> = {
  POST: async (app, query) => (await post(app.endpoint, { query })).text(),
  GET: async (app, query) =>
    (
      await fetch(`${app.endpoint}?${new URLSearchParams({ query })}`, {
        headers: { 'apollo-require-preflight': '1' },
      })
    ).text(),
  WebSocket: async (app, query) => {
    const socket = await connect(app);
    const answer = await socket.ask(query);
    await socket.close();
    return JSON.stringify(answer);
  },
  'a stream by POST': async (app, query) => {
    const stream = await openStream(app, { query });
    await stream.ended;
    return stream.text;
  },
  'a stream by GET': async (app, query) => {
    const stream = await openStream(app, { query, method: 'GET' });
    await stream.ended;
    return stream.text;
  },
};
const ways = Object.entries(WAYS);

const ASKING = [
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Query") { name } }',
  '{ ...F } fragment F on Query { harmless: __schema { queryType { name } } }',
];

describe('introspection', () => {
  const settings = { introspection: '{ __schema { queryType { name } } }', found: '"name":"Query"' };

  describe.each([
    ['in production', { NODE_ENV: 'production' }, false],
    ['in production that allows it', { NODE_ENV: 'production', TIDINGS_INTROSPECTION: '1' }, true],
    ['in development', {}, true],
    ['in development that forbids it', { TIDINGS_INTROSPECTION: '0' }, false],
  ] as const)('%s', (_, env, isOn) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp({ DATABASE_URL: database.url, ...env });
    });
    afterAll(() => app.stop());

    test.for(ways)(`by %s is ${isOn ? 'answered' : 'refused'}`, async ([, send]) => {
      for (const query of ASKING) {
        const text = await send(app, query);
        expect({
          isTold: text.includes(settings.found),
          isRefused: text.includes('GRAPHQL_VALIDATION_FAILED'),
        }).toEqual({ isTold: isOn, isRefused: !isOn });
      }
      expect(await send(app, '{ __typename }')).toContain('"__typename":"Query"');
    });
  });

  test('and GraphiQL are two settings', async () => {
    const app = await startTestApp({
      DATABASE_URL: database.url,
      NODE_ENV: 'production',
      TIDINGS_GRAPHIQL: '1',
    });
    try {
      const page = await fetch(app.endpoint, { headers: { accept: 'text/html' } });
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      await page.body?.cancel();
      expect((await post(app.endpoint, { query: settings.introspection })).status).toBe(400);
    } finally {
      await app.stop();
    }
  });
});

describe('a client', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ DATABASE_URL: database.url });
  });
  afterAll(() => app.stop());

  const stream = (body: string) =>
    fetch(streamsOf(app), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body,
    });

  test('cannot send many operations at once', async () => {
    const batch = JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
    for (const response of [await post(app.endpoint, batch), await stream(batch)]) {
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    }
    const socket = await connect(app);
    const messages = ['1', '2'].map((id) => ({
      id,
      type: 'subscribe',
      payload: { query: '{ __typename }' },
    }));
    socket.say(JSON.stringify(messages));
    expect((await socket.closed()).code).toBe(4400);
    const other = await connect(app);
    other.say(JSON.stringify({ id: '1', type: 'subscribe', payload: JSON.parse(batch) as unknown }));
    expect((await other.closed()).code).toBe(4400);
  });

  test.for(['__proto__', 'constructor'])('cannot reach what all objects share by %s', async (name) => {
    const query = 'query ($by: PostBy!) { post(by: $by) { id } }';
    const variables = `{"by":{"${name}":{"prototype":{"slug":"x"},"slug":"x"}}}`;
    const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
    const parameters = new URLSearchParams({ query, variables });
    const headers = { 'apollo-require-preflight': '1', accept: 'application/graphql-response+json' };
    for (const response of [
      await post(app.endpoint, body),
      await fetch(`${app.endpoint}?${parameters}`, { headers }),
    ]) {
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('BAD_USER_INPUT');
    }
    expect(await (await stream(body)).text()).toContain('BAD_USER_INPUT');
    const socket = await connect(app);
    socket.say(`{"id":"1","type":"subscribe","payload":${body}}`);
    await expect.poll(() => JSON.stringify(socket.heard)).toContain('BAD_USER_INPUT');
    await socket.close();
    expect('slug' in {}).toBe(false);
  });
});
