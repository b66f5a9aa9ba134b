import { Redis } from 'ioredis';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { checkDatabase } from '../../src/cli/doctor/database.js';
import { checkRedis } from '../../src/cli/doctor/redis.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../kit/database.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { about, configOf, type Findings, NO_ONES } from './findings.js';

let database: TestDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

/** What it says of the database. */
const lookAt = async (env: Record<string, string>, instances = 1): Promise<Findings> => ({
  findings: await checkDatabase(configOf({ DATABASE_URL: database.url, ...env }), instances),
});

/** The address of the database, for sessions that begin with these settings. */
function withSettings(settings: Record<string, string>): string {
  const url = new URL(database.url);
  for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
  return url.href;
}

describe('of the database, doctor', { timeout: 90_000 }, () => {
  test('finds that it is not there', async () => {
    expect(about(await lookAt({ DATABASE_URL: NO_ONES }), 'database')[0]).toMatch(
      /^problem: database at 127\.0\.0\.1:1\/none: .*ECONNREFUSED/,
    );
  });

  test('finds that it does not let us in', async () => {
    const url = new URL(database.url);
    url.username = 'nobody-we-know';
    const [finding] = about(await lookAt({ DATABASE_URL: url.href }), 'database');
    expect(finding).toMatch(/^problem: database at .* does not let us in/);
  });

  test('finds a role that may not read, write and migrate', async () => {
    // Every owner of a database is one of these; nothing is theirs but the schema.
    const report = await lookAt({ DATABASE_URL: withSettings({ role: 'pg_database_owner' }) });
    expect(about(report, 'database.rights')[0]).toMatch(/^problem: our role may not read and write .*posts/);
    expect(about(report, 'database.rights.migrate')[0]).toMatch(/^warning: our role does not own .*posts/);
  });

  test('finds that there may be too few connections', async () => {
    const small = await createTestDatabase();
    const other = postgres(small.url, { max: 1 });
    await other`alter database ${other(new URL(small.url).pathname.slice(1))} connection limit 20`;
    await other.end();
    const enough = { DATABASE_URL: small.url, TIDINGS_POOL_SIZE: '5' };
    const [one, three] = [await lookAt(enough, 1), await lookAt(enough, 3)];
    await small.drop();
    expect(about(one, 'database.connections')).toEqual([
      'ok: 1 instance and one more in a restart take up to 11 of 20 connections',
    ]);
    expect(about(three, 'database.connections')).toEqual([
      'problem: 3 instances and one more in a restart take up to 21 of 20 connections',
    ]);
  });

  test('finds that it is read-only for us', async () => {
    const url = withSettings({ default_transaction_read_only: 'on' });
    expect(about(await lookAt({ DATABASE_URL: url }), 'database.writable')).toEqual([
      'problem: the database is read-only for us',
    ]);
  });

  test('finds migrations that are still to run, and runs none', async () => {
    const empty = await createEmptyDatabase();
    const report = await lookAt({ DATABASE_URL: empty.url });
    const other = postgres(empty.url, { max: 1 });
    const tables = await other`select 1 from pg_tables where schemaname = 'public'`;
    await other.end();
    await empty.drop();
    expect(about(report, 'database.schema')[0]).toMatch(/^warning: \d+ migrations are still to run/);
    expect(tables).toHaveLength(0);
  });

  test('finds that it belongs to a newer Tidings', async () => {
    const newer = await createTestDatabase();
    const other = postgres(newer.url, { max: 1 });
    await other`insert into migrations (hash, created_at) values ('of tomorrow', 4102444800000)`;
    await other.end();
    const report = await lookAt({ DATABASE_URL: newer.url });
    await newer.drop();
    expect(about(report, 'database.schema')).toEqual(['problem: the database belongs to a newer Tidings']);
  });

  test('finds an encoding that cannot hold every text', async () => {
    const name = `${new URL(database.url).pathname.slice(1)}_ascii`;
    await sql.unsafe(`create database ${name} template template0 encoding 'SQL_ASCII' locale 'C'`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const report = await lookAt({ DATABASE_URL: url.href });
    await sql.unsafe(`drop database ${name} with (force)`);
    expect(about(report, 'database.encoding')).toEqual(['problem: the database is encoded in SQL_ASCII']);
  });

  test('finds that a replica is none', async () => {
    const report = await lookAt({ DATABASE_REPLICA_URLS: database.url });
    expect(about(report, 'database.replica')[0]).toMatch(/^problem: replica at .* is no replica/);
  });
});

describe.skipIf(withoutRedis)(`of Redis, doctor${needsRedis}`, { timeout: 90_000 }, () => {
  let redis: TestRedis;
  let admin: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
  });
  afterEach(async () => {
    await admin.config('SET', 'maxmemory', '0');
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.stop();
  });

  const lookAtRedis = async (env: Record<string, string>): Promise<Findings> => ({
    findings: await checkRedis(configOf(env), 1),
  });

  const as = (user: string): string => redis.url.replace('redis://', `redis://${user}@`);

  test('finds it well', async () => {
    const report = await lookAtRedis({ REDIS_URL: redis.url });
    expect(about(report, 'redis')[0]).toMatch(/^(?:ok|warning): Redis (?:answers|takes)/);
    expect(about(report, 'redis.rights')).toEqual(['ok: Redis lets us write, run scripts and listen']);
    expect(await admin.keys('tidings:doctor:*')).toEqual([]);
  });

  test('finds that it is not there', async () => {
    const [finding] = about(await lookAtRedis({ REDIS_URL: 'redis://127.0.0.1:1/0' }), 'redis');
    expect(finding).toMatch(/^problem: Redis \(REDIS_URL\) does not answer/);
  });

  test('finds that it does not let us in', async () => {
    const report = await lookAtRedis({ REDIS_URL: as('nobody:hush') });
    expect(about(report, 'redis')).toEqual(['problem: Redis does not let us in']);
  });

  test('finds a user who may not listen', async () => {
    await admin.call('ACL', 'SETUSER', 'deaf', 'on', '>hush', '~*', 'resetchannels', '+@all');
    const [finding] = about(await lookAtRedis({ REDIS_URL: as('deaf:hush') }), 'redis.rights');
    expect(finding).toMatch(/^problem: Redis does not let us do what we need: .*NOPERM/);
  });

  test('finds that it drops keys when it is full', async () => {
    await admin.config('SET', 'maxmemory', '100mb');
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const [finding] = about(await lookAtRedis({ REDIS_URL: redis.url }), 'redis.memory');
    expect(finding).toMatch(/^warning: .*allkeys-lru.*limits forget/);
  });

  test('finds that it is a replica', async () => {
    const replica = await startRedis();
    const other = new Redis(replica.url);
    await other.replicaof('127.0.0.1', Number(new URL(redis.url).port));
    const report = await lookAtRedis({ REDIS_URL: replica.url });
    other.disconnect();
    await replica.stop();
    expect(about(report, 'redis.rights')).toEqual(['problem: Redis is a replica, which cannot be written']);
  });
});
