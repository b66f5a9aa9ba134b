import { sql } from 'drizzle-orm';
import type { FastifyBaseLogger } from 'fastify';
import { createAccessTokens } from './auth/accessTokens.js';
import { createAttempts } from './auth/attempts.js';
import { keptSecret } from './auth/secret.js';
import { createChanges } from './changes/change.js';
import { createIdempotencyStore } from './changes/idempotency.js';
import type { Config } from './config.js';
import { createContextFactory } from './context.js';
import type { Database } from './db/client.js';
import { connectDatabase } from './db/connect.js';
import { startJobs } from './jobs/jobs.js';
import { createCursorCodec } from './lib/cursor.js';
import { createAuthenticator } from './modules/accounts/public.js';
import { connectRedis } from './redis.js';
import { createBodyRenderer } from './render/pool.js';
import { createSchema } from './schema.js';
import { createExecution, type ReportFault } from './server/execution.js';
import { addHealth } from './server/health.js';
import { createHttp } from './server/http.js';
import { createServices } from './services.js';

/** An instance of Tidings. */
export interface App {
  /** Brings the database up to date and listens. Resolves with the address of the endpoint. */
  start(): Promise<string>;
  /**
   * Takes no more requests, finishes those under way, lets go of the database. Safe to call at any time, and twice: a
   * start under way is waited for first, so that nothing it opens stays open.
   *
   * @throws AggregateError when something would not close; everything else is closed all the same.
   */
  drain(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  /** Hears, in a line each, what somebody at the terminal wants to know of a start. */
  readonly announce?: (line: string) => void;
  /** Called with each statement before it runs. */
  readonly onStatement?: (text: string, parameters: readonly unknown[]) => void;
}

/** The address that a client on this machine uses, whichever interface the server listens on. */
function endpointAt(host: string, port: string): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}/graphql`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;
}

/** The composition root: the only place that knows all parts. */
export function createApp({ config, logger, announce, onStatement }: AppOptions): App {
  /** What is open, undone in reverse order. */
  const cleanups: (() => Promise<unknown>)[] = [];
  let starting: Promise<string> | undefined;
  let draining: Promise<void> | undefined;

  const report: ReportFault = ({ error, statement }, requestId) =>
    logger.error({ err: error, statement, requestId }, 'operation failed');

  const openDatabase = async (): Promise<Database> => {
    const database = await connectDatabase(config, {
      log: (line) => logger.debug(line),
      ...(onStatement && { onStatement }),
    });
    cleanups.push(() => database.close());
    return database.db;
  };

  const openRedis = async () => {
    if (config.redisUrl === undefined) return undefined;
    const redis = await connectRedis(config.redisUrl, logger);
    cleanups.push(async () => redis.disconnect());
    return redis;
  };

  const openHttp = async (db: Database): Promise<string> => {
    const secret = config.authSecret ?? (await keptSecret(config.dataDir));
    const accessTokens = createAccessTokens({ secret, previousSecret: config.previousAuthSecret });
    const authenticate = createAuthenticator(db, accessTokens);
    const idempotency = createIdempotencyStore(secret, config.previousAuthSecret);
    const changes = createChanges(db, idempotency);
    const renderer = createBodyRenderer();
    cleanups.push(() => renderer.close());
    const contextOf = createContextFactory(db, {
      cursors: createCursorCodec(secret, config.previousAuthSecret),
      idempotency,
      services: createServices({
        db,
        changes,
        renderer,
        accessTokens,
        attempts: createAttempts(secret, await openRedis()),
      }),
    });
    const execution = createExecution({
      schema: createSchema(),
      introspection: !config.production,
      report,
    });
    await execution.start();
    cleanups.push(() => execution.stop());

    const http = await createHttp({
      logger,
      execution,
      contextOf: async ({ authorization, ...request }) =>
        contextOf({ ...request, viewer: await authenticate(authorization) }),
      allowedOrigins: config.allowedOrigins,
      trustedProxies: config.trustedProxies,
      maxBodyBytes: config.maxBodyBytes,
      operationTimeout: config.operationTimeout,
      graphiql: !config.production,
    });
    cleanups.push(() => http.close());
    addHealth(
      http,
      () => db.execute(sql`select 1`),
      () => draining !== undefined,
    );
    const address = new URL(await http.listen({ host: config.host, port: config.port }));
    const jobs = startJobs({
      db,
      changes,
      idempotency,
      report: (error, job) => logger.error({ err: error, job }, 'job failed'),
    });
    cleanups.push(() => jobs.stop());
    return endpointAt(config.host, address.port);
  };

  const start = async (): Promise<string> => {
    const db = await openDatabase();
    // A database of one's own is never written to unasked.
    if (config.demo && config.databaseUrl === undefined) {
      // Loaded only when it may be used: the importer and the renderer are half of the code.
      const { loadDemo } = await import('./demo.js');
      if (await loadDemo(db)) {
        announce?.('A demo publication was loaded to look around in; TIDINGS_DEMO=0 starts without one.');
      }
    }
    return openHttp(db);
  };

  const drain = async (): Promise<void> => {
    await starting?.catch(() => undefined);
    const failures: unknown[] = [];
    for (const cleanup of cleanups.toReversed()) {
      await cleanup().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) {
      const reasons = failures.map((error) => (error instanceof Error ? error.message : String(error)));
      throw new AggregateError(failures, `Not everything would close: ${reasons.join('; ')}`);
    }
  };

  return {
    start: () => (starting ??= start()),
    drain: () => (draining ??= drain()),
  };
}
