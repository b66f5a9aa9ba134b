import { tracingChannel } from 'node:diagnostics_channel';
import { type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { nameOf } from '../../db/statement.js';
import { signals } from '../../lib/signals.js';

/** What an instance asks by itself, such as whether posts are due, is part of no trace: it would only be noise. */
const isTraced = (): boolean => trace.getActiveSpan() !== undefined;

function end(span: Span, isGood: boolean): void {
  if (!isGood) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Spans of statements: their names, and neither their text nor their parameters. */
export const traceStatements = (tracer: Tracer): (() => void) =>
  signals.statement.hear(({ text, whenSettled }) => {
    if (!isTraced()) return;
    const name = nameOf(text) ?? 'statement';
    const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': name };
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });
    whenSettled((isGood) => end(span, isGood));
  });

/** Spans of commands to Redis, which ioredis tells of by itself: their names, and none of what they carry. */
export function traceRedis(tracer: Tracer): () => void {
  const channel = tracingChannel<'ioredis:command', { command: string }>('ioredis:command');
  const spans = new WeakMap<object, Span>();
  const finish = (told: object, isGood: boolean): void => {
    const span = spans.get(told);
    spans.delete(told);
    if (span !== undefined) end(span, isGood);
  };
  const handlers = {
    start(told: { command: string }) {
      if (!isTraced()) return;
      const attributes = { 'db.system.name': 'redis', 'db.operation.name': told.command };
      spans.set(told, tracer.startSpan(`redis ${told.command}`, { kind: SpanKind.CLIENT, attributes }));
    },
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: (told: object) => finish(told, true),
    error: (told: object) => finish(told, false),
  };
  channel.subscribe(handlers);
  return () => channel.unsubscribe(handlers);
}
