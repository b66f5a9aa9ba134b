import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { migrateDatabase } from '../../src/db/migrate.js';
import { until } from '../kit/until.js';
import { freePort } from '../kit/ports.js';

const run = promisify(execFile);

/** Where Debian keeps the programs of PostgreSQL 15 to 18; the embedded server comes without `pg_basebackup`. */
const bin = [15, 16, 17, 18]
  .map((version) => `/usr/lib/postgresql/${version}/bin`)
  .find((folder) => existsSync(folder) && readdirSync(folder).includes('pg_basebackup'));

/** Whether tests that need a replica are skipped. */
export const withoutReplica = bin === undefined;

/** The end of the name of a test that needs a replica. */
export const needsReplica = withoutReplica ? ' (skipped: no pg_basebackup in /usr/lib/postgresql)' : '';

/** A primary of a test's own, migrated and empty, and a streaming replica of it. */
export interface ReplicatedPostgres {
  readonly url: string;
  readonly replicaUrl: string;
  /** The replica gets what is committed, and does not show it. @param on false: it shows all. */
  pause(on: boolean): Promise<void>;
  /** Resolves when the replica shows all that is committed by now. */
  catchUp(): Promise<void>;
  stopReplica(): Promise<void>;
  startReplica(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs a program of PostgreSQL, which refuses to run as root. */
async function tool(name: string, ...parameters: readonly string[]): Promise<void> {
  const program = join(bin ?? '', name);
  if (process.getuid?.() !== 0) await run(program, parameters);
  else
    await run('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...parameters]);
}

async function ask<Row extends object>(url: string, statement: string): Promise<readonly Row[]> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    return await sql.unsafe<Row[]>(statement);
  } finally {
    await sql.end();
  }
}

/** One server. */
interface Cluster {
  readonly data: string;
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  /** As a crash would. */
  crash(): Promise<void>;
}

async function clusterIn(data: string): Promise<Cluster> {
  const port = await freePort();
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=100`;
  return {
    data,
    port,
    url: `postgres://tidings@127.0.0.1:${port}/postgres`,
    start: () => tool('pg_ctl', 'start', '-w', '-s', '-D', data, '-l', `${data}.log`, '-o', settings),
    crash: () => tool('pg_ctl', 'stop', '-w', '-s', '-m', 'immediate', '-D', data),
  };
}

/** A migrated and empty PostgreSQL, in a folder of its own. */
async function startPrimary(): Promise<{ readonly folder: string; readonly primary: Cluster }> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-replica-'));
  if (process.getuid?.() === 0) await run('chown', ['postgres:postgres', folder]);
  const primary = await clusterIn(join(folder, 'primary'));
  await tool('initdb', '-A', 'trust', '-U', 'tidings', '-E', 'UTF8', '--no-sync', '-D', primary.data);
  await primary.start();
  await migrateDatabase(primary.url);
  return { folder, primary };
}

/** A PostgreSQL that a test may keep away as long as it likes. */
export interface MortalPostgres {
  readonly url: string;
  crash(): Promise<void>;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startMortal(): Promise<MortalPostgres> {
  const { folder, primary } = await startPrimary();
  return {
    ...primary,
    async stop() {
      await primary.crash().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts both, in a folder of their own. */
export async function startReplicated(): Promise<ReplicatedPostgres> {
  const { folder, primary } = await startPrimary();
  const replica = await clusterIn(join(folder, 'replica'));
  const { url } = primary;
  const replicaUrl = replica.url;
  await tool('pg_basebackup', '-d', url, '-D', replica.data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync');
  await replica.start();

  return {
    url,
    replicaUrl,
    async pause(on) {
      await ask(replicaUrl, on ? 'select pg_wal_replay_pause()' : 'select pg_wal_replay_resume()');
      if (!on) return;
      await until('it is paused', async () => {
        const [row] = await ask<{ state: string }>(
          replicaUrl,
          'select pg_get_wal_replay_pause_state() as state',
        );
        return row?.state === 'paused';
      });
    },
    async catchUp() {
      const [there] = await ask<{ at: string }>(url, 'select pg_current_wal_lsn()::text as at');
      await until('the replica shows it', async () => {
        const [row] = await ask<{ has: boolean }>(
          replicaUrl,
          `select pg_last_wal_replay_lsn() >= '${there?.at}'::pg_lsn as has`,
        );
        return row?.has === true;
      });
    },
    stopReplica: () => replica.crash(),
    startReplica: () => replica.start(),
    async stop() {
      await replica.crash().catch(() => undefined);
      await primary.crash().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
