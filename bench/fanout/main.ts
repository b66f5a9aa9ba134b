/**
 * Fan-out: how many answers a second one instance delivers to its sockets, beside stock graphql-ws and beside a bare loop
 * of `ws.send` with one prebuilt string, which is the limit. Server and load have a core each. All contenders in turn,
 * medians of several rounds; then the time from commit to socket, the memory of idle subscribers, and a reader that
 * stalls.
 *
 *     npm run bench -- fanout [rounds]
 *
 * Needs `redis-server` for the way over two instances. Uses DATABASE_URL, which gets rows; without it an embedded server
 * in a temporary folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql as statement } from 'drizzle-orm';
import postgres from 'postgres';
import { v7 } from 'uuid';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import { openDatabase } from '../../src/db/client.js';
import { joinEmbeddedPostgres } from '../../src/db/embedded.js';
import { type Bus, createRedisBus } from '../../src/events/bus.js';
import { appendEvents } from '../../src/events/log.js';
import { topicOf } from '../../src/events/topics.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import type { LoadOrder, LoadReport } from './load.js';
import { type ServerOrder, type ServerReport, SUBSCRIPTION } from './plan.js';

const rounds = Number(process.argv[2] ?? 3);
/** Only the races, only with so many sockets: for a quick look. */
const only = process.argv[3] === undefined ? undefined : Number(process.argv[3]);
const SILENT = { warn: () => undefined, info: () => undefined };
const SECRET = randomBytes(32).toString('base64url');
/** Sockets, and the events that each of them gets in a round. */
const SIZES = [
  { sockets: 1_000, events: 200 },
  { sockets: 5_000, events: 40 },
];

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;

/** A process on a core of its own that is talked to over IPC. */
function startChild(core: number, file: string, env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess {
  return spawn(
    'taskset',
    ['-c', String(core), process.execPath, '--expose-gc', '--import', 'tsx', `bench/fanout/${file}`, ...args],
    { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
}

async function answer<Report extends { readonly type: string }>(
  child: ChildProcess,
  type: Report['type'],
): Promise<Report> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- until the one that is waited for
    const [report] = (await once(child, 'message')) as [Report];
    if (report.type === type) return report;
  }
}

const end = async (child: ChildProcess): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
};

async function startServer(file: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = startChild(0, file, env, ...args);
  const ready = await answer<Extract<ServerReport, { type: 'ready' }>>(child, 'ready');
  return { child, url: ready.url };
}

const heapOf = async (child: ChildProcess) => {
  const heap = answer<Extract<ServerReport, { type: 'heap' }>>(child, 'heap');
  child.send({ type: 'heap' } satisfies ServerOrder);
  return heap;
};

async function startRedis(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  probe.close();
  await once(probe, 'close');
  const child = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  await delay(500);
  return { url: `redis://127.0.0.1:${port}`, stop: () => end(child) };
}

const home = await mkdtemp(join(tmpdir(), 'tidings-bench-fanout-'));
await chmod(home, 0o711);
const given = process.env['DATABASE_URL'];
const embedded = given ? undefined : await joinEmbeddedPostgres({ dataDir: home });
const databaseUrl = given ?? embedded?.url ?? '';
const environment = {
  DATABASE_URL: databaseUrl,
  AUTH_SECRET: SECRET,
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
  PORT: '0',
  TIDINGS_DATA_DIR: home,
};

