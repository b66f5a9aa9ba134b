import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

// Any constant will do; it must never change, or two versions would migrate side by side.
const MIGRATION_LOCK = 7_218_431_905;

/**
 * Brings the database to the newest schema. Instances that start together take turns; all but the first find nothing to
 * do.
 *
 * @throws Error when PostgreSQL is older than 15, or a migration fails (it is rolled back).
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = postgres(url, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: { application_name: 'tidings-migrate' },
  });
  try {
    const [server] = await client<
      { version: number }[]
    >`select current_setting('server_version_num')::int as version`;
    if (server === undefined || server.version < 150_000) {
      throw new Error('Tidings needs PostgreSQL 15 or newer. Upgrade the server that DATABASE_URL names.');
    }
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(client), {
      migrationsFolder: MIGRATIONS,
      migrationsSchema: 'public',
      migrationsTable: 'migrations',
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}
