import postgres from 'postgres';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { createTestDatabase } from '../kit/database.js';
import { type InstanceProcess, startInstance } from '../kit/processes.js';
import { startRedis } from '../kit/redis.js';
import { startNginx, type TestNginx } from './nginx.js';
import { freePort } from '../kit/ports.js';

/** One of two places behind nginx, and the instance that is there now. */
export interface Place {
  readonly port: number;
  isRunning(this: void): boolean;
  /** Ends it as a crash would. */
  kill(this: void): Promise<void>;
  /** Asks it to end. Resolves with its exit status. */
  stop(this: void): Promise<number | null>;
  /** Starts another one in its place. */
  start(this: void): Promise<void>;
}

/** What deploy/ puts together: nginx, two instances in processes of their own, PostgreSQL, Redis. */
export interface Deployment {
  readonly nginx: TestNginx;
  readonly sql: postgres.Sql;
  readonly client: DatabaseClient;
  readonly instances: readonly [Place, Place];
  /** Where clients come: nginx. */
  anyEndpoint(this: void): string;
  close(): Promise<void>;
}

async function openPlace(port: number, env: Readonly<Record<string, string>>): Promise<Place> {
  let instance: InstanceProcess | undefined;
  /** Whoever was sent away is not missed. */
  const leave = (): InstanceProcess | undefined => {
    const leaving = instance;
    instance = undefined;
    return leaving;
  };
  const start = async (): Promise<void> => {
    instance = await startInstance({ ...env, PORT: String(port), HOST: '127.0.0.1' });
  };
  await start();
  return {
    port,
    isRunning: () => instance?.isRunning() ?? true,
    kill: async () => leave()?.kill(),
    stop: async () => (await leave()?.stop())?.code ?? null,
    start,
  };
}

/** Sets one up. */
export async function openDeployment(): Promise<Deployment> {
  /** What is open, undone in reverse order. */
  const cleanups: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  };
  try {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    const redis = await startRedis();
    cleanups.push(() => redis.stop());
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, TRUSTED_PROXIES: '127.0.0.1' };
    const open = async (): Promise<Place> => {
      const place = await openPlace(await freePort(), env);
      cleanups.push(place.kill);
      return place;
    };
    const instances: [Place, Place] = [await open(), await open()];
    const nginx = await startNginx(instances.map(({ port }) => port));
    cleanups.push(() => nginx.stop());
    const sql = postgres(database.url, { max: 4, onnotice: () => undefined });
    cleanups.push(() => sql.end());
    const client = openDatabase({ url: database.url, poolSize: 4, statementTimeout: 10_000 });
    cleanups.push(() => client.close());
    return { nginx, sql, client, instances, anyEndpoint: () => nginx.endpoint, close };
  } catch (error) {
    await close();
    throw error;
  }
}
