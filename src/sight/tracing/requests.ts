import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';

/** Spans of requests to the API; a caller's `traceparent` is their parent. */
export function traceRequests(http: FastifyInstance, tracer: Tracer): void {
  const under = new WeakMap<object, Context>();

  const begin = (
    route: string,
    method: string,
    headers: object,
  ): { readonly span: Span; readonly own: Context } => {
    const caller = propagation.extract(ROOT_CONTEXT, headers);
    const attributes = { 'http.request.method': method, 'http.route': route, 'url.path': route };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller);
    return { span, own: trace.setSpan(caller, span) };
  };

  http.addHook('onRequest', (request, reply, done) => {
    // Its route, and not its address: clients choose that, and a stream's token stands there.
    const { url: route } = request.routeOptions;
    if (route?.startsWith('/graphql')) {
      const { span, own } = begin(route, request.method, request.headers);
      span.setAttribute('tidings.request_id', request.id);
      under.set(request, own);
      reply.raw.once('close', () => {
        span.setAttribute('http.response.status_code', reply.raw.statusCode);
        if (reply.raw.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
    }
    done();
  });
  // Not before: a body is read in another context than that of its request.
  http.addHook('preHandler', (request, _, done) => context.with(under.get(request) ?? ROOT_CONTEXT, done));
}
