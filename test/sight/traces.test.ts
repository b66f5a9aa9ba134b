import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { createPerson } from '../kit/people.js';
import { type InstanceProcess, startInstance } from '../kit/processes.js';
import { needsRedis, startRedis, type TestRedis, withoutRedis } from '../kit/redis.js';
import { connect, eventually } from '../kit/sockets.js';
import { until } from '../kit/until.js';
import { type Collector, type Span, startCollector } from './collector.js';

/** Loaded into an instance before all else: says on SIGUSR2 which of these packages were loaded. */
const PROBE = `
  import Module from 'node:module';
  process.on('SIGUSR2', () => {
    const files = Object.keys(Module._cache);
    const names = ['fastify', '@opentelemetry', 'prom-client'];
    const loaded = names.filter((name) => files.some((file) => file.includes('/node_modules/' + name + '/')));
    process.stdout.write('LOADED ' + loaded.join(' ') + '\\n');
  });
`;
const COMMENTS = 'subscription Follow($post: ID!) { commentsChanged(postId: $post) { cursor type } }';
const ADD = 'mutation Add($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';
const BODY = 'What somebody wrote, and nobody traces.';

describe.skipIf(withoutRedis)(`a trace${needsRedis}`, () => {
  let database: TestDatabase;
  let sql: postgres.Sql;
  let redis: TestRedis;
  let collector: Collector;
  let instances: readonly [InstanceProcess, InstanceProcess];
  beforeAll(async () => {
    [database, redis, collector] = await Promise.all([createDemoDatabase(), startRedis(), startCollector()]);
    sql = postgres(database.url, { max: 2, onnotice: () => undefined });
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_SERVICE_NAME: 'tidings of the tests',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    instances = await Promise.all([startInstance(env), startInstance(env)]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all((instances ?? []).map((instance) => instance.kill()));
    await collector?.stop();
    await redis?.stop();
    await sql?.end();
    await database?.drop();
  });

  const spansOf = (traceId: string): readonly Span[] =>
    collector.spans.filter((span) => span.traceId === traceId);

  it('goes from a request to its delivery by another instance', { timeout: 60_000 }, async () => {
    const [here, there] = instances;
    const person = await createPerson({ app: here, sql });
    const { posts } = await person.query<{ posts: { nodes: { id: string }[] } }>(
      '{ posts(first: 1) { nodes { id } } }',
    );
    const postId = posts.nodes[0]?.id;
    const socket = await connect(there);
    const follow = socket.start(COMMENTS, { post: postId });
    // Once it is delivered what comes, the traced one surely is.
    await eventually(async () => {
      await person.query(ADD, { input: { postId, body: 'Before.' } });
      expect(follow.events.length).toBeGreaterThan(0);
    });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const parent = 'b7ad6b7169203331';
    await person.query(
      ADD,
      { input: { postId, body: BODY } },
      {
        traceparent: `00-${traceId}-${parent}-01`,
      },
    );
    const parts = ['POST /graphql', 'mutation Add', 'comments.add', 'redis publish', 'publish ', 'deliver '];
    // Each instance sends what it has when it likes.
    await until('all of it has arrived', () =>
      parts.every((part) => spansOf(traceId).some(({ name }) => name.startsWith(part))),
    );
    await socket.close();

    const spans = spansOf(traceId);
    const named = (name: string): Span => {
      const found = spans.find((span) => span.name === name);
      if (found === undefined)
        throw new Error(`No span ${name} in ${spans.map((span) => span.name).join(', ')}`);
      return found;
    };
    const request = named('POST /graphql');
    const operation = named('mutation Add');
    const publish = spans.filter((span) => span.name.startsWith('publish '));
    const deliver = spans.find((span) => span.name.startsWith('deliver '));
    expect(request.parentSpanId).toBe(parent);
    expect(operation.parentSpanId).toBe(request.spanId);
    expect(named('comments.add').parentSpanId).toBe(operation.spanId);
    expect(named('redis publish').instance).toBe(request.instance);
    expect(publish.map((span) => span.parentSpanId)).toContain(operation.spanId);
    expect(publish.map((span) => span.spanId)).toContain(deliver?.parentSpanId);
    expect(deliver?.instance).not.toBe(request.instance);
    expect(new Set(spans.map((span) => span.service))).toEqual(new Set(['tidings of the tests']));
    expect(operation.attributes).toMatchObject({
      'graphql.operation.name': 'Add',
      'graphql.operation.type': 'mutation',
      'user.id': person.uuid,
    });
    // Neither what was written, nor who may write, nor a span for each field.
    expect(collector.text).not.toContain(BODY);
    expect(collector.text).not.toContain(person.accessToken);
    expect(spans.map((span) => span.name)).not.toContain('Mutation.addComment');
  });
});

describe('an instance that traces nothing', () => {
  it('loads neither the SDK nor what metrics are made with', { timeout: 60_000 }, async () => {
    const database = await createDemoDatabase();
    const env = {
      DATABASE_URL: database.url,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(PROBE)}`,
    };
    const instance = await startInstance(env);
    const other = await startInstance({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    const loadedBy = async ({ pid, said }: InstanceProcess): Promise<string> => {
      process.kill(pid, 'SIGUSR2');
      let loaded: string | undefined;
      await until('it says what is loaded', () => {
        loaded = /LOADED (.*)/.exec(said())?.[1];
        return loaded !== undefined;
      });
      return loaded ?? '';
    };
    try {
      expect(await loadedBy(instance)).toBe('fastify');
      // The probe finds it where it is.
      expect(await loadedBy(other)).toBe('fastify @opentelemetry');
    } finally {
      await instance.kill();
      await other.kill();
      await database.drop();
    }
  });
});
