import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { openRaw } from './rawHttp.js';
import { post } from './requests.js';

const QUERY = { query: '{ __typename }' };
const OURS = /^[\da-f]{8}-[\da-f-]{27}$/;
const FRIEND = 'https://news.example';

let database: TestDatabase;
let direct: TestApp;
let behindProxy: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  [direct, behindProxy] = await Promise.all([
    startTestApp({ DATABASE_URL: database.url, ALLOWED_ORIGINS: FRIEND }),
    startTestApp({ DATABASE_URL: database.url, TRUSTED_PROXIES: '127.0.0.0/8,::1' }),
  ]);
});
afterAll(async () => {
  await Promise.all([direct.stop(), behindProxy.stop()]);
  await database.drop();
});

describe('the id of a request', () => {
  const idFor = async (app: TestApp, id: string, path = '/graphql') => {
    const response = await fetch(new URL(path, app.endpoint), { headers: { 'x-request-id': id } });
    return response.headers.get('x-request-id');
  };

  test.for(['7f6d1c1e-0001', 'Root=1-67891233-abcdef012345678912345678', 'a'.repeat(128)])(
    'is the one of a trusted proxy: %s',
    async (id) => {
      expect(await idFor(behindProxy, id)).toBe(id);
      expect(await idFor(behindProxy, id, '/nothing/here')).toBe(id);
      expect(await idFor(behindProxy, id, '/%F0')).toBe(id);
    },
  );

  test.for(['two words', '<script>', '{"level":50}', 'é', 'a'.repeat(129), ''])(
    'is a new one when the proxy sends what no log should hold: %s',
    async (id) => {
      expect(await idFor(behindProxy, id)).toMatch(OURS);
    },
  );

  test('is a new one when it came twice', async () => {
    const raw = await openRaw(behindProxy);
    raw.socket.write(
      'GET /health/live HTTP/1.1\r\nhost: x\r\nx-request-id: a\r\nx-request-id: b\r\nconnection: close\r\n\r\n',
    );
    expect(/x-request-id: (.*)\r/.exec(await raw.closed())?.[1]).toMatch(OURS);
  });

  test('is a new one for everybody who is no trusted proxy', async () => {
    expect(await idFor(direct, '7f6d1c1e-0001')).toMatch(OURS);
  });
});

describe('browsers are told', () => {
  test.for(['/graphql', '/health/live', '/nothing/here'])(
    'to run, frame and embed nothing of %s',
    async (path) => {
      const { headers } = await fetch(new URL(path, direct.endpoint));
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy':
          "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
      });
      expect(headers.has('x-powered-by')).toBe(false);
      expect(headers.has('server')).toBe(false);
    },
  );

  test('to come by https only when they came by https, which only a trusted proxy knows', async () => {
    const hsts = async (app: TestApp, protocol: string) =>
      (await post(app.endpoint, QUERY, { 'x-forwarded-proto': protocol })).headers.get(
        'strict-transport-security',
      );
    expect(await hsts(behindProxy, 'https')).toBe('max-age=31536000');
    expect(await hsts(behindProxy, 'http')).toBeNull();
    expect(await hsts(direct, 'https')).toBeNull();
  });
});

describe('a page of an allowed origin', () => {
  test('may read what an answer says beside its body, and sends no cookies', async () => {
    const { headers } = await post(direct.endpoint, QUERY, { origin: FRIEND });
    expect(headers.get('access-control-expose-headers')?.split(', ')).toEqual([
      'etag',
      'ratelimit',
      'ratelimit-limit',
      'ratelimit-policy',
      'ratelimit-remaining',
      'ratelimit-reset',
      'retry-after',
      'x-request-id',
    ]);
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });

  test('may send what clients send', async () => {
    const wanted = 'authorization,content-type,idempotency-key,if-none-match,x-apollo-operation-name';
    for (const path of ['/graphql', '/graphql/stream']) {
      const leave = await fetch(new URL(path, direct.endpoint), {
        method: 'OPTIONS',
        headers: {
          origin: FRIEND,
          'access-control-request-method': 'POST',
          'access-control-request-headers': wanted,
        },
      });
      expect(leave.status).toBe(204);
      expect(leave.headers.get('access-control-allow-origin')).toBe(FRIEND);
      expect(leave.headers.get('access-control-allow-headers')).toBe(wanted);
      expect(leave.headers.get('access-control-max-age')).toBe('86400');
      expect(leave.headers.has('access-control-allow-credentials')).toBe(false);
    }
  });
});
