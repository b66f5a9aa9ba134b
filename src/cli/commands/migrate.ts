import type { Config } from '../../config.js';
import { connectDatabase } from '../../db/connect.js';

/** `tidings migrate`: brings the database to the newest schema, as a start does. */
export async function migrateCommand(config: Config): Promise<void> {
  const database = await connectDatabase(config);
  await database.close();
  console.log('The database is at the newest schema.');
}
