import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from '../config.js';
import type { Execution } from '../server/execution.js';
import type { OperationContext } from '../server/operationContext.js';
import { addMetricsRoute, serveMetrics } from './metrics/exposing.js';
import type { Sources } from './metrics/sources.js';
import { logOperations } from './operationLog.js';
import { logRefusals } from './requestLog.js';

/** Levels of the log that have a line for each operation. */
const TALKATIVE: ReadonlySet<string> = new Set(['info', 'debug', 'trace']);

/** What operators see of an instance: the log, metrics and traces. What nobody asked for is not loaded. */
export interface Sight {
  /** For the execution. */
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
  around(this: void, execution: Execution): Execution;
  /** Before it listens. */
  watchHttp(this: void, http: FastifyInstance): void;
  /** Answers `/metrics`, where that is wanted. */
  expose(this: void, http: FastifyInstance, sources: Sources): Promise<void>;
  close(): Promise<void>;
}

type SightConfig = Pick<
  Config,
  'host' | 'logLevel' | 'metricsPort' | 'metricsToken' | 'traceFields' | 'tracesEndpoint'
>;

/** Loaded only when it is wanted. */
const startMetrics = async ({ metricsPort, metricsToken }: SightConfig) =>
  metricsPort === undefined && metricsToken === undefined
    ? undefined
    : (await import('./metrics/metrics.js')).startMetrics();

/** Loaded only when it is wanted: without it no operation is followed over what it waits for, which costs. */
const startTracing = async ({ tracesEndpoint, traceFields }: SightConfig) =>
  tracesEndpoint === undefined ? undefined : (await import('./tracing/tracing.js')).startTracing(traceFields);

/** Opens all that is wanted; it sees what happens from then on. @see Sight */
export async function openSight(config: SightConfig, logger: FastifyBaseLogger): Promise<Sight> {
  const { host, metricsPort, metricsToken } = config;
  const isTalkative = TALKATIVE.has(config.logLevel);
  const metrics = await startMetrics(config);
  const tracing = await startTracing(config);
  const closings: (() => Promise<void> | void)[] = [];
  if (metrics) closings.push(() => metrics.stop());
  if (tracing) closings.push(() => tracing.stop());
  if (isTalkative) closings.push(logOperations(logger));

  return {
    plugins: tracing?.plugins ?? [],
    around: tracing?.around ?? ((execution) => execution),
    watchHttp(http) {
      tracing?.watchHttp(http);
      if (isTalkative) closings.push(logRefusals(http));
    },
    async expose(http, sources) {
      if (metrics === undefined) return;
      metrics.add(sources);
      if (metricsPort === undefined) {
        if (metricsToken !== undefined) addMetricsRoute(http, metrics.register, metricsToken);
        return;
      }
      const own = await serveMetrics(metrics.register, { host, port: metricsPort, token: metricsToken });
      closings.push(() => own.close());
      logger.info({ port: own.port }, 'metrics are served');
    },
    async close() {
      for (const close of closings.toReversed()) await close();
    },
  };
}
