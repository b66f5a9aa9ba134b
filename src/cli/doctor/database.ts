import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import type { Config } from '../../config.js';
import type { Database } from '../../db/client.js';
import { connectDatabase } from '../../db/connect.js';
import { databaseAddress, explain } from '../explain.js';
import { type Finding, ok, problem, warning } from './findings.js';
import { openToLook } from './opening.js';
import { checkReplicas } from './replicas.js';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/meta/_journal.json', import.meta.url));

/** The versions that are tested. */
const OLDEST = 15;
const NEWEST = 18;

/** Milliseconds by which two clocks may differ: then events look younger or older, and then tokens are over too soon. */
const CLOCKS_DIFFER = 1_000;
const CLOCKS_DIFFER_MUCH = 60_000;

/** Of the connections that there are so many percent may be ours. */
const MANY_CONNECTIONS = 80;

interface Server {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly isReplica: boolean;
  readonly isReadOnly: boolean;
  readonly isSuperuser: boolean;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly now: number;
  readonly [column: string]: unknown;
}

async function askServer(db: Database): Promise<{ server: Server; clockDifference: number } | undefined> {
  const before = Date.now();
  const [server] = await db.execute<Server & Record<string, unknown>>(sql`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding, pg_is_in_recovery() as "isReplica",
      current_setting('transaction_read_only') = 'on' as "isReadOnly",
      current_setting('is_superuser') = 'on' as "isSuperuser",
      current_setting('fsync') as fsync, current_setting('full_page_writes') as "fullPageWrites",
      (extract(epoch from clock_timestamp()) * 1000)::float8 as now`);
  const after = Date.now();
  // It was read somewhere between the two.
  return server && { server, clockDifference: Math.round(server.now - (before + after) / 2) };
}

function checkVersion(where: string, { version, number }: Server): Finding {
  const major = Math.floor(number / 10_000);
  if (major < OLDEST) {
    return problem(
      'database.version',
      `${where}: PostgreSQL ${version} is too old`,
      `upgrade to ${OLDEST} or newer`,
    );
  }
  return major > NEWEST
    ? warning(
        'database.version',
        `${where}: PostgreSQL ${version} is newer than what is tested`,
        `use ${OLDEST} to ${NEWEST}, or look for a newer Tidings`,
      )
    : ok('database.version', `${where}: PostgreSQL ${version}`);
}

function checkClock(difference: number): Finding {
  const what = `the clocks of this machine and of the database differ by ${difference} ms`;
  const todo = 'have both set by NTP (timedatectl, chrony)';
  if (Math.abs(difference) >= CLOCKS_DIFFER_MUCH) return problem('database.clock', what, todo);
  return Math.abs(difference) >= CLOCKS_DIFFER
    ? warning('database.clock', what, todo)
    : ok('database.clock', what);
}

/** Whether it keeps what it said it keeps. */
function checkDurability({ fsync, fullPageWrites }: Server, isProduction: boolean): Finding {
  if (fsync === 'on' && fullPageWrites === 'on')
    return ok('database.durability', 'what is committed survives a crash');
  const what = 'fsync or full_page_writes is off: a crash of the machine can ruin the database';
  const todo = 'turn both on';
  return (isProduction ? problem : warning)('database.durability', what, todo);
}

/** What was set up once and for all. */
function checkKind({ encoding, isReplica, isReadOnly }: Server): readonly Finding[] {
  const findings: Finding[] = [];
  if (encoding !== 'UTF8') {
    findings.push(
      problem('database.encoding', `the database is encoded in ${encoding}`, 'make one with `encoding UTF8`'),
    );
  }
  if (isReplica || isReadOnly) {
    findings.push(
      problem(
        'database.writable',
        isReplica ? 'the database is a replica, which cannot be written' : 'the database is read-only for us',
        'set DATABASE_URL to the primary, and DATABASE_REPLICA_URLS to replicas',
      ),
    );
  }
  return findings;
}

/** How many migrations are still to run; undefined when our role may not see how many there were. */
async function migrationsLeft(db: Database): Promise<number | undefined> {
  const journal = JSON.parse(await readFile(MIGRATIONS, 'utf8')) as { readonly entries: readonly unknown[] };
  const [table] = await db.execute<{ isOpen: boolean }>(sql`
    select has_table_privilege(oid, 'SELECT') as "isOpen" from pg_class where oid = to_regclass('public.migrations')`);
  if (table === undefined) return journal.entries.length;
  if (!table.isOpen) return undefined;
  const [row] = await db.execute<{ done: number }>(sql`select count(*)::int as done from public.migrations`);
  return journal.entries.length - (row?.done ?? 0);
}

function checkMigrations(left: number | undefined): readonly Finding[] {
  if (left === undefined) return [];
  if (left === 0) return [ok('database.schema', 'the database is at the newest schema')];
  return [
    left > 0
      ? warning(
          'database.schema',
          `${left} migrations are still to run`,
          'a start runs them, or `tidings migrate`; make a backup before an upgrade',
        )
      : problem('database.schema', 'the database belongs to a newer Tidings', 'upgrade this one'),
  ];
}

interface Rights {
  readonly canCreate: boolean;
  readonly closed: string | null;
  readonly foreign: string | null;
  readonly [column: string]: unknown;
}

