import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { openProxy, type Proxy } from './proxy.js';
import { failureOf, post } from './requests.js';

const QUERY = { query: '{ posts(first: 1) { nodes { title } } }' };

/** Words that only the inside of the server knows. */
const INSIDE = /select|from "|relation|postgres|127\.0\.0\.1|localhost|ECONN|node_modules|\bat .*:\d+/i;

let database: TestDatabase;
let proxy: Proxy;
let app: TestApp;

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await openProxy(database.url);
  app = await startTestApp({ DATABASE_URL: proxy.url, TIDINGS_OPERATION_TIMEOUT_MS: '1000' });
});
afterEach(async () => {
  await proxy.heal();
  await app.stop();
  await proxy.close();
  await database.drop();
});

const ask = () => post(app.endpoint, QUERY);
const ready = () => fetch(new URL('/health/ready', app.endpoint));

async function expectRecovery(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await (await ask()).json()).toMatchObject({ data: { posts: { nodes: [] } } });
      expect((await ready()).status).toBe(200);
    },
    { timeout: 10_000, interval: 50 },
  );
}

describe('a fault', () => {
  test('is masked for the client, and told to the operator under the same request id', async () => {
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    await sql`drop table posts cascade`;
    await sql.end();

    const failure = await failureOf(await ask());
    expect(failure.code).toBe('INTERNAL_SERVER_ERROR');
    expect(failure.message).toContain('X-Request-Id');
    expect(failure.text).not.toMatch(INSIDE);

    const requestId = failure.headers.get('x-request-id');
    const records = app.logged.filter((record) => record['requestId'] === requestId);
    expect(records).toHaveLength(1);
    expect(JSON.stringify(records)).toContain('relation \\"posts\\" does not exist');
  });

  test('of one field leaves the rest of the answer', async () => {
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
    await sql`drop table tags cascade`;
    await sql.end();
    const answer = await app.send<unknown>('{ __typename tag(slug: "a") { id } }');
    expect(answer.data).toEqual({ __typename: 'Query', tag: null });
    expect(answer.errors).toMatchObject([{ path: ['tag'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });
});

describe('a database that is away', () => {
  test('is UNAVAILABLE when its connections are cut, and is used again when it is back', async () => {
    expect((await ask()).status).toBe(200);
    await proxy.cut();

    const failure = await failureOf(await ask());
    expect(failure.code).toBe('UNAVAILABLE');
    expect(failure.text).not.toMatch(INSIDE);
    expect(app.logged.some((record) => record['requestId'] === failure.headers.get('x-request-id'))).toBe(
      true,
    );
    expect((await ready()).status).toBe(503);

    await proxy.heal();
    await expectRecovery();
  });

  test('is UNAVAILABLE within the time limit when it hangs, and is used again when it is back', async () => {
    expect((await ask()).status).toBe(200);
    proxy.swallow();

    const failure = await failureOf(await ask());
    expect(failure).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(failure.text).not.toMatch(INSIDE);

    await proxy.heal();
    await expectRecovery();
  });

  test('makes the instance not ready within a second, and leaves it alive', async () => {
    expect(await (await ready()).json()).toEqual({
      status: 'ok',
      draining: false,
      database: 'ok',
      bus: 'ok',
    });
    proxy.swallow();

    const started = performance.now();
    // More probes than the pool has connections.
    const answers = await Promise.all(Array.from({ length: 20 }, ready));
    expect(performance.now() - started).toBeLessThan(1_000);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({
        status: 'unavailable',
        draining: false,
        database: 'away',
        bus: 'ok',
      });
    }
    expect((await fetch(new URL('/health/live', app.endpoint))).status).toBe(200);
    expect((await fetch(new URL('/health/startup', app.endpoint))).status).toBe(200);

    await proxy.heal();
    await expectRecovery();
  });
});
