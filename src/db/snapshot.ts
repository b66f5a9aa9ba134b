import type { Database } from './client.js';

/** Runs statements that all see the database as it is at one moment. They change nothing. */
export const inSnapshot = <Result>(
  db: Database,
  work: (snapshot: Database) => Promise<Result>,
): Promise<Result> => db.transaction(work, { isolationLevel: 'repeatable read', accessMode: 'read only' });
