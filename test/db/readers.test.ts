import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import type { Pool } from '../../src/db/pool.js';
import { createReaders } from '../../src/db/readers.js';
import { inSnapshot } from '../../src/db/snapshot.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

let database: TestDatabase;
let primary: DatabaseClient;
beforeAll(async () => {
  database = await createTestDatabase();
  primary = openDatabase({ url: database.url, poolSize: 2, statementTimeout: 10_000 });
});
afterAll(async () => {
  await primary?.close();
  await database?.drop();
});

/** A request that reads from a replica which fails everything with this code. */
function readFrom(code: string) {
  let isFailed = false;
  const failing = () => Promise.reject(Object.assign(new Error('The replica fails.'), { code }));
  const pool: Pool = { run: failing, begin: failing, numbers: { size: 1, inUse: 0, waiting: 0 } };
  const replica = {
    pool,
    fail() {
      isFailed = true;
    },
  };
  const readerOf = createReaders({
    db: primary.db,
    replicas: { choose: () => replica, states: () => [], close: () => Promise.resolve() },
    shares: true,
    wroteJustNow: () => Promise.resolve(false),
  });
  const { db } = readerOf({ viewer: { userId: null } });
  return { db, isFailed: () => isFailed };
}

describe('a replica that cannot be read from', () => {
  it.each([
    'CONNECTION_CLOSED',
    'CONNECT_TIMEOUT',
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
    '08006',
    '53300',
    '57P01',
    '57P03',
  ])('fails no request, and is left alone: %s', async (code) => {
    const { db, isFailed } = readFrom(code);
    expect(await db.execute(sql`select 42 as answer`)).toEqual([{ answer: 42 }]);
    expect(isFailed()).toBe(true);
  });

  it('because what is read is being changed there fails no request, and is read from again', async () => {
    const { db, isFailed } = readFrom('40001');
    expect(await inSnapshot(db, (snapshot) => snapshot.execute(sql`select 42 as answer`))).toEqual([
      { answer: 42 },
    ]);
    expect(isFailed()).toBe(false);
  });

  it.each(['57014', '42601'])('because of what is asked passes that on: %s', async (code) => {
    const { db, isFailed } = readFrom(code);
    await expect(db.execute(sql`select 42 as answer`)).rejects.toMatchObject({ cause: { code } });
    expect(isFailed()).toBe(false);
  });
});
