import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import { context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { FastifyInstance } from 'fastify';
import { within } from '../../lib/time.js';
import type { Execution } from '../../server/execution.js';
import type { OperationContext } from '../../server/operationContext.js';
import { traceEvents } from './events.js';
import { describeOperations, traceExecution, traceFields } from './operations.js';
import { traceRequests } from './requests.js';
import { traceRedis, traceStatements } from './stores.js';

/** Milliseconds that a collector has to take the last spans. */
const LAST_EXPORT = 2_000;

/** Traces of this process, sent to a collector. */
export interface Tracing {
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
  around(this: void, execution: Execution): Execution;
  watchHttp(this: void, http: FastifyInstance): void;
  stop(): Promise<void>;
}

/**
 * Begins to trace. What concerns the collector, the sampler and the name of the service the SDK reads from the environment
 * itself: `OTEL_EXPORTER_OTLP_*`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`.
 */
export function startTracing(withFields: boolean): Tracing {
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'tidings', 'service.instance.id': randomUUID() }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  const tracer = provider.getTracer('tidings');
  const stops = [describeOperations(), traceStatements(tracer), traceRedis(tracer), traceEvents(tracer)];
  return {
    plugins: withFields ? [traceFields(tracer)] : [],
    around: (execution) => traceExecution(execution, tracer),
    watchHttp: (http) => traceRequests(http, tracer),
    async stop() {
      for (const stop of stops) stop();
      await within(
        LAST_EXPORT,
        provider.shutdown().catch(() => undefined),
        undefined,
      );
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
