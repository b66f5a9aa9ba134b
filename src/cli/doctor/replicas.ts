import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Config } from '../../config.js';
import type { Database } from '../../db/client.js';
import { databaseAddress, explain } from '../explain.js';
import { type Finding, ok, problem, warning } from './findings.js';
import { openToLook } from './opening.js';

const CHECK = 'database.replica';

/** Milliseconds between two looks at how far a replica is. */
const INTERVAL = 50;

interface Server {
  readonly version: string;
  readonly isReplica: boolean;
  /** How far its log of changes reaches, or how much of its primary's it shows. */
  readonly position: string;
  /** Whether we may ask it which database it is a copy of. */
  readonly mayTell: boolean;
  /** Tables that we may not read. */
  readonly closed: string | null;
  readonly [column: string]: unknown;
}

async function askServer(db: Database): Promise<Server | undefined> {
  const [server] = await db.execute<Server & Record<string, unknown>>(sql`
    select current_setting('server_version') as version, pg_is_in_recovery() as "isReplica",
      (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end)::text as position,
      has_function_privilege('pg_control_system()', 'EXECUTE') as "mayTell",
      (select string_agg(relname, ', ' order by relname) from pg_class
        where relnamespace = to_regnamespace('public') and relkind = 'r' and not has_table_privilege(oid, 'SELECT')) as closed`);
  return server;
}

/** What a database and its copies have in common, and no others; undefined when we may not know. */
async function originOf(db: Database, { mayTell }: Server): Promise<string | undefined> {
  if (!mayTell) return undefined;
  const [row] = await db.execute<{ origin: string }>(sql`
    select system_identifier || ' ' || (select oid from pg_database where datname = current_database()) as origin
    from pg_control_system()`);
  return row?.origin;
}

/** Milliseconds until a replica shows what its primary has by now; undefined: longer than it may be behind. */
async function lagOf(primary: Database, replica: Database, most: number): Promise<number | undefined> {
  const position = (await askServer(primary))?.position;
  const started = performance.now();
  for (let passed = 0; passed <= most; passed = performance.now() - started) {
    const [row] = await replica.execute<{ has: boolean }>(
      sql`select pg_last_wal_replay_lsn() >= ${position}::pg_lsn as has`,
    );
    if (row?.has === true) return Math.round(performance.now() - started);
    await pause(INTERVAL);
  }
  return undefined;
}

/** A replica that answers. */
async function look(
  where: string,
  replica: Database,
  primary: Database | undefined,
  { replicaMaxLag }: Config,
): Promise<Finding> {
  const server = await askServer(replica);
  if (server?.isReplica !== true) {
    return problem(
      CHECK,
      `${where} is no replica: what is read there may never have been written`,
      'set DATABASE_REPLICA_URLS to streaming replicas of DATABASE_URL',
    );
  }
  const { version, closed } = server;
  // What is wrong with the primary is told elsewhere.
  const source = primary && (await askServer(primary).catch(() => undefined));
  if (primary === undefined || source === undefined) {
    return ok(
      CHECK,
      `${where}: PostgreSQL ${version}; how far it is behind cannot be told without the primary`,
    );
  }
  const [from, of] = [await originOf(primary, source), await originOf(replica, server)];
  if (from !== undefined && of !== undefined && from !== of) {
    return problem(
      CHECK,
      `${where} is a replica of another database than DATABASE_URL`,
      'set DATABASE_REPLICA_URLS to streaming replicas of DATABASE_URL',
    );
  }
  const lag = await lagOf(primary, replica, replicaMaxLag);
  if (lag === undefined) {
    return warning(
      CHECK,
      `${where} is behind by more than ${replicaMaxLag} ms. Reads go to the primary`,
      'look at pg_stat_replication on the primary, and whether the replica was told to pause; or raise TIDINGS_REPLICA_MAX_LAG_MS',
    );
  }
  if (closed !== null) {
    return problem(
      CHECK,
      `${where}: our role there may not read ${closed}`,
      'use the role of DATABASE_URL, or grant it select on all tables in schema public',
    );
  }
  return ok(CHECK, `${where}: PostgreSQL ${version}, behind by ${lag} ms at most`);
}

async function checkReplica(url: string, primary: Database | undefined, config: Config): Promise<Finding> {
  const where = `replica at ${databaseAddress(url)}`;
  const replica = openToLook(url);
  try {
    return await look(where, replica.db, primary, config);
  } catch (error) {
    const reason = explain(error, { ...config, databaseUrl: url });
    return warning(
      CHECK,
      `${where}: ${reason.replace('Check DATABASE_URL', 'Check DATABASE_REPLICA_URLS')} Reads go to the primary`,
      'bring it back, or take it out of DATABASE_REPLICA_URLS',
    );
  } finally {
    await replica.close();
  }
}

/** Whether each replica is one of the primary's, and as new as it has to be to be read from. @param primary undefined: it is away. */
export const checkReplicas = (config: Config, primary: Database | undefined): Promise<readonly Finding[]> =>
  Promise.all(config.replicaUrls.map((url) => checkReplica(url, primary, config)));
