import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../kit/app.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';
import { scrape } from './scraping.js';

const TOKEN = 'a token of the tests';

describe('/metrics', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  /** What an instance with these settings answers, on its main port and on its own for metrics. */
  const withApp = async <Result>(
    env: Record<string, string>,
    ask: (app: TestApp, own: URL | undefined) => Promise<Result>,
  ): Promise<Result> => {
    const app = await startTestApp({ DATABASE_URL: database.url, LOG_LEVEL: 'info', ...env });
    try {
      const port = app.logged.find(({ msg }) => msg === 'metrics are served')?.['port'];
      return await ask(
        app,
        port === undefined ? undefined : new URL(`http://localhost:${Number(port)}/metrics`),
      );
    } finally {
      await app.stop();
    }
  };

  it('is nowhere unless it was asked for', async () => {
    await withApp({}, async (app, own) => {
      expect(own).toBeUndefined();
      const { status } = await fetch(new URL('/metrics', app.endpoint), {
        headers: { authorization: 'Bearer undefined' },
      });
      expect(status).toBe(404);
    });
  });

  it('is on a port of its own, and then not on the main one', async () => {
    await withApp({ TIDINGS_METRICS_PORT: '0' }, async (app, own) => {
      if (own === undefined) throw new Error('There is no port.');
      const { text } = await scrape(own);
      expect(text).toContain('tidings_pool_connections_max{pool="primary"} 10');
      expect((await fetch(new URL('/', own))).status).toBe(404);
      expect((await fetch(new URL('/metrics', app.endpoint))).status).toBe(404);
    });
  });

  it('wants the token on its own port as well, when there is one', async () => {
    await withApp({ TIDINGS_METRICS_PORT: '0', TIDINGS_METRICS_TOKEN: TOKEN }, async (_, own) => {
      if (own === undefined) throw new Error('There is no port.');
      expect((await fetch(own)).status).toBe(401);
      expect((await scrape(own, TOKEN)).of('tidings_bus_up')).toBe(1);
    });
  });

  it('tells who was refused for want of points', async () => {
    const env = { TIDINGS_METRICS_PORT: '0', TIDINGS_THROTTLE_ANONYMOUS: '1000/1' };
    await withApp(env, async (app, own) => {
      if (own === undefined) throw new Error('There is no port.');
      const codes = new Set<string | undefined>();
      while (!codes.has('THROTTLED')) {
        const { errors } = await app.send('{ posts(first: 100) { nodes { id tags { name } } } }');
        codes.add(errors?.[0]?.extensions.code);
      }
      const now = await scrape(own);
      expect(now.of('tidings_throttled_total', { tier: 'ANONYMOUS', what: 'operation' })).toBe(1);
      expect(now.of('tidings_operation_errors_total', { operation: 'unnamed', code: 'THROTTLED' })).toBe(1);
    });
  });
});
