import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { failureOf, post } from './requests.js';

const FRIEND = 'https://news.example';
const LONG = { query: '{ posts(first: 15) { nodes { title bodyHtml } } }' };

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createDemoDatabase();
  app = await startTestApp({
    DATABASE_URL: database.url,
    ALLOWED_ORIGINS: `${FRIEND},http://localhost:5173`,
  });
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

/** The bytes as they were sent: fetch would unpack them. */
const rawPost = (acceptEncoding: string) =>
  new Promise<{ encoding: string | undefined; vary: string | undefined; bytes: Buffer }>(
    (resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'accept-encoding': acceptEncoding };
      const sending = request(app.endpoint, { method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            encoding: response.headers['content-encoding'],
            vary: response.headers.vary,
            bytes: Buffer.concat(chunks),
          }),
        );
      });
      sending.on('error', reject);
      sending.end(JSON.stringify(LONG));
    },
  );

describe('compression', () => {
  test('is what the client prefers of br and gzip, and none when it asks for none', async () => {
    const plain = await rawPost('identity');
    expect(plain.encoding).toBeUndefined();
    const br = await rawPost('gzip, deflate, br');
    expect(br.encoding).toBe('br');
    const gzip = await rawPost('gzip');
    expect(gzip.encoding).toBe('gzip');

    expect(brotliDecompressSync(br.bytes)).toEqual(plain.bytes);
    expect(gunzipSync(gzip.bytes)).toEqual(plain.bytes);
    expect(br.bytes.length).toBeLessThan(plain.bytes.length / 2);
  });

  test('tells caches everything that the answer varies with', async () => {
    const { vary } = await rawPost('br');
    expect(vary?.toLowerCase().split(', ').toSorted()).toEqual(['accept', 'accept-encoding', 'origin']);
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string) =>
    fetch(app.endpoint, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });

  test('may send requests and read the request id when it is in the list', async () => {
    const leave = await preflight(FRIEND);
    expect(leave.status).toBe(204);
    expect(leave.headers.get('access-control-allow-origin')).toBe(FRIEND);

    const answer = await post(app.endpoint, LONG, { origin: FRIEND });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
  });

  test.for(['https://evil.example', 'https://news.example.evil.example', 'http://news.example', 'null'])(
    'gets no leave when it is %s',
    async (origin) => {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
      const answer = await post(app.endpoint, LONG, { origin });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test.for([
    ['a link', 'GET', undefined],
    ['a form of plain text', 'POST', 'text/plain'],
    ['a form with files', 'POST', 'multipart/form-data; boundary=x'],
  ] as const)('cannot make a browser run an operation by %s', async ([, method, type]) => {
    const url = method === 'GET' ? `${app.endpoint}?query={__typename}` : app.endpoint;
    const response = await fetch(url, {
      method,
      headers: type === undefined ? {} : { 'content-type': type },
      ...(method === 'POST' && { body: '{"query":"{ __typename }"}' }),
    });
    const { status, code } = await failureOf(response);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(code).toBe('BAD_USER_INPUT');
  });

  test('can be told from a client that says so by a header of its own', async () => {
    const response = await fetch(`${app.endpoint}?query={__typename}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(await response.json()).toMatchObject({ data: { __typename: 'Query' } });
  });
});

describe('every answer', () => {
  test.for(['/graphql', '/health/live', '/health/ready', '/health/startup', '/nothing/here'])(
    'of %s has a request id of its own, and is not for caches',
    async (path) => {
      const [first, second] = await Promise.all([1, 2].map(() => fetch(new URL(path, app.endpoint))));
      expect(first?.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
      expect(first?.headers.get('x-request-id')).not.toBe(second?.headers.get('x-request-id'));
      expect(first?.headers.get('cache-control')).toBe('no-store');
      expect(first?.headers.get('content-type')).toMatch(/json; charset=utf-8$/);
    },
  );

  test('of an instance without ALLOWED_ORIGINS gives leave to no other origin', async () => {
    const closed = await startTestApp({ DATABASE_URL: database.url });
    try {
      const answer = await post(closed.endpoint, LONG, { origin: FRIEND });
      expect(await answer.json()).toMatchObject({ data: {} });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await closed.stop();
    }
  });
});

test('a client that never reads its answer does not keep an instance from stopping', async () => {
  const other = await startTestApp({ DATABASE_URL: database.url });
  const lists = Array.from({ length: 100 }, (_, index) => `p${index}: posts { nodes { bodyHtml } }`);
  const response = await post(other.endpoint, { query: `{ ${lists.join(' ')} }` });
  await other.stop();
  await expect(fetch(other.endpoint), 'nobody listens any more').rejects.toThrow('fetch failed');
  await response.body?.cancel();
});

describe('GraphiQL', () => {
  const page = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, { headers: { accept: 'text/html', ...headers } });

  test('is one page that may run its own script only, and is not sent twice', async () => {
    const response = await page(app.endpoint);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'sha256-[\w+/]{43}='(;| )/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(await response.text()).toContain('<title>Tidings · GraphiQL</title>');

    const etag = response.headers.get('etag') ?? '';
    expect((await page(app.endpoint, { 'if-none-match': etag })).status).toBe(304);
    const known = await page(app.endpoint, { 'if-none-match': `"another", ${etag.replace('W/', '')}` });
    expect([known.status, known.headers.get('vary')]).toEqual([304, 'Origin, accept, accept-encoding']);
  });

  test('is not there in production', async () => {
    const production = await startTestApp({ DATABASE_URL: database.url, NODE_ENV: 'production' });
    try {
      expect(await failureOf(await page(production.endpoint))).toMatchObject({ code: 'BAD_USER_INPUT' });
      const schema = await failureOf(
        await post(production.endpoint, { query: '{ __schema { types { name } } }' }),
      );
      expect(schema.code).toBe('GRAPHQL_VALIDATION_FAILED');
    } finally {
      await production.stop();
    }
  });
});
