import type { Config } from '../config.js';
import { type Database, type DatabaseClient, openDatabase } from './client.js';
import { migrateDatabase } from './migrate.js';
import { createReplicas, type ReplicaLog, type Replicas } from './replicas.js';

export interface ConnectOptions {
  /** Receives what an operator may want to know of the embedded server. */
  readonly log?: (line: string) => void;
  /** Called with each statement before it runs. */
  readonly onStatement?: (text: string, parameters: readonly unknown[]) => void;
}

/** Loaded only when it is used: whoever brings a server of their own needs none of it. */
const joinEmbedded = async (dataDir: string, log: ConnectOptions['log']) =>
  (await import('./embedded.js')).joinEmbeddedPostgres({ dataDir, ...(log && { log }) });

/** A database that is brought to the newest schema. */
export interface DatabaseAddress {
  /** postgres:// address. */
  readonly url: string;
  /** Leaves the embedded server. */
  leave(this: void): Promise<void>;
}

/** The database that the configuration names, or the embedded one, brought to the newest schema. */
export async function findDatabase(config: Config, log?: (line: string) => void): Promise<DatabaseAddress> {
  const embedded = config.databaseUrl === undefined ? await joinEmbedded(config.dataDir, log) : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? '';
  const leave = async (): Promise<void> => embedded?.leave();
  try {
    await migrateDatabase(url);
  } catch (error) {
    await leave();
    throw error;
  }
  return { url, leave };
}

/** Opens that database. Closing it also leaves the embedded server. */
export async function connectDatabase(
  config: Config,
  { log, onStatement }: ConnectOptions = {},
): Promise<DatabaseClient> {
  const { url, leave } = await findDatabase(config, log);
  const client = openDatabase({
    url,
    poolSize: config.poolSize,
    poolWait: config.poolWait,
    statementTimeout: config.statementTimeout,
    ...(onStatement && { onStatement }),
  });
  return {
    ...client,
    async close() {
      await client.close();
      await leave();
    },
  };
}

/** Opens the replicas that the configuration names. One that cannot be reached now is tried on, and not read from. */
export const connectReplicas = (
  { replicaUrls, poolSize, poolWait, statementTimeout, replicaMaxLag }: Config,
  primary: Database,
  log: ReplicaLog,
  onStatement: ConnectOptions['onStatement'],
): Replicas =>
  createReplicas({
    primary,
    replicas: replicaUrls.map((url) =>
      openDatabase({ url, poolSize, poolWait, statementTimeout, ...(onStatement && { onStatement }) }),
    ),
    maxLag: replicaMaxLag,
    log,
  });
