import { Redis } from 'ioredis';
import postgres from 'postgres';
import { type DatabaseClient, openDatabase } from '../../src/db/client.js';
import { type InstanceProcess, startInstance } from '../kit/processes.js';
import { type Proxy, startProxy } from '../kit/proxy.js';
import { startRedis } from '../kit/redis.js';
import type { TestPostgres } from './postgres.js';

/** An instance and its own way to Redis. */
export interface StagedInstance extends InstanceProcess {
  readonly wire: Proxy;
}

/** Instances over one database and one Redis, all of which can be spoilt. */
export interface Stage {
  readonly sql: postgres.Sql;
  readonly client: DatabaseClient;
  /** Those that a load balancer would send somebody to. */
  readonly instances: readonly StagedInstance[];
  /** Only where the stage was given one of its own. */
  readonly postgres: TestPostgres | undefined;
  /** The endpoint of any of the instances. */
  anyEndpoint(this: void): string;
  /** Starts one more. */
  start(): Promise<StagedInstance>;
  /** Sends nobody to it any more. */
  retire(instance: StagedInstance): void;
  /** Says something to Redis, past the proxies. */
  tellRedis(...words: readonly [string, ...string[]]): Promise<unknown>;
  /** Ends Redis as a crash would, and starts an empty one in its place. @param milliseconds in between. */
  restartRedis(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** What a stage is made of. */
export interface StageOptions {
  readonly databaseUrl: string;
  readonly instances: number;
  readonly postgres?: TestPostgres;
}

/** Sets one up. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { databaseUrl } = options;
  let redis = await startRedis();
  const redisPort = Number(new URL(redis.url).port);
  const sql = postgres(databaseUrl, { max: 4, onnotice: () => undefined });
  const client = openDatabase({ url: databaseUrl, poolSize: 6, statementTimeout: 10_000 });
  const started: StagedInstance[] = [];
  const instances: StagedInstance[] = [];

  const stage: Stage = {
    sql,
    client,
    instances,
    postgres: options.postgres,
    anyEndpoint() {
      const chosen = instances[Math.floor(Math.random() * instances.length)];
      if (chosen === undefined) throw new Error('No instance is left.');
      return chosen.endpoint;
    },
    async start() {
      const wire = await startProxy({ host: '127.0.0.1', port: redisPort });
      const env = { DATABASE_URL: databaseUrl, REDIS_URL: wire.through(redis.url) };
      const instance = { ...(await startInstance(env)), wire };
      started.push(instance);
      instances.push(instance);
      return instance;
    },
    retire(instance) {
      const place = instances.indexOf(instance);
      if (place >= 0) instances.splice(place, 1);
    },
    async tellRedis(...words) {
      const teller = new Redis(redis.url, { lazyConnect: true });
      try {
        await teller.connect();
        return await teller.call(...words);
      } finally {
        teller.disconnect();
      }
    },
    async restartRedis(milliseconds) {
      await redis.kill();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      redis = await startRedis(redisPort);
    },
    async close() {
      for (const { kill, wire } of started) {
        await kill();
        await wire.close();
      }
      await redis.stop();
      await client.close();
      await sql.end();
    },
  };
  await Promise.all(Array.from({ length: options.instances }, () => stage.start()));
  return stage;
}
