import { sql } from 'drizzle-orm';
import type { FastifyBaseLogger } from 'fastify';
import { keptSecret } from './auth/secret.js';
import { viewerOf } from './auth/viewer.js';
import type { Config } from './config.js';
import { createContextFactory } from './context.js';
import { connectDatabase } from './db/connect.js';
import { createCursorCodec } from './lib/cursor.js';
import { createSchema } from './schema.js';
import { createExecution } from './server/execution.js';
import { addHealth } from './server/health.js';
import { createHttp } from './server/http.js';

/** An instance of Tidings. */
export interface App {
  /** Brings the database up to date and listens. Resolves with the address of the endpoint. */
  start(): Promise<string>;
  /** Takes no more requests, finishes those under way, lets go of the database. Safe to call at any time, and twice. */
  drain(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  /** Called with each statement before it runs. */
  readonly onStatement?: (text: string, parameters: readonly unknown[]) => void;
}

/** The composition root: the only place that knows all parts. */
export function createApp({ config, logger, onStatement }: AppOptions): App {
  /** What is open, undone in reverse order. */
  const cleanups: (() => Promise<unknown>)[] = [];
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  };

  return {
    async start() {
      const database = await connectDatabase(config, {
        log: (line) => logger.debug(line),
        ...(onStatement && { onStatement }),
      });
      cleanups.push(() => database.close());

      const secret = config.authSecret ?? (await keptSecret(config.dataDir));
      const contextOf = createContextFactory(database.db, createCursorCodec(secret));
      const execution = createExecution({
        schema: createSchema(),
        introspection: !config.production,
        report: (fault, requestId) => logger.error({ err: fault, requestId }, 'operation failed'),
      });
      await execution.start();
      cleanups.push(() => execution.stop());

      const http = await createHttp({
        logger,
        execution,
        contextOf: (authorization, requestId) => contextOf(viewerOf(authorization), requestId),
        allowedOrigins: config.allowedOrigins,
        maxBodyBytes: config.maxBodyBytes,
        graphiql: !config.production,
      });
      addHealth(
        http,
        () => database.db.execute(sql`select 1`),
        () => draining !== undefined,
      );
      cleanups.push(() => http.close());
      const address = new URL(await http.listen({ host: config.host, port: config.port }));
      return `http://${config.host}:${address.port}/graphql`;
    },
    drain: () => (draining ??= drain()),
  };
}
