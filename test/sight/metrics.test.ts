import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { startTestApp, type TestApp } from '../kit/app.js';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { openStream } from '../kit/eventStreams.js';
import { createPerson } from '../kit/people.js';
import { connect, eventually } from '../kit/sockets.js';
import { scrape } from './scraping.js';

const TOKEN = 'a token of the tests';
const COMMENTS = 'subscription Follow($post: ID!) { commentsChanged(postId: $post) { cursor type } }';
const ADD = 'mutation Add($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';

/** Metrics count all that happens in a process: one instance for all of this file. */
describe('the metrics of an instance', () => {
  let database: TestDatabase;
  let sql: postgres.Sql;
  let app: TestApp;
  beforeAll(async () => {
    database = await createDemoDatabase();
    sql = postgres(database.url, { max: 2, onnotice: () => undefined });
    app = await startTestApp({ DATABASE_URL: database.url, TIDINGS_METRICS_TOKEN: TOKEN });
  });
  afterAll(async () => {
    await sql?.end();
    await app?.stop();
    await database?.drop();
  });

  const metrics = () => scrape(new URL('/metrics', app.endpoint), TOKEN);
  const aPost = async (): Promise<string> => {
    const { posts } = await app.query<{ posts: { nodes: { id: string }[] } }>(
      '{ posts(first: 1) { nodes { id } } }',
    );
    return posts.nodes[0]?.id ?? '';
  };

  it('are for those who have the token', async () => {
    const ask = (headers: Record<string, string>) => fetch(new URL('/metrics', app.endpoint), { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: 'Bearer another token here' })).status).toBe(401);
    expect((await ask({ authorization: TOKEN })).status).toBe(401);
    const good = await ask({ authorization: `Bearer ${TOKEN}` });
    expect(good.status).toBe(200);
    expect(good.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(good.headers.get('cache-control')).toBe('no-store');
  });

  it('count operations by name, type and transport, with their durations, statements and points', async () => {
    const before = await metrics();
    const query = 'query Counted { posts(first: 2) { nodes { id authors { name } } } }';
    const ran = await app.statementsOf(async () => {
      for (let times = 0; times < 3; times += 1) await app.query(query);
    });
    const socket = await connect(app);
    await socket.ask(query);
    await socket.close();
    const after = await metrics();
    const labels = { operation: 'Counted', type: 'query' };
    const name = 'tidings_operation_duration_seconds';
    expect(after.of(`${name}_count`, { ...labels, transport: 'http' })).toBe(3);
    expect(after.of(`${name}_count`, { ...labels, transport: 'websocket' })).toBe(1);
    expect(after.of(`${name}_bucket`, { ...labels, transport: 'http', le: '+Inf' })).toBe(3);
    expect(after.of(`${name}_sum`, { ...labels, transport: 'http' })).toBeGreaterThan(0);
    const grown = (series: string) => after.of(series) - before.of(series);
    expect(grown('tidings_operation_statements_count')).toBe(4);
    expect(grown('tidings_operation_statements_sum')).toBe((ran.length * 4) / 3);
    expect(grown('tidings_operation_cost_points_count')).toBe(4);
  });

  it('count errors by their code, and what is no operation as refused', async () => {
    await app.send('query Wrong { posts(first: 0) { nodes { id } } }');
    await app.send('{ posts(');
    const after = await metrics();
    expect(after.of('tidings_operation_errors_total', { operation: 'Wrong', code: 'BAD_USER_INPUT' })).toBe(
      1,
    );
    expect(
      after.of('tidings_operation_errors_total', { operation: 'refused', code: 'GRAPHQL_PARSE_FAILED' }),
    ).toBe(1);
  });

  it('count documents beyond a limit, by the limit', async () => {
    const aliases = Array.from({ length: 40 }, (_, place) => `a${place}: __typename`).join(' ');
    await app.send(`{ posts(first: 1) { nodes { ${aliases} } } }`);
    await app.send(`{ ${'__typename '.repeat(1_200)} }`);
    const after = await metrics();
    expect(after.of('tidings_limit_exceeded_total', { limit: 'aliases' })).toBe(1);
    expect(after.of('tidings_limit_exceeded_total', { limit: 'tokens' })).toBe(1);
  });

  it('tell how many keys each loader asks for at once', async () => {
    const before = await metrics();
    await app.query('query Batches { posts(first: 5) { nodes { tags { name } } } }');
    const after = await metrics();
    const grown = (series: string) =>
      after.of(series, { loader: 'tags.byPost' }) - before.of(series, { loader: 'tags.byPost' });
    expect(grown('tidings_loader_batch_size_count')).toBe(1);
    expect(grown('tidings_loader_batch_size_sum')).toBe(5);
  });

  it('follow sockets, streams, subscriptions and cohorts as they come and go', async () => {
    const person = await createPerson({ app, sql });
    const post = await aPost();
    const open = await Promise.all([1, 2].map(() => connect(app, { accessToken: person.accessToken })));
    for (const socket of open) socket.start(COMMENTS, { post });
    const stream = await openStream(app, { query: COMMENTS, variables: { post } });
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_connections', { transport: 'websocket' })).toBe(2);
      expect(now.of('tidings_connections', { transport: 'sse' })).toBe(1);
      expect(now.of('tidings_subscriptions')).toBe(3);
      // Signed in, and not.
      expect(now.of('tidings_cohorts')).toBe(2);
    });
    const before = await metrics();
    await person.query(ADD, { input: { postId: post, body: 'Measured.' } });
    await stream.until(1);
    await eventually(async () => {
      const after = await metrics();
      const grown = (series: string) => after.of(series) - before.of(series);
      expect(grown('tidings_deliveries_total')).toBe(3);
      expect(grown('tidings_executions_total')).toBe(2);
      expect(grown('tidings_delivery_delay_seconds_count')).toBe(2);
      expect(grown('tidings_delivery_delay_seconds_sum')).toBeLessThan(10);
      expect(grown('tidings_events_published_total')).toBeGreaterThan(0);
    });
    stream.close();
    for (const socket of open) await socket.close();
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_connections', { transport: 'websocket' })).toBe(0);
      expect(now.of('tidings_connections', { transport: 'sse' })).toBe(0);
      expect(now.of('tidings_subscriptions')).toBe(0);
      expect(now.of('tidings_cohorts')).toBe(0);
    });
  });

  it('show a pool that is busy, and who waits for it', async () => {
    const size = (await metrics()).of('tidings_pool_connections_max', { pool: 'primary' });
    // Whoever reads tags waits until the table is free again.
    const holder = await sql.reserve();
    await holder`begin`;
    await holder`lock table tags in access exclusive mode`;
    // Pages of different lengths: those who ask for the same share a statement.
    const asked = Array.from({ length: size + 3 }, (_, place) =>
      app.send(`{ tags(first: ${place + 1}) { nodes { name } } }`),
    );
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_pool_in_use', { pool: 'primary' })).toBe(size);
      expect(now.of('tidings_pool_waiting', { pool: 'primary' })).toBeGreaterThanOrEqual(3);
    });
    await holder`rollback`;
    holder.release();
    await Promise.all(asked);
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_pool_waiting', { pool: 'primary' })).toBe(0);
    });
  });

  it('show streams that wait for their turn', async () => {
    const [before, postId] = [await metrics(), await aPost()];
    const most = before.of('tidings_pool_connections_max', { pool: 'primary' });
    const holder = await sql.reserve();
    await holder`begin`;
    await holder`lock table posts in access exclusive mode`;
    const socket = await connect(app);
    // Each asks whether its viewer may listen.
    for (let count = 0; count < most + 1; count += 1) socket.start(COMMENTS, { post: postId });
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_streams_waiting')).toBe(3);
      expect(now.of('tidings_pool_in_use', { pool: 'primary' })).toBe(most - 2);
      expect(now.of('tidings_pool_waiting', { pool: 'primary' })).toBe(0);
    });
    await holder`rollback`;
    holder.release();
    await eventually(async () => {
      const now = await metrics();
      expect(now.of('tidings_subscriptions')).toBe(most + 1);
      expect(now.of('tidings_streams_waiting')).toBe(0);
    });
    await socket.close();
  });

  it('say how the bus is, and how late the event loop', async () => {
    const now = await metrics();
    expect(now.of('tidings_bus_up')).toBe(1);
    expect(now.of('tidings_bus_shared')).toBe(0);
    expect(now.of('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });
});
