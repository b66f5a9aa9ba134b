import type { ApolloServerPlugin } from '@apollo/server';
import { SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { signals } from '../../lib/signals.js';
import type { Execution } from '../../server/execution.js';
import type { OperationContext } from '../../server/operationContext.js';

/** The same execution, whose operations have spans: below the request's over HTTP, and of their own over a socket. */
export function traceExecution(execution: Execution, tracer: Tracer): Execution {
  const traced = <Result>(kind: SpanKind, execute: () => Promise<Result>): Promise<Result> =>
    tracer.startActiveSpan('graphql.operation', { kind }, async (span) => {
      try {
        return await execute();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  return {
    ...execution,
    http: (request, context) => traced(SpanKind.INTERNAL, () => execution.http(request, context)),
    run: (request, context, onlyReads) =>
      traced(SpanKind.SERVER, () => execution.run(request, context, onlyReads)),
  };
}

/** Says in the span of an operation what it was. */
export const describeOperations = (): (() => void) =>
  signals.operation.hear(
    ({ name, type, hash, requestId, viewerId, transport, statements, codes, isKept }) => {
      // Nothing is executed for an answer that was kept: the span at hand is the request's.
      const span = isKept ? undefined : trace.getActiveSpan();
      if (span === undefined) return;
      if (type !== undefined) span.updateName(name === undefined ? type : `${type} ${name}`);
      span.setAttributes({
        'tidings.request_id': requestId,
        'tidings.transport': transport,
        'tidings.statements': statements,
        ...(name !== undefined && { 'graphql.operation.name': name }),
        ...(type !== undefined && { 'graphql.operation.type': type }),
        ...(hash !== undefined && { 'graphql.document.hash': hash }),
        ...(viewerId !== null && { 'user.id': viewerId }),
        ...(codes.length > 0 && { 'tidings.error_codes': [...codes] }),
      });
      if (codes.length > 0) span.setStatus({ code: SpanStatusCode.ERROR });
    },
  );

/** Spans of fields. It wraps every resolver: a quarter of the CPU of a request. */
export const traceFields = (tracer: Tracer): ApolloServerPlugin<OperationContext> => ({
  requestDidStart: async () => ({
    executionDidStart: async () => ({
      willResolveField({ info }) {
        const span = tracer.startSpan(`${info.parentType.name}.${info.fieldName}`);
        return () => span.end();
      },
    }),
  }),
});
