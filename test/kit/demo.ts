import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/db/client.js';
import { importFolder } from '../../src/modules/imports/public.js';
import { createBodyRenderer } from '../../src/render/pool.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** The demo publication's folder. */
export const DEMO = fileURLToPath(new URL('../../demo', import.meta.url));

/** A database of a test file's own with the demo publication in it. */
export async function createDemoDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  const client = openDatabase({ url: database.url, poolSize: 2, statementTimeout: 0 });
  const renderer = createBodyRenderer();
  try {
    await importFolder({ db: client.db, renderer }, DEMO);
  } finally {
    await renderer.close();
    await client.close();
  }
  return database;
}
