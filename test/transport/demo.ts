import { openDatabase } from '../../src/db/client.js';
import { loadDemo } from '../../src/demo.js';
import { createTestDatabase, type TestDatabase } from '../kit/database.js';

/** A database of a test file's own with the demo publication in it. */
export async function createDemoDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  const client = openDatabase({ url: database.url, poolSize: 2, statementTimeout: 0 });
  try {
    await loadDemo(client.db);
  } finally {
    await client.close();
  }
  return database;
}
