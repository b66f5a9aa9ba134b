import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needsReplica, type ReplicatedPostgres, startReplicated, withoutReplica } from '../faults/replica.js';
import { startTestApp, type TestApp } from '../kit/app.js';
import { eventually } from '../kit/sockets.js';
import { scrape } from './scraping.js';

const TOKEN = 'a token of the tests';

const FIRST = { replica: '1' };
const SECOND = { replica: '2' };

describe.skipIf(withoutReplica)(`what metrics say of replicas${needsReplica}`, () => {
  let replicated: ReplicatedPostgres;
  let sql: postgres.Sql;
  let app: TestApp;
  beforeAll(async () => {
    replicated = await startReplicated();
    sql = postgres(replicated.url, { max: 1, onnotice: () => undefined });
    // Nobody listens on port 1.
    const nobody = 'postgres://tidings@127.0.0.1:1/postgres';
    app = await startTestApp({
      DATABASE_URL: replicated.url,
      DATABASE_REPLICA_URLS: `${replicated.replicaUrl},${nobody}`,
      TIDINGS_REPLICA_MAX_LAG_MS: '3000',
      TIDINGS_POOL_SIZE: '4',
      TIDINGS_METRICS_TOKEN: TOKEN,
    });
  }, 120_000);
  afterAll(async () => {
    await app?.stop();
    await sql?.end();
    await replicated?.stop();
  }, 60_000);

  const metrics = () => scrape(new URL('/metrics', app.endpoint), TOKEN);

  it('is one pool for each, beside that of the primary', async () => {
    const now = await metrics();
    const pools = new Set(['primary', 'replica-1', 'replica-2']);
    for (const name of ['connections_max', 'in_use', 'waiting']) {
      expect(now.labelsOf(`tidings_pool_${name}`, 'pool')).toEqual(pools);
    }
    expect(now.of('tidings_pool_connections_max', { pool: 'replica-1' })).toBe(4);
  });

  it('is that one keeps up and is read from, and that one was never there', async () => {
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_replica_up', FIRST)).toBe(1);
      expect(now.of('tidings_replica_up', SECOND)).toBe(0);
      expect(now.of('tidings_replica_lag_seconds', FIRST)).toBeLessThan(3);
      // How far behind is somebody who never said where they are?
      expect(now.labelsOf('tidings_replica_lag_seconds', 'replica')).toEqual(new Set(['1']));
    });
  });

  it('is how far behind one is, and that it is not read from any more, until it is back', async () => {
    await replicated.pause(true);
    await sql`insert into tags (id, slug, name) values (gen_random_uuid(), 'late', 'Late')`;
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_replica_lag_seconds', FIRST)).toBeGreaterThan(3);
      expect(now.of('tidings_replica_up', FIRST)).toBe(0);
    });
    await replicated.pause(false);
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_replica_lag_seconds', FIRST)).toBeLessThan(3);
      expect(now.of('tidings_replica_up', FIRST)).toBe(1);
    });
  });
});
