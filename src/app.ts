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
import { createLocalBus, createRedisBus } from './events/bus.js';
import { createFeeds } from './events/feeds.js';
import { topicOf } from './events/topics.js';
import { faultBehind } from './graphql/errors.js';
import { createViewerDependence } from './graphql/viewerDependence.js';
import { startJobs } from './jobs/jobs.js';
import { createCursorCodec } from './lib/cursor.js';
import { createHub } from './live/hub.js';
import { createPlaces } from './live/limits.js';
import { createPresence } from './live/presence.js';
import { createAuthenticator } from './modules/accounts/public.js';
import { connectRedis } from './redis.js';
import { createBodyRenderer } from './render/pool.js';
import { createSchema } from './schema.js';
import { createExecution, type ReportFault } from './server/execution.js';
import { addHealth } from './server/health.js';
import { addEventStreams } from './server/eventStreams.js';
import { createHttp } from './server/http.js';
import { serveSockets } from './server/sockets.js';
import type { TransportOptions } from './server/transport.js';
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
  /** Milliseconds between two pings of an open socket; tests don't wait as long as networks need. */
  readonly pingInterval?: number | undefined;
}

/** The address that a client on this machine uses, whichever interface the server listens on. */
function endpointAt(host: string, port: string): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}/graphql`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;
}

/** The composition root: the only place that knows all parts. */
export function createApp({ config, logger, announce, onStatement, pingInterval }: AppOptions): App {
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

  const openBus = async () => {
    if (config.redisUrl === undefined) return createLocalBus(logger);
    return createRedisBus(config.redisUrl, logger);
  };

  /** What is behind every transport. */
  const openHouse = async (db: Database) => {
    const secret = config.authSecret ?? (await keptSecret(config.dataDir));
    const accessTokens = createAccessTokens({ secret, previousSecret: config.previousAuthSecret });
    const authenticate = createAuthenticator(db, accessTokens);
    const idempotency = createIdempotencyStore(secret, config.previousAuthSecret);
    const redis = await openRedis();
    const bus = await openBus();
    cleanups.push(() => bus.close());
    const changes = createChanges(db, idempotency, bus.publish);
    const renderer = createBodyRenderer();
    cleanups.push(() => renderer.close());
    const presence = createPresence({ redis });
    cleanups.push(() => presence.close());
    const cursors = createCursorCodec(secret, config.previousAuthSecret);
    const contextOf = createContextFactory(db, {
      cursors,
      idempotency,
      presence,
      services: createServices({
        db,
        changes,
        renderer,
        accessTokens,
        attempts: createAttempts(secret, redis),
      }),
    });
    const schema = createSchema();
    const feeds = createFeeds({
      db,
      bus,
      urgent: new Set([topicOf.access()]),
      report: (error) => logger.error({ err: faultBehind(error).error }, 'the event log cannot be read'),
    });
    cleanups.push(() => feeds.stop());
    const dependsOnViewer = createViewerDependence(schema);
    const hub = await createHub({
      schema,
      feeds,
      cursors,
      presence,
      // Two connections are left for whoever asks and writes meanwhile.
      executionsAtOnce: Math.max(1, config.poolSize - 2),
      contextOf: (viewer) =>
        contextOf({ viewer, address: '', requestId: 'subscription', idempotencyKey: undefined }),
      dependsOnViewer: ({ document, operationName }) => dependsOnViewer(document, operationName),
      report: (error) => report(faultBehind(error)),
    });
    cleanups.push(() => hub.stop());
    const execution = createExecution({
      schema,
      introspection: !config.production,
      timeout: config.operationTimeout,
      report,
    });
    await execution.start();
    cleanups.push(() => execution.stop());
    return { authenticate, bus, changes, contextOf, execution, hub, idempotency, renderer, schema };
  };

  type House = Awaited<ReturnType<typeof openHouse>>;

  /** Everything that clients and operators reach. Resolves with the address of the endpoint. */
  const openDoors = async (db: Database, house: House): Promise<string> => {
    const { authenticate, bus, contextOf, execution, hub, schema } = house;
    const http = await createHttp({
      logger,
      execution,
      contextOf: async ({ authorization, ...request }) =>
        contextOf({ ...request, viewer: (await authenticate(authorization)).viewer }),
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
      () => bus.isHealthy,
      () => draining !== undefined,
    );
    const transport: TransportOptions = {
      execution,
      hub,
      authenticate,
      contextOf: ({ connection: { viewer }, ...operation }) => contextOf({ ...operation, viewer }),
      limits: config.connectionLimits,
      places: createPlaces(config.connectionLimits),
      allowedOrigins: config.allowedOrigins,
      report: (error) => report(faultBehind(error)),
    };
    const eventStreams = addEventStreams(http, transport);
    const sockets = serveSockets({
      ...transport,
      server: http.server,
      schema,
      trustedProxies: config.trustedProxies,
      pingInterval,
    });
    // Both at once: together they have the time of one.
    cleanups.push(() => Promise.all([sockets.drain(), eventStreams.drain()]));
    const address = new URL(await http.listen({ host: config.host, port: config.port }));
    return endpointAt(config.host, address.port);
  };

  /** What an instance does without being asked. */
  const startWork = async (db: Database, { changes, idempotency, renderer }: House): Promise<void> => {
    const jobs = startJobs({
      db,
      changes,
      idempotency,
      eventRetention: config.eventRetention,
      report: (error, job) => logger.error({ err: faultBehind(error).error, job }, 'job failed'),
    });
    cleanups.push(() => jobs.stop());
    if (config.demoReplay) {
      const { startDemoReplay } = await import('./demoReplay.js');
      const replay = startDemoReplay({
        db,
        changes,
        renderer,
        report: (error) => logger.warn({ err: faultBehind(error).error }, 'demo replay stopped'),
      });
      cleanups.push(() => replay.stop());
    }
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
    const house = await openHouse(db);
    const endpoint = await openDoors(db, house);
    await startWork(db, house);
    return endpoint;
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
