import type { Config } from '../config.js';
import { type DatabaseClient, openDatabase } from './client.js';
import { migrateDatabase } from './migrate.js';

export interface ConnectOptions {
  /** Receives what an operator may want to know of the embedded server. */
  readonly log?: (line: string) => void;
  /** Called with each statement before it runs. */
  readonly onStatement?: (text: string, parameters: readonly unknown[]) => void;
}

/** Loaded only when it is used: whoever brings a server of their own needs none of it. */
const joinEmbedded = async (dataDir: string, log: ConnectOptions['log']) =>
  (await import('./embedded.js')).joinEmbeddedPostgres({ dataDir, ...(log && { log }) });

/**
 * Opens the database that the configuration names, or the embedded one, brought to the newest schema. Closing it also
 * leaves the embedded server.
 */
export async function connectDatabase(
  config: Config,
  { log, onStatement }: ConnectOptions = {},
): Promise<DatabaseClient> {
  const embedded = config.databaseUrl === undefined ? await joinEmbedded(config.dataDir, log) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  try {
    await migrateDatabase(url);
  } catch (error) {
    await embedded?.leave();
    throw error;
  }
  const client = openDatabase({
    url,
    poolSize: config.poolSize,
    statementTimeout: config.statementTimeout,
    ...(onStatement && { onStatement }),
  });
  return {
    db: client.db,
    async close() {
      await client.close();
      await embedded?.leave();
    },
  };
}
