import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { openDatabase } from '../../src/db/client.js';
import { importFolder } from '../../src/modules/imports/public.js';
import { createBodyRenderer } from '../../src/render/pool.js';
import { templateOf } from './globalSetup.js';

/** The real publication. It is beside the checkout where the product is made, and nowhere else. */
export const SHARED_DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Whether the real publication is here; tests that need it say in their names that they skip without it. */
export const hasSharedData = existsSync(SHARED_DATA);

/** The end of the name of a test that needs the real publication. */
export const needsSharedData = hasSharedData ? '' : ' (skipped: ../shared/data is not here)';

const urlOf = (database: string): string => {
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${database}`;
  return url.href;
};

/** A database of a test file's own. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

async function onServer<Result>(work: (admin: postgres.Sql) => Promise<Result>): Promise<Result> {
  const admin = postgres(inject('serverUrl'), { max: 1, onnotice: () => undefined });
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** An empty, migrated database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const prefix = inject('databasePrefix');
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await onServer((admin) => admin.unsafe(`create database ${name} template ${templateOf(prefix)}`));
  return {
    url: urlOf(name),
    drop: async () => {
      await onServer((admin) => admin.unsafe(`drop database if exists ${name} with (force)`));
    },
  };
}

// Any constant: files that ask at the same time wait for the one that imports.
const REAL_LOCK = 4_711;

/**
 * The database with the whole real publication, imported once for a run by whichever file asks first. Read only: all
 * files share it.
 */
export async function realDatabaseUrl(): Promise<string> {
  const prefix = inject('databasePrefix');
  const real = `${prefix}_real`;
  await onServer(async (admin) => {
    await admin`select pg_advisory_lock(${REAL_LOCK})`;
    const [ready] = await admin`select 1 from pg_database where datname = ${real}`;
    if (ready) return;
    const building = `${real}_building`;
    await admin.unsafe(`drop database if exists ${building} with (force)`);
    await admin.unsafe(`create database ${building} template ${templateOf(prefix)}`);
    const database = openDatabase({ url: urlOf(building), poolSize: 4, statementTimeout: 0 });
    const renderer = createBodyRenderer();
    try {
      await importFolder({ db: database.db, renderer }, SHARED_DATA);
    } finally {
      await renderer.close();
      await database.close();
    }
    await admin.unsafe(`alter database ${building} rename to ${real}`);
  });
  return urlOf(real);
}
