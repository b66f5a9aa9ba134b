import { sql } from 'drizzle-orm';
import type { FastifyBaseLogger } from 'fastify';
import { createAccessTokens } from './auth/accessTokens.js';
import { createAttempts } from './auth/attempts.js';
import { keptSecret } from './auth/secret.js';
import { type Changes, createChanges, type Publish } from './changes/change.js';
import { createIdempotencyStore } from './changes/idempotency.js';
import { noteWriters } from './changes/writers.js';
import type { Config } from './config.js';
import { type Context, createContextFactory, type RequestFacts } from './context.js';
import type { Database } from './db/client.js';
import { connectDatabase } from './db/connect.js';
import { poolOf, sparingly } from './db/over.js';
import { createLocalBus, createRedisBus } from './events/bus.js';
import { createFeeds } from './events/feeds.js';
import { topicOf } from './events/topics.js';
import { faultBehind } from './graphql/errors.js';
import { createViewerDependence } from './graphql/viewerDependence.js';
import { startJobs } from './jobs/jobs.js';
import { closeAll } from './lib/closing.js';
import { createCursorCodec } from './lib/cursor.js';
import { createHub, type Identity } from './live/hub.js';
import { createPlaces } from './live/limits.js';
import { waitingEverywhere } from './live/outbox.js';
import { createPresence } from './live/presence.js';
import { createPersistedDocuments } from './limits/persistedDocuments.js';
import { createDocumentGate } from './limits/documents.js';
import { limitGuesses } from './limits/guesses.js';
import { createThrottle, type Payer, payerOf } from './limits/throttle.js';
import { createAuthenticator } from './modules/accounts/public.js';
import { openReading } from './reading.js';
import { connectRedis } from './redis.js';
import { createBodyRenderer } from './render/pool.js';
import { createSchema } from './schema.js';
import { createAnswers } from './server/answers.js';
import { createExecution } from './server/execution.js';
import type { ReportFault } from './server/failures.js';
import type { OperationContext } from './server/operationContext.js';
import { addHealth } from './server/health.js';
import { addEventStreams } from './server/eventStreams.js';
import { createHttp } from './server/http.js';
import type { Patience } from './server/patience.js';
import { serveSockets } from './server/sockets.js';
import type { TransportOptions } from './server/transport.js';
import { openSight, type Sight } from './sight/sight.js';
import { createServices, type Services } from './services.js';

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
  /** Milliseconds between two looks at how much there is to do; for tests, too. */
  readonly pressureInterval?: number | undefined;
  /** How long clients may take, where it differs from the usual; for tests, too. */
  readonly patience?: Partial<Patience> | undefined;
}

