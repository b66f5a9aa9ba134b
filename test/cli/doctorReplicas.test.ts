import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDatabase } from '../../src/cli/doctor/database.js';
import { needsReplica, type ReplicatedPostgres, startReplicated, withoutReplica } from '../faults/replica.js';
import { about, configOf, NO_ONES } from './findings.js';

describe.skipIf(withoutReplica)(`of replicas, doctor${needsReplica}`, { timeout: 90_000 }, () => {
  let replicated: ReplicatedPostgres;
  beforeAll(async () => {
    replicated = await startReplicated();
  }, 120_000);
  afterAll(() => replicated.stop(), 60_000);

  /** What it says of replicas. */
  const lookAt = async (env: Record<string, string>): Promise<readonly string[]> => {
    const { url, replicaUrl } = replicated;
    const settings = { DATABASE_URL: url, DATABASE_REPLICA_URLS: replicaUrl, ...env };
    return about({ findings: await checkDatabase(configOf(settings), 1) }, 'database.replica');
  };

  const other = (name: string): string => {
    const url = new URL(replicated.replicaUrl);
    url.pathname = `/${name}`;
    return url.href;
  };

  const ask = async (statement: string): Promise<void> => {
    const sql = postgres(replicated.url, { max: 1, onnotice: () => undefined });
    await sql.unsafe(statement);
    await sql.end();
  };

  test('finds one well', async () => {
    expect(await lookAt({})).toEqual([
      expect.stringMatching(/^ok: replica at .*: PostgreSQL \d.*, behind by \d+ ms at most$/) as string,
    ]);
  });

  test('finds one that is further behind than it may be, and one that is not there', async () => {
    await replicated.pause(true);
    await ask('create table news (); drop table news');
    const found = await lookAt({
      DATABASE_REPLICA_URLS: `${replicated.replicaUrl},${NO_ONES}`,
      TIDINGS_REPLICA_MAX_LAG_MS: '2000',
    });
    await replicated.pause(false);
    expect(found).toEqual([
      expect.stringMatching(
        /^warning: .* is behind by more than 2000 ms\. Reads go to the primary$/,
      ) as string,
      expect.stringMatching(
        /^warning: .*cannot be reached.* Check DATABASE_REPLICA_URLS, .*Reads go to/,
      ) as string,
    ]);
  });

  test('finds a replica of another database', async () => {
    await ask('create database other');
    await replicated.catchUp();
    expect(await lookAt({ DATABASE_REPLICA_URLS: other('other') })).toEqual([
      expect.stringMatching(/^problem: .* is a replica of another database than DATABASE_URL$/) as string,
    ]);
  });

  test('finds that our role may not read there', async () => {
    await ask('create role stranger login');
    await replicated.catchUp();
    const url = new URL(replicated.replicaUrl);
    url.username = 'stranger';
    expect(await lookAt({ DATABASE_REPLICA_URLS: url.href })).toEqual([
      expect.stringMatching(/^problem: .*: our role there may not read .*posts/) as string,
    ]);
  });

  test('says what it can of them when the primary is away', async () => {
    expect(await lookAt({ DATABASE_URL: NO_ONES })).toEqual([
      expect.stringMatching(/^ok: .*; how far it is behind cannot be told without the primary$/) as string,
    ]);
  });
});
