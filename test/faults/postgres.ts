import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { joinEmbeddedPostgres } from '../../src/db/embedded.js';
import { migrateDatabase } from '../../src/db/migrate.js';
import { until } from '../kit/until.js';

/** A PostgreSQL of a test's own, which it may crash. */
export interface TestPostgres {
  /** A migrated, empty database. */
  readonly url: string;
  /** Ends it as a crash would; resolves when it is back, on the same port. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one in a folder of its own. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-faults-'));
  await chmod(folder, 0o711);
  // Not synchronous_commit: what was committed must outlive the crash, or there is nothing to hold streams to.
  const embedded = await joinEmbeddedPostgres({
    dataDir: folder,
    settings: { fsync: 'off', max_connections: '200' },
  });
  await migrateDatabase(embedded.url);
  const answers = async (): Promise<boolean> => {
    const sql = postgres(embedded.url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
    try {
      await sql`select 1`;
      return true;
    } finally {
      await sql.end();
    }
  };
  return {
    url: embedded.url,
    async crash() {
      const file = join(await realpath(join(folder, 'postgres')), 'data', 'postmaster.pid');
      const pidOf = async (): Promise<number> => Number((await readFile(file, 'utf8')).split('\n')[0]);
      const crashed = await pidOf();
      // "Immediate shutdown". Whoever joined an embedded server starts it again when it is gone.
      process.kill(crashed, 'SIGQUIT');
      await until('PostgreSQL is back', async () => (await pidOf()) !== crashed && (await answers()), 60_000);
    },
    async stop() {
      await embedded.leave();
      const home = await realpath(join(folder, 'postgres')).catch(() => folder);
      await rm(home, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
