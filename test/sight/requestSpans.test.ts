import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import Fastify from 'fastify';
import { afterAll, expect, it } from 'vitest';
import { traceRequests } from '../../src/sight/tracing/requests.js';
import { until } from '../kit/until.js';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const http = Fastify();
traceRequests(http, provider.getTracer('of the tests'));
http.get('/graphql', () => 'answered');
http.get('/graphql/stream', () => 'answered');
http.get('/healthz', () => 'answered');
afterAll(async () => {
  await http.close();
  await provider.shutdown();
});

it('a request has a span by its route; clients choose no name of one', async () => {
  const address = await http.listen({ port: 0, host: '127.0.0.1' });
  const paths = [
    '/graphqlANYTHING',
    '/graphql/x',
    '/healthz',
    '/graphql?query=x',
    '/graphql/stream?token=hushhush',
  ];
  for (const path of paths) await (await fetch(address + path)).text();
  await until('both have ended', () => exporter.getFinishedSpans().length >= 2);
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toEqual(['GET /graphql', 'GET /graphql/stream']);
  expect(spans.map(({ attributes }) => attributes['http.route'])).toEqual(['/graphql', '/graphql/stream']);
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain('hushhush');
});
