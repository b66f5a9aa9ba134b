import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { streamsOf } from '../kit/eventStreams.js';
import { connect } from '../kit/sockets.js';
import { openProxy, type Proxy } from './proxy.js';
import { openRaw } from './rawHttp.js';

let database: TestDatabase;
let proxy: Proxy;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await openProxy(database.url);
  app = await startTestApp({
    DATABASE_URL: proxy.url,
    TIDINGS_OPERATION_TIMEOUT_MS: '1000',
    TIDINGS_MAX_BODY_BYTES: '10000',
  });
});
afterAll(async () => {
  await proxy.heal();
  await app.stop();
  await proxy.close();
  await database.drop();
});

/** Words that only the inside knows: of stacks, files, statements, drivers, and where things are. */
function inside(): RegExp {
  const { hostname: host, port, username, password, pathname } = new URL(proxy.url);
  const places = [hostname(), host, `:${port}`, username, password, pathname.slice(1)].filter(
    (word) => word !== '',
  );
  const words = places.map(
    (word) => `(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\w-])`,
  );
  return new RegExp(
    [
      ...words,
      String.raw`\bat .*:\d+:\d+`,
      'node_modules|node:|/src/|/work/|\\.[jt]s\\b',
      'select |insert into|relation "|column "|syntax error at',
      'postgres|drizzle|redis|fastify|FST_|apollo-server|ECONN|ENOTFOUND|EAI_',
      'did you mean',
    ].join('|'),
    'i',
  );
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PREFLIGHT = { 'apollo-require-preflight': '1' };

interface Broken {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const operation = (query: unknown, more: object = {}): Broken => ({
  method: 'POST',
  headers: JSON_TYPE,
  body: JSON.stringify({ query, ...more }),
});

const BROKEN: readonly Broken[] = [
  {},
  { path: '/nothing' },
  { path: '/graphql/' },
  { path: '/%F0%28' },
  { path: '/graphql?query=%F0' },
  { path: '/health/nothing' },
  { path: '/../../etc/passwd' },
  { method: 'PUT' },
  { method: 'TRACE-IT' },
  { method: 'PATCH', headers: JSON_TYPE, body: '{' },
  { method: 'POST' },
  ...[
    '',
    '{',
    '[]',
    'null',
    '1',
    '"x"',
    '{"query":{}}',
    '{"__proto__":1}',
    '\u0000',
    `"${'x'.repeat(20_000)}`,
  ].map((body): Broken => ({ method: 'POST', headers: JSON_TYPE, body })),
  ...[
    'text/plain',
    'application/xml',
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'x',
    '/',
    ';',
    'application/json; charset=utf-7',
  ].map((type): Broken => ({
    method: 'POST',
    headers: { 'content-type': type },
    body: '{"query":"{ __typename }"}',
  })),
  { method: 'POST', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: 'no gzip' },
  { method: 'POST', headers: { ...JSON_TYPE, 'content-encoding': 'rot13' }, body: '{}' },
  { method: 'POST', headers: { ...JSON_TYPE, accept: 'image/png' }, body: '{"query":"{ __typename }"}' },
  {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization: 'Bearer x' },
    body: '{"query":"{ __typename }"}',
  },
  { path: '/graphql?variables={', headers: PREFLIGHT },
  { path: '/graphql?query={__typename}&query={__typename}', headers: PREFLIGHT },
  { path: '/graphql?extensions={"persistedQuery":1}', headers: PREFLIGHT },
  operation('{ post'),
  operation('{ postss { titl } }'),
  operation('{ post(by: { slugg: "x" }) { id } }'),
  operation('query ($by: PostBy!) { post(by: $by) { id } }', { variables: { by: { slg: 1 } } }),
  operation('query ($by: PostBy!) { post(by: $by) { id } }', { variables: [] }),
  operation('{ posts(after: "x") { nodes { id } } }'),
  operation('{ node(id: "x") { id } posts(first: 1000) { nodes { id } } }'),
  operation(String.raw`{ post(by: { slug: "\u0000" }) { id } }`),
  operation('{ a: __typename @skip }'),
  operation('{ ...F } fragment F on Query { ...F }'),
  operation('mutation { addComment(input: {}) { comment { id } } }'),
  operation(
    'mutation { signIn(input: { email: "a@b.c", password: "x" }) { viewer { id } userErrors { message } } }',
  ),
  operation('subscription { postPublished { cursor } }'),
  operation('{ __typename }', { extensions: { persistedQuery: { version: 9, sha256Hash: 'x' } } }),
  { path: '/graphql/stream' },
  { path: '/graphql/stream', method: 'POST', headers: JSON_TYPE, body: '{' },
  { path: '/graphql/stream?token=x', method: 'DELETE' },
  { path: '/graphql/stream', headers: { accept: 'text/event-stream' } },
  { path: '/graphql/stream?query={nothing}', headers: { accept: 'text/event-stream' } },
  { path: '/graphql/stream?query={__typename}&variables={', headers: { accept: 'text/event-stream' } },
];

/** What is answered, heads and all; without what the request itself said. */
async function answerTo({ path = '/graphql', method = 'GET', headers = {}, body }: Broken): Promise<string> {
  const raw = await openRaw(app);
  const lines = Object.entries({ host: 'api.example', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  raw.socket.write([`${method} ${path} HTTP/1.1`, ...lines, ...length, '', body ?? ''].join('\r\n'));
  return (await raw.closed()).replaceAll('/etc/passwd', '');
}

const NO_HTTP = [
  'NONSENSE\r\n\r\n',
  'GET /graphql HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\nhost: x\r\na b: c\r\n\r\n',
  '\u0016\u0003\u0001',
  'GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n',
  'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
];

describe('what is answered', () => {
  test('to a request that is broken says nothing of the inside', async () => {
    for (const broken of BROKEN) {
      const text = await answerTo(broken);
      expect(text, JSON.stringify(broken)).toMatch(/^HTTP\/1\.1 \d{3} /);
      expect(text, JSON.stringify(broken)).not.toMatch(inside());
    }
  });

  test('to what is no HTTP says nothing of the inside', async () => {
    for (const bytes of NO_HTTP) {
      const raw = await openRaw(app);
      raw.socket.write(bytes);
      const text = await raw.closed();
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
      expect(text, bytes).not.toMatch(inside());
    }
  });

  test('over a WebSocket says nothing of the inside', async () => {
    const messages = [
      '{',
      '[]',
      '{"type":"subscribe"}',
      '{"type":"x"}',
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 1 } }),
    ];
    for (const message of messages) {
      const socket = await connect(app);
      socket.say(message);
      expect(JSON.stringify(await socket.closed())).not.toMatch(inside());
    }
    const socket = await connect(app);
    const answer = await socket.ask('{ postss { titl } }');
    expect(JSON.stringify(answer)).not.toMatch(inside());
    await socket.close();
  });

  test('while the database is away says nothing of the inside', async () => {
    const queries = ['{ posts { nodes { id } } }', '{ viewer { id } }'];
    await proxy.cut();
    try {
      for (const query of queries) {
        const text = await answerTo(operation(query, {}));
        expect(text).not.toMatch(inside());
        const signedIn = {
          ...operation(query),
          headers: { ...JSON_TYPE, authorization: `Bearer tdg_${'x'.repeat(43)}` },
        };
        expect(await answerTo(signedIn)).not.toMatch(inside());
        const body = JSON.stringify({ query });
        const headers = { ...JSON_TYPE, accept: 'text/event-stream' };
        const stream = await fetch(streamsOf(app), { method: 'POST', headers, body });
        expect(await stream.text()).not.toMatch(inside());
      }
      expect(await answerTo({ path: '/health/ready' })).not.toMatch(/127\.0\.0\.1|ECONN/);
    } finally {
      await proxy.heal();
    }
  });
});
