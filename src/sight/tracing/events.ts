import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import { type EventFact, signals } from '../../lib/signals.js';

/** Events whose trace is known: they are delivered within moments. */
const MOST_EVENTS = 1_000;

/** Where an event came from, and when it came here. */
interface Origin {
  readonly publishing: Context;
  readonly at: number;
}

const keyOf = ({ topic, seq }: EventFact): string => `${topic} ${seq}`;

/** The kind of the topic, such as `post`: the rest of its name says whose it is. */
const kindOf = ({ topic }: EventFact): string => topic.split(':', 1)[0] ?? topic;

const attributesOf = (event: EventFact) => ({
  'messaging.system': 'tidings',
  'messaging.destination.name': kindOf(event),
  'tidings.event.type': event.type,
  'tidings.event.seq': event.seq,
});

/** Spans of events: from whoever publishes one to whoever delivers it, on this instance and on all others, in one trace. */
export function traceEvents(tracer: Tracer): () => void {
  const origins = new LRUCache<string, Origin>({ max: MOST_EVENTS });
  const stops = [
    signals.publishing.hear(({ event, carrier }) => {
      // What is published without being asked for begins no trace.
      if (trace.getActiveSpan() === undefined) return;
      const span = tracer.startSpan(`publish ${kindOf(event)}`, {
        kind: SpanKind.PRODUCER,
        attributes: attributesOf(event),
      });
      const publishing = trace.setSpan(context.active(), span);
      const headers: { traceparent?: string } = {};
      propagation.inject(publishing, headers);
      carrier.trace = headers.traceparent;
      origins.set(keyOf(event), { publishing, at: Date.now() });
      span.end();
    }),
    signals.received.hear(({ event, trace: traceparent }) => {
      if (traceparent === undefined) return;
      const publishing = propagation.extract(ROOT_CONTEXT, { traceparent });
      origins.set(keyOf(event), { publishing, at: Date.now() });
    }),
    signals.delivery.hear(({ event, streams }) => {
      const origin = origins.get(keyOf(event));
      if (origin === undefined) return;
      const attributes = { ...attributesOf(event), 'tidings.streams': streams };
      tracer
        .startSpan(
          `deliver ${kindOf(event)}`,
          { kind: SpanKind.CONSUMER, attributes, startTime: origin.at },
          origin.publishing,
        )
        .end();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