/** A reader who writes comments, and a post to write them to. */
async function prepare() {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const [userId, sessionId, postId] = [randomUUID(), randomUUID(), randomUUID()];
  const mark = randomBytes(4).toString('hex');
  await sql`insert into users (id, username, name) values (${userId}, ${`bench-${mark}`}, 'A reader')`;
  await sql`insert into sessions (id, user_id, refresh_digest, expires_at) values (${sessionId}, ${userId}, ${randomBytes(32)}, now() + interval '1 day')`;
  await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
    values (${postId}, ${`bench-${mark}`}, 'A post', 'en', 'PUBLISHED', now(), 'Text', 'MARKDOWN', '<p>Text</p>', 'Text', 1)`;
  await sql.end();
  const tokens = createAccessTokens({ secret: SECRET, previousSecret: undefined });
  const { token } = await tokens.sign({ userId, sessionId });
  return { token, userId, postUuid: postId, postId: encodeId('Post', postId) };
}

async function comment(url: string, token: string, postId: string, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query:
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { message } } }',
      variables: { input: { postId, body } },
    }),
  });
  const text = await response.text();
  if (!text.includes('"userErrors":[]')) throw new Error(`Refused: ${text}`);
}

const load = startChild(1, 'load.ts', {});
await answer(load, 'ready');
const order = (what: LoadOrder): void => void load.send(what);
const said = (type: LoadReport['type']): Promise<LoadReport> => answer<LoadReport>(load, type);

async function openCrowd(url: string, sockets: number, postId: string): Promise<void> {
  const opened = said('opened');
  order({
    type: 'open',
    url,
    sockets,
    payload: { query: SUBSCRIPTION, variables: { id: postId } },
  });
  await opened;
  // The last subscriptions are being opened.
  await delay(1_000);
}

async function closeCrowd(): Promise<void> {
  const closed = said('closed');
  order({ type: 'close' });
  await closed;
  await delay(500);
}

/** Deliveries a second, from the first that came to the last. */
async function race(messages: number, emit: () => Promise<void>): Promise<number> {
  order({ type: 'expect', messages });
  await delay(50);
  const received = said('received');
  const [{ first, at }] = await Promise.all([received, emit()]);
  return (messages * 1_000) / (at - first);
}

/** Commits comments with their events at once, as another instance would: the peers write nothing either. */
async function writeAtOnce(
  postId: string,
  userId: string,
  count: number,
  bus: Bus | undefined,
): Promise<void> {
  const client = openDatabase({ url: databaseUrl, poolSize: 1, statementTimeout: 0 });
  const comments = Array.from({ length: count }, (_, n) => ({
    id: v7(),
    postId,
    authorId: userId,
    body: `What everybody is waiting for, number ${n}.`,
  }));
  const events = await client.db.transaction(async (tx) => {
    await tx.execute(statement`
      insert into comments (id, post_id, author_id, depth, language, body, body_html, body_text, body_format, renderer_version)
      select id, ${postId}::uuid, ${userId}::uuid, 0, 'en', body, body, body, 'MARKDOWN', 1
      from jsonb_to_recordset(${JSON.stringify(comments)}::jsonb) as given(id uuid, body text)`);
    return appendEvents(
      tx,
      comments.map(({ id, authorId }) => ({
        topic: topicOf.comments(postId),
        type: 'comment.added',
        payload: {
          commentId: id,
          postId,
          parentId: null,
          authorId,
          state: 'VISIBLE',
          previousState: null,
          version: 1,
          listed: true,
          previouslyListed: false,
        },
      })),
    );
  });
  bus?.publish(events);
  await client.close();
}

/** Events at a steady pace, and the delays from commit to receipt. */
async function pace(
  url: string,
  token: string,
  postId: string,
  {
    sockets,
    perSecond,
    seconds,
    body,
  }: { sockets: number; perSecond: number; seconds: number; body: string },
): Promise<readonly number[]> {
  const events = perSecond * seconds;
  order({ type: 'expect', messages: sockets * events });
  await delay(50);
  const received = said('received');
  for (let event = 0; event < events; event += 1) {
    void comment(url, token, postId, `${body} ${event}.`);
    // oxlint-disable-next-line no-await-in-loop -- at a pace
    await delay(1_000 / perSecond);
  }
  return (await received).delays;
}

type Contender = 'limit' | 'stock' | 'ours' | 'ours, over Redis';

try {
  const { child: first } = await startServer('ours.ts', environment);
  await end(first);
  const { token, userId, postUuid, postId } = await prepare();
  const redis = await startRedis();
  const rates = new Map<string, number[]>();
  const contenders: readonly Contender[] = ['limit', 'stock', 'ours', 'ours, over Redis'];

  const run = async (contender: Contender, sockets: number, events: number): Promise<number> => {
    if (contender === 'limit' || contender === 'stock') {
      const { child, url } = await startServer('peers.ts', {}, contender);
      await openCrowd(url, sockets, postId);
      const rate = await race(sockets * events, async () => {
        child.send({ type: 'emit', events } satisfies ServerOrder);
      });
      await closeCrowd();
      await end(child);
      return rate;
    }
    const env = contender === 'ours' ? environment : { ...environment, REDIS_URL: redis.url };
    const { child, url } = await startServer('ours.ts', env);
    const bus = contender === 'ours' ? undefined : await createRedisBus(redis.url, SILENT);
    await openCrowd(url, sockets, postId);
    const rate = await race(sockets * events, () => writeAtOnce(postUuid, userId, events, bus));
    await closeCrowd();
    await end(child);
    await bus?.close();
    return rate;
  };

  for (const { sockets, events } of SIZES.filter((size) => only === undefined || size.sockets === only)) {
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of contenders) {
        const key = `${sockets} ${contender}`;
        // oxlint-disable-next-line no-await-in-loop -- in turn
        rates.set(key, [...(rates.get(key) ?? []), await run(contender, sockets, events)]);
      }
    }
    const limit = median(rates.get(`${sockets} limit`) ?? []);
    const stock = median(rates.get(`${sockets} stock`) ?? []);
    for (const contender of contenders) {
      const all = rates.get(`${sockets} ${contender}`) ?? [];
      const rate = median(all);
      console.log(
        `${sockets} sockets  ${contender.padEnd(18)} ${rate.toFixed(0).padStart(8)} deliveries/s   ` +
          `${(rate / limit).toFixed(2)} of the limit   ${(rate / stock).toFixed(1)} x stock   (${all.map((one) => one.toFixed(0)).join(', ')})`,
      );
    }
  }

  const { child, url } = await startServer('ours.ts', environment);
  const calm = { sockets: 500, perSecond: 20, seconds: 10, body: 'What everybody is waiting for, number' };
  await openCrowd(url, 500, postId);
  const delays = await pace(url, token, postId, calm);
  console.log(
    `500 sockets, 20 events/s: commit to socket p50 ${quantile(delays, 0.5)} ms, p99 ${quantile(delays, 0.99)} ms (target 150)`,
  );

  const long = { ...calm, body: 'Words without end. '.repeat(400) };
  const before = await heapOf(child);
  const others = await pace(url, token, postId, long);
  const between = await heapOf(child);
  const stalled = said('stalled');
  order({ type: 'stall' });
  await stalled;
  order({ type: 'expect', messages: 499 * 200 });
  const withStalled = await pace(url, token, postId, { ...long, sockets: 499 });
  const after = await heapOf(child);
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  console.log(
    `one of 500 stalls: memory grows by ${megabytes(after.rss - between.rss)} MB (without: ${megabytes(between.rss - before.rss)}; target 5), ` +
      `p99 of the others ${quantile(withStalled, 0.99)} ms beside ${quantile(others, 0.99)} ms`,
  );
  await closeCrowd();
  await end(child);

  const idle = await startServer('ours.ts', environment);
  await openCrowd(idle.url, 200, postId);
  const few = await heapOf(idle.child);
  await openCrowd(idle.url, 5_000, postId);
  const many = await heapOf(idle.child);
  console.log(
    `an idle subscriber: ${((many.heapUsed - few.heapUsed) / 5_000 / 1_000).toFixed(1)} kB of heap (target 12), ` +
      `${((many.rss - few.rss) / 5_000 / 1_000).toFixed(1)} kB of memory in all`,
  );
  await closeCrowd();
  await end(idle.child);
  await redis.stop();
} finally {
  load.disconnect();
  load.kill();
  await embedded?.leave();
  await rm(home, { recursive: true, force: true });
}
