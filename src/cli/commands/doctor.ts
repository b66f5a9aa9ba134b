import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { type Config, readConfig } from '../../config.js';
import { type Database, openDatabase } from '../../db/client.js';
import { connectDatabase } from '../../db/connect.js';
import { connectRedis } from '../../redis.js';
import { databaseAddress, explain } from '../explain.js';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/meta/_journal.json', import.meta.url));

/** Milliseconds that the database may take for an answer. */
const PATIENCE = 5_000;

/** What a check found: fine, worth knowing, or in need of mending. */
interface Finding {
  readonly state: 'ok' | 'note' | 'mend';
  readonly what: string;
}

const ok = (what: string): Finding => ({ state: 'ok', what });
const note = (what: string): Finding => ({ state: 'note', what });
const mend = (what: string): Finding => ({ state: 'mend', what });

/** The same floor as `engines` in package.json: Apollo Server 5 needs it. */
function checkNode(): Finding {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? ok(`Node ${node}`)
    : mend(`Node ${node} is too old: install 20.19 or newer`);
}

async function checkDataDir({ dataDir }: Config): Promise<Finding> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(`data folder ${dataDir}`);
  } catch (error) {
    return mend(`data folder ${dataDir} cannot be written: ${explain(error, undefined)}`);
  }
}

/** How many migrations there are, and how many of them the database has had. */
async function checkMigrations(db: Database): Promise<Finding> {
  const journal = JSON.parse(await readFile(MIGRATIONS, 'utf8')) as { readonly entries: readonly unknown[] };
  const [table] = await db.execute(sql`select 1 where to_regclass('public.migrations') is not null`);
  const [row] = table
    ? await db.execute<{ done: number }>(sql`select count(*)::int as done from migrations`)
    : [];
  const left = journal.entries.length - (row?.done ?? 0);
  if (left === 0) return ok('the database is at the newest schema');
  return left > 0
    ? note(`${left} migrations are still to run: a start runs them, or \`tidings migrate\``)
    : mend('the database belongs to a newer Tidings: upgrade this one');
}

/** Only looks: a database of one's own is not changed by a check-up. The embedded one is made as a start makes it. */
async function checkDatabase(config: Config): Promise<Finding[]> {
  const { databaseUrl: url } = config;
  const where = url === undefined ? 'embedded database' : `database at ${databaseAddress(url)}`;
  try {
    const database =
      url === undefined
        ? await connectDatabase(config)
        : openDatabase({ url, poolSize: 1, statementTimeout: PATIENCE });
    try {
      const [row] = await database.db.execute<{ version: string; number: number }>(
        sql`select current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
      );
      if (row === undefined || row.number < 150_000) {
        return [mend(`${where}: PostgreSQL ${row?.version} is too old: Tidings needs 15 or newer`)];
      }
      return [ok(`${where}: PostgreSQL ${row.version}`), await checkMigrations(database.db)];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [mend(`${where}: ${explain(error, config)}`)];
  }
}

const checkPort = ({ host, port }: Config): Promise<Finding> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'EADDRINUSE'
          ? note(`port ${port} is taken: by a running Tidings, or set PORT to another one`)
          : mend(`port ${port} on ${host}: ${error.message}`),
      ),
    );
    probe.listen({ host, port, exclusive: true }, () =>
      probe.close(() => resolve(ok(`port ${port} is free`))),
    );
  });

function checkSecret({ authSecret, production, dataDir }: Config): Finding {
  if (authSecret !== undefined) return ok('AUTH_SECRET is given');
  return production
    ? mend('AUTH_SECRET is required in production')
    : note(`AUTH_SECRET is not given: one is made and kept in ${dataDir}`);
}

/** A start goes on without Redis; whoever gave an address wants it there. */
async function checkRedis({ redisUrl }: Config): Promise<Finding[]> {
  if (redisUrl === undefined) return [];
  const redis = await connectRedis(redisUrl, { warn: () => undefined, info: () => undefined });
  try {
    return (await redis.ping()) === 'PONG' ? [ok('Redis answers')] : [mend('Redis answers something else')];
  } catch {
    return [mend('Redis (REDIS_URL) does not answer: instances go on without it, each for itself')];
  } finally {
    redis.disconnect();
  }
}

const SIGNS = { ok: '✓', note: '·', mend: '✗' } as const;

/**
 * `tidings doctor`: tries everything that a start needs, says what it found and what to mend. Exit status 1 when there
 * is something to mend.
 */
export async function doctorCommand(): Promise<void> {
  const findings: Finding[] = [checkNode()];
  try {
    const config = readConfig();
    findings.push(ok('settings'), checkSecret(config), await checkPort(config), await checkDataDir(config));
    findings.push(...(await checkDatabase(config)), ...(await checkRedis(config)));
  } catch (error) {
    findings.push(mend(`settings: ${explain(error, undefined)}`));
  }
  for (const { state, what } of findings) console.log(`${SIGNS[state]} ${what}`);
  const broken = findings.filter(({ state }) => state === 'mend').length;
  console.log(broken === 0 ? '\nAll is well.' : `\n${broken} to mend.`);
  if (broken > 0) process.exitCode = 1;
}