/** What our role may do: read and write every table, and change them in an upgrade. */
async function checkRights(db: Database, left: number, { isSuperuser }: Server): Promise<readonly Finding[]> {
  const [rights] = await db.execute<Rights & Record<string, unknown>>(sql`
    select has_schema_privilege('public', 'CREATE') as "canCreate",
      string_agg(name, ', ') filter (where not has_table_privilege(place, 'SELECT')
        or not has_table_privilege(place, 'INSERT')
        or (name <> 'audit_log' and not (has_table_privilege(place, 'UPDATE') and has_table_privilege(place, 'DELETE')))) as closed,
      string_agg(name, ', ') filter (where not pg_has_role(owner, 'USAGE')) as foreign
    from (select relname as name, oid as place, relowner as owner from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname) as tables`);
  if (rights === undefined) return [];
  const { canCreate, closed, foreign } = rights;
  const findings: Finding[] = [];
  if (closed !== null) {
    findings.push(
      problem(
        'database.rights',
        `our role may not read and write ${closed}`,
        'grant select, insert, update, delete on all tables in schema public to it, or let it own them',
      ),
    );
  }
  if (!canCreate || foreign !== null) {
    findings.push(
      (left > 0 ? problem : warning)(
        'database.rights.migrate',
        canCreate
          ? `our role does not own ${foreign}, so migrations cannot change them`
          : 'our role may not create tables in the schema public, so migrations cannot run',
        'make it the owner of the database and its tables; or run `tidings migrate` as their owner before each upgrade',
      ),
    );
  }
  if (isSuperuser) {
    findings.push(
      warning(
        'database.superuser',
        'our role is a superuser: a fault of ours would be one of the whole server',
        'make a role that owns this database only',
      ),
    );
  }
  return findings.length > 0 ? findings : [ok('database.rights', 'our role may read, write and migrate')];
}

/** Nothing has to be there; one is worth having. */
async function checkExtensions(db: Database): Promise<Finding> {
  const [row] = await db.execute(sql`select 1 from pg_extension where extname = 'pg_stat_statements'`);
  return ok(
    'database.extensions',
    row === undefined
      ? 'no extension is needed; pg_stat_statements would show which statements cost most'
      : 'no extension is needed; pg_stat_statements is there',
  );
}

interface Connections {
  readonly most: number;
  readonly role: number;
  readonly database: number;
  readonly others: number;
  readonly [column: string]: unknown;
}

/** Whether all instances together get the connections that they may ask for; one more comes in a rolling restart. */
async function checkConnections(db: Database, poolSize: number, instances: number): Promise<Finding> {
  const [row] = await db.execute<Connections & Record<string, unknown>>(sql`
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0) as most,
      (select rolconnlimit from pg_roles where rolname = current_user) as role,
      (select datconnlimit from pg_database where datname = current_database()) as database,
      (select count(*)::int from pg_stat_activity where datid is not null and usesysid is not null
        and application_name not like 'tidings%') as others`);
  if (row === undefined)
    return ok('database.connections', 'the server does not say how many connections there are');
  const limits = [row.most - row.others, row.role, row.database].filter((limit) => limit >= 0);
  const most = Math.min(...limits);
  // And one that migrates.
  const needed = (instances + 1) * poolSize + 1;
  const what = `${instances} ${instances === 1 ? 'instance' : 'instances'} and one more in a restart take up to ${needed} of ${most} connections`;
  const todo = 'lower TIDINGS_POOL_SIZE, raise max_connections, or put a pooler in between';
  if (needed > most) return problem('database.connections', what, todo);
  return needed * 100 > most * MANY_CONNECTIONS
    ? warning('database.connections', what, todo)
    : ok('database.connections', what);
}

async function look(
  db: Database,
  where: string,
  config: Config,
  instances: number,
): Promise<readonly Finding[]> {
  const asked = await askServer(db);
  if (asked === undefined) return [];
  const { server, clockDifference } = asked;
  const version = checkVersion(where, server);
  if (version.state === 'problem') return [version];
  const findings = [version, ...checkKind(server), checkClock(clockDifference)];
  const left = await migrationsLeft(db);
  findings.push(...checkMigrations(left));
  // The embedded one is ours alone, and set up by us.
  if (config.databaseUrl === undefined) return findings;
  findings.push(checkDurability(server, config.production), ...(await checkRights(db, left ?? 0, server)));
  findings.push(await checkExtensions(db), await checkConnections(db, config.poolSize, instances));
  return findings;
}

/** Only looks: a database of one's own is not changed by a check-up. The embedded one is made as a start makes it. */
export async function checkDatabase(config: Config, instances: number): Promise<readonly Finding[]> {
  const { databaseUrl: url } = config;
  const where = url === undefined ? 'embedded database' : `database at ${databaseAddress(url)}`;
  try {
    const database = url === undefined ? await connectDatabase(config) : openToLook(url);
    try {
      const findings = await look(database.db, where, config, instances);
      return [...findings, ...(await checkReplicas(config, database.db))];
    } finally {
      await database.close();
    }
  } catch (error) {
    const todo =
      url === undefined ? 'set TIDINGS_DATA_DIR, or DATABASE_URL' : 'set DATABASE_URL to where it is';
    const away = problem('database', `${where}: ${explain(error, config)}`, todo);
    return [away, ...(await checkReplicas(config, undefined))];
  }
}