/** The address that a client on this machine uses, whichever interface the server listens on. */
function endpointAt(host: string, port: string): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}/graphql`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;
}

/** The composition root: the only place that knows all parts. */
export function createApp(options: AppOptions): App {
  const { config, logger, announce, onStatement, pingInterval, pressureInterval, patience } = options;
  /** What is open, undone in reverse order. */
  const cleanups: (() => Promise<unknown>)[] = [];
  /** What goes on, for clients and unasked. All of it ends first, and at once: together it has the time of one. */
  const activities: (() => Promise<unknown>)[] = [];
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

  const openBus = async (secret: string) => {
    if (config.redisUrl === undefined) return createLocalBus(logger);
    return createRedisBus({ url: config.redisUrl, secret, log: logger });
  };

  /** What is behind every transport. */
  const openHouse = async (db: Database, sight: Sight) => {
    const secret = config.authSecret ?? (await keptSecret(config.dataDir));
    const accessTokens = createAccessTokens({ secret, previousSecret: config.previousAuthSecret });
    const idempotency = createIdempotencyStore(secret, config.previousAuthSecret);
    const redis = await openRedis();
    const bus = await openBus(secret);
    cleanups.push(() => bus.close());
    const renderer = createBodyRenderer();
    cleanups.push(() => renderer.close());
    const throttle = createThrottle({
      redis,
      secret,
      tiers: config.throttle,
      report: (error) => logger.warn({ err: faultBehind(error).error }, 'each instance counts for itself'),
    });
    cleanups.push(() => throttle.close());
    const answers = createAnswers({ throttle, longestAge: config.answerAge, shares: config.sharedReads });
    const publish: Publish = (events) => {
      answers.forget(events);
      bus.publish(events);
    };
    const changes = createChanges(db, idempotency, publish);
    const presence = createPresence({ redis });
    cleanups.push(() => presence.close());
    const cursors = createCursorCodec(secret, config.previousAuthSecret);
    const attempts = createAttempts(secret, redis);
    const { readerOf, writers, replicas } = openReading({ config, db, redis, log: logger, onStatement });
    cleanups.push(async () => replicas?.close());
    const changesOver = (own: Database): Changes => {
      const plain = createChanges(own, idempotency, publish);
      return writers ? noteWriters(plain, writers) : plain;
    };
    const servicesOver = (own: Database): Services =>
      createServices({ db: own, changes: changesOver(own), renderer, accessTokens, attempts });
    const shared = { cursors, idempotency, presence, servicesOver };
    const contextOf = createContextFactory(db, shared, readerOf);
    // Two connections are left for whoever asks and writes meanwhile.
    const sparing = sparingly(db, Math.max(1, config.poolSize - 2), config.poolWait);
    const contextOfStreams = createContextFactory(sparing.db, shared);
    const schema = createSchema();
    const feeds = createFeeds({
      db,
      bus,
      urgent: new Set([topicOf.access()]),
      heard: answers.forget,
      report: (error) => logger.error({ err: faultBehind(error).error }, 'the event log cannot be read'),
    });
    cleanups.push(() => feeds.stop());
    const dependsOnViewer = createViewerDependence(schema);
    const hub = await createHub({
      schema,
      feeds,
      cursors,
      presence,
      throttle,
      executionsAtOnce: sparing.numbers.size,
      contextOf: (viewer) =>
        contextOfStreams({ address: '', requestId: 'subscription', idempotencyKey: undefined }, viewer),
      dependsOnViewer: ({ document, operationName }) => dependsOnViewer(document, operationName),
      report: (error) => report(faultBehind(error)),
    });
    cleanups.push(() => hub.stop());
    const gate = createDocumentGate({ schema, introspection: config.introspection });
    const execution = createExecution({
      schema,
      gate,
      mostCost: config.mostCost,
      timeout: config.operationTimeout,
      throttle,
      persisted: await createPersistedDocuments({
        redis,
        trusted:
          config.trustedDocuments === undefined ? undefined : { manifestFile: config.trustedDocuments, gate },
        log: logger,
      }),
      report,
      plugins: sight.plugins,
    });
    await execution.start();
    cleanups.push(() => execution.stop());
    /** What one operation of somebody works with, and who pays for it. */
    const operationOf = (request: RequestFacts, { viewer, apiTokenId }: Identity): OperationContext => {
      const payer = payerOf({ viewer, apiTokenId, address: request.address });
      return contextOf(request, viewer, payer) as Context & { readonly payer: Payer };
    };
    return {
      authenticate: createAuthenticator(db, accessTokens, limitGuesses(throttle)),
      bus,
      changes,
      answers,
      execution: sight.around(execution),
      hub,
      idempotency,
      operationOf,
      renderer,
      replicas,
      schema,
      sparing,
    };
  };

  type House = Awaited<ReturnType<typeof openHouse>>;

  /** Everything that clients and operators reach. Resolves with the address of the endpoint. */
  const openDoors = async (db: Database, house: House, sight: Sight): Promise<string> => {
    const { answers, authenticate, bus, execution, hub, operationOf, replicas, schema, sparing } = house;
    const http = await createHttp({
      logger,
      answer: answers.around(execution, async (request) =>
        operationOf(request, await authenticate(request.authorization, request.address)),
      ),
      repeat: config.answerAge > 0 && config.tracesEndpoint === undefined ? answers.repeat : undefined,
      allowedOrigins: config.allowedOrigins,
      trustedProxies: config.trustedProxies,
      maxBodyBytes: config.maxBodyBytes,
      operationTimeout: config.operationTimeout,
      graphiql: config.graphiql,
      cacheSeconds: config.cacheSeconds,
      pressure: { ...config.pressure, look: pressureInterval },
      patience,
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
      // Who hears of events asks for what they are about, which a replica may not have yet.
      contextOf: ({ connection, ...operation }) => operationOf({ ...operation, newest: true }, connection),
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
      isUnderPressure: () => http.isUnderPressure(),
    });
    activities.push(
      () => sockets.drain(),
      () => eventStreams.drain(),
    );
    sight.watchHttp(http);
    await sight.expose(http, {
      primary: () => poolOf(db).numbers,
      replicas: () => replicas?.states() ?? [],
      streams: () => sparing.numbers,
      hub: hub.counters,
      open: () => ({ websocket: sockets.open, sse: eventStreams.open }),
      waiting: waitingEverywhere,
      bus,
    });
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
    activities.push(() => jobs.stop());
    if (config.demoReplay) {
      const { startDemoReplay } = await import('./demoReplay.js');
      const replay = startDemoReplay({
        db,
        changes,
        renderer,
        report: (error) => logger.warn({ err: faultBehind(error).error }, 'demo replay stopped'),
      });
      activities.push(() => replay.stop());
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
    const sight = await openSight(config, logger);
    cleanups.push(() => sight.close());
    const house = await openHouse(db, sight);
    const endpoint = await openDoors(db, house, sight);
    await startWork(db, house);
    return endpoint;
  };

  const drain = async (): Promise<void> => {
    await starting?.catch(() => undefined);
    await closeAll(activities, cleanups);
  };

  return {
    start: () => (starting ??= start()),
    drain: () => (draining ??= drain()),
  };
}
