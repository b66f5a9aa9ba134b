import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { connect, dial, refusalOf } from '../kit/sockets.js';
import { openRaw } from './rawHttp.js';
import { failureOf, post } from './requests.js';

const QUERY = { query: '{ posts(first: 1) { nodes { id } } }' };

let database: TestDatabase;
beforeAll(async () => {
  database = await createDemoDatabase();
});
afterAll(() => database.drop());

/** Lets nothing else happen for so long. */
function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe('an instance whose event loop is late', () => {
  let app: TestApp;
  /** Keeps the loop: 250 ms of work in each turn. */
  let work: NodeJS.Immediate | undefined;

  const overload = (): void => {
    block(250);
    work = setImmediate(overload);
  };
  const relieve = (): void => clearImmediate(work);
  /** As soon as it is let in. */
  const calm = <Result>(ask: () => Promise<Result>): Promise<Result> => vi.waitFor(ask, 20_000);
  const health = (path: string) => fetch(new URL(`/health/${path}`, app.endpoint));

  beforeAll(async () => {
    app = await startTestApp(
      { DATABASE_URL: database.url, TIDINGS_MAX_LOOP_DELAY_MS: '120' },
      { pressureInterval: 200 },
    );
  });
  afterAll(async () => {
    relieve();
    await app.stop();
  });

  test('refuses what is new with 503 and when to come again, is alive all the same, and recovers', async () => {
    const before = await calm(() => connect(app));
    overload();
    try {
      await vi.waitFor(async () => expect((await post(app.endpoint, QUERY)).status).toBe(503), 20_000);
      const failure = await failureOf(await post(app.endpoint, QUERY));
      expect(failure).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
      expect(failure.headers.get('retry-after')).toBe('2');
      expect(JSON.parse(failure.text)).toMatchObject({ errors: [{ extensions: { retryAfter: 2 } }] });
      expect(failure.headers.get('cache-control')).toBe('no-store');
      expect(failure.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
      expect(await refusalOf(dial(app))).toBe(503);
      expect((await health('live')).status).toBe(200);
      expect((await health('startup')).status).toBe(200);
      expect(await (await health('ready')).json(), 'asked, whatever it says').toHaveProperty('database');
      // A connection to the database may take too long now; it is not the door that says no.
      await calm(async () =>
        expect(await before.ask('{ __typename }'), 'who is in').toMatchObject({
          data: { __typename: 'Query' },
        }),
      );
    } finally {
      relieve();
    }
    await calm(async () => expect((await post(app.endpoint, QUERY)).status).toBe(200));
    const after = await calm(() => connect(app));
    await Promise.all([before.close(), after.close()]);
    // Told once, and not with each request.
    const told = app.logged.filter(({ msg }) => msg === 'too much to do: requests are refused');
    expect(told).toMatchObject([{ reason: 'eventLoopDelay' }]);
  });

  test('refuses what is not all here yet, and does not wait for the rest', async () => {
    const keeping = await startTestApp(
      // As it is by default: what is kept is looked for before anything else is asked.
      { DATABASE_URL: database.url, TIDINGS_MAX_LOOP_DELAY_MS: '1', TIDINGS_ANSWER_AGE_MS: '900' },
      { pressureInterval: 200 },
    );
    overload();
    try {
      await vi.waitFor(async () => expect((await post(keeping.endpoint, QUERY)).status).toBe(503), 20_000);
      const raw = await openRaw(keeping);
      raw.socket.write(
        'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
      );
      await vi.waitFor(() => expect(raw.heard()).toMatch(/^HTTP\/1\.1 503/), 15_000);
      raw.socket.destroy();
    } finally {
      relieve();
      await keeping.stop();
    }
  });

  test('lets a page of an allowed origin read why', async () => {
    const friend = 'https://news.example';
    const open = await startTestApp(
      { DATABASE_URL: database.url, TIDINGS_MAX_LOOP_DELAY_MS: '1', ALLOWED_ORIGINS: friend },
      { pressureInterval: 200 },
    );
    overload();
    try {
      await vi.waitFor(async () => {
        const refused = await post(open.endpoint, QUERY, { origin: friend });
        expect(refused.status).toBe(503);
        expect(refused.headers.get('access-control-allow-origin')).toBe(friend);
      }, 20_000);
    } finally {
      relieve();
      await open.stop();
    }
  });
});

test('an instance that uses more memory than it may refuses what is new, and is started anew when that lasts', async () => {
  // One percent of its memory every process uses.
  const app = await startTestApp(
    {
      DATABASE_URL: database.url,
      TIDINGS_MAX_MEMORY_PERCENT: '1',
      TIDINGS_METRICS_TOKEN: 'a token of the tests of metrics',
    },
    { pressureInterval: 50 },
  );
  try {
    await vi.waitFor(async () => {
      expect(await failureOf(await post(app.endpoint, QUERY))).toMatchObject({
        status: 503,
        code: 'UNAVAILABLE',
      });
    }, 10_000);
    const health = async (path: string) => (await fetch(new URL(`/health/${path}`, app.endpoint))).status;
    expect([await health('live'), await health('ready')]).toEqual([200, 200]);
    await vi.waitFor(
      async () => expect([await health('live'), await health('ready')]).toEqual([503, 503]),
      10_000,
    );
    const headers = { authorization: 'Bearer a token of the tests of metrics' };
    expect((await fetch(new URL('/metrics', app.endpoint), { headers })).status).toBe(200);
    expect(app.logged).toContainEqual(expect.objectContaining({ reason: 'heapUsedBytes' }));
  } finally {
    await app.stop();
  }
});

test('an instance that is told to never refuse does not', async () => {
  const app = await startTestApp(
    { DATABASE_URL: database.url, TIDINGS_MAX_LOOP_DELAY_MS: '0', TIDINGS_MAX_MEMORY_PERCENT: '0' },
    { pressureInterval: 20 },
  );
  try {
    block(500);
    expect((await post(app.endpoint, QUERY)).status).toBe(200);
  } finally {
    await app.stop();
  }
});
