import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { joinEmbeddedPostgres } from '../../src/db/embedded.js';
import { migrateDatabase } from '../../src/db/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server on which tests make their databases: a URL whose role may create databases. */
    serverUrl: string;
    /** What the names of this run's databases begin with: runs on one server keep out of each other's way. */
    databasePrefix: string;
  }
}

/** A migrated, empty database; each test file clones it, which takes 50 ms instead of a migration. */
export const templateOf = (prefix: string): string => `${prefix}_template`;

/**
 * One real PostgreSQL for the run: `TEST_DATABASE_URL`, or the embedded one in a folder of its own. Durability is off:
 * nothing in it outlives the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const folder = await mkdtemp(join(tmpdir(), 'tidings-test-'));
  await chmod(folder, 0o711);
  const embedded = given
    ? undefined
    : await joinEmbeddedPostgres({
        dataDir: folder,
        settings: {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          max_connections: '200',
        },
      });
  const serverUrl = given ?? embedded?.url ?? '';
  const template = new URL(serverUrl);
  const prefix = `tidings_test_${randomBytes(4).toString('hex')}`;
  template.pathname = `/${templateOf(prefix)}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${templateOf(prefix)}`);
  await migrateDatabase(template.href);
  project.provide('serverUrl', serverUrl);
  project.provide('databasePrefix', prefix);

  return async () => {
    // Databases that a killed worker left behind, and those that all files shared.
    const left = await admin<
      { datname: string }[]
    >`select datname from pg_database where starts_with(datname, ${prefix})`;
    for (const { datname } of left) await admin.unsafe(`drop database if exists ${datname} with (force)`);
    await admin.end();
    await embedded?.leave();
    await rm(folder, { recursive: true, force: true });
  };
}
