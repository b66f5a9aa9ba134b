/**
 * Mutations a second, and the time of the slowest of a hundred, with 16 clients: the product over HTTP beside the same
 * statements by hand through postgres.js. Server and load have a core each; PostgreSQL has what they leave. Prints the
 * medians of several rounds in turn, and the ratio.
 *
 *     npm run bench -- write [rounds] [seconds]
 *
 * Uses DATABASE_URL, which gets rows; without it an embedded server in a temporary folder.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { pino } from 'pino';
import postgres from 'postgres';
import { createApp } from '../../src/app.js';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import { readConfig } from '../../src/config.js';
import { joinEmbeddedPostgres } from '../../src/db/embedded.js';
import { nameOf } from '../../src/db/statement.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import type { Plan, Result } from './plan.js';

const rounds = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 5);
const CLIENTS = 16;
const SECRET = randomBytes(32).toString('base64url');
const TARGET = 0.6;

const run = promisify(execFile);
const home = await mkdtemp(join(tmpdir(), 'tidings-bench-write-'));
await chmod(home, 0o711);
const given = process.env['DATABASE_URL'];
const embedded = given ? undefined : await joinEmbeddedPostgres({ dataDir: home });
const databaseUrl = given ?? embedded?.url ?? '';
const environment = {
  PATH: process.env['PATH'],
  DATABASE_URL: databaseUrl,
  AUTH_SECRET: SECRET,
  NODE_ENV: 'production',
  LOG_LEVEL: 'error',
  PORT: '0',
  TIDINGS_DATA_DIR: home,
};

type Prepared = Pick<Plan, 'clients' | 'posts'>;

/** Readers with open sessions, and posts to write to. */
async function prepare(sql: postgres.Sql): Promise<Prepared> {
  const tokens = createAccessTokens({ secret: SECRET, previousSecret: undefined });
  const mark = randomBytes(4).toString('hex');
  const clients = await Promise.all(
    Array.from({ length: CLIENTS + 1 }, async (_, n) => {
      const [userId, sessionId] = [randomUUID(), randomUUID()];
      await sql`insert into users (id, username, name) values (${userId}, ${`bench-${mark}-${n}`}, 'A client')`;
      await sql`insert into sessions (id, user_id, refresh_digest, expires_at) values (${sessionId}, ${userId}, ${randomBytes(32)}, now() + interval '1 day')`;
      const { token } = await tokens.sign({ userId, sessionId });
      return { userId, sessionId, token };
    }),
  );
  const posts = await Promise.all(
    Array.from({ length: 5_000 }, async (_, n) => {
      const uuid = randomUUID();
      await sql`insert into posts (id, slug, title, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
        values (${uuid}, ${`bench-${mark}-${n}`}, 'A post', 'en', 'PUBLISHED', now(), 'Text', 'MARKDOWN', '<p>Text</p>', 'Text', 1)`;
      return { uuid, id: encodeId('Post', uuid) };
    }),
  );
  return { clients, posts };
}

/** The statements of one mutation, as the product runs them. */
async function record(
  { clients, posts }: Prepared,
  operation: Plan['operation'],
): Promise<Pick<Plan, 'statements' | 'recorded'>> {
  const statements: { text: string; parameters: readonly unknown[] }[] = [];
  const app = createApp({
    config: readConfig(environment),
    logger: pino({ level: 'error' }),
    onStatement: (text, parameters) => {
      // Beside the mutation, the jobs of an instance run.
      if (!/^(?:posts\.untilDue|\w+\.forget\w+)$/.test(nameOf(text) ?? ''))
        statements.push({ text, parameters });
    },
  });
  const endpoint = await app.start();
  const [client, post] = [clients.at(-1), posts.at(-1)];
  const input =
    operation === 'addComment'
      ? '{ postId: $id, body: "A comment, to be recorded." }'
      : '{ subjectId: $id, kind: SURPRISE }';
  const selection = operation === 'addComment' ? 'comment { id version }' : 'reactions { kind count }';
  statements.length = 0;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${client?.token ?? ''}` },
    body: JSON.stringify({
      query: `mutation ($id: ID!) { ${operation}(input: ${input}) { ${selection} userErrors { code } } }`,
      variables: { id: post?.id },
    }),
  });
  const answer = (await response.json()) as { data: { addComment?: { comment: { id: string } } } };
  await app.drain();
  const id = answer.data.addComment?.comment.id;
  const hex = id === undefined ? '' : Buffer.from(id, 'base64url').toString('hex', 1);
  return {
    statements,
    recorded: {
      userId: client?.userId ?? '',
      sessionId: client?.sessionId ?? '',
      postId: post?.uuid ?? '',
      commentId: id === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    },
  };
}

/** The product in a process of its own, on the first core. */
async function startProduct(): Promise<{ endpoint: string; child: ChildProcess }> {
  const child = spawn('taskset', ['-c', '0', process.execPath, '--import', 'tsx', 'src/main.ts'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const endpoint = /serves (\S+)/.exec(line)?.[1];
    if (endpoint !== undefined) return { endpoint, child };
  }
  throw new Error('The product did not start.');
}

const contend = async (core: number, file: string, plan: Plan): Promise<Result> => {
  const { stdout } = await run(
    'taskset',
    ['-c', String(core), process.execPath, '--import', 'tsx', `bench/write/${file}`],
    { env: { PATH: process.env['PATH'], BENCH_PLAN: JSON.stringify(plan) }, maxBuffer: 1e8 },
  );
  return JSON.parse(stdout) as Result;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const medianOf = (results: readonly Result[]): Result => ({
  perSecond: median(results.map((result) => result.perSecond)),
  p50: median(results.map((result) => result.p50)),
  p99: median(results.map((result) => result.p99)),
});

function print(operation: string, statements: number, product: Result, hand: Result): void {
  const line = (name: string, { perSecond, p50, p99 }: Result): void =>
    console.log(
      `${operation.padEnd(12)} ${name.padEnd(24)} ${perSecond.toFixed(0).padStart(6)} /s   p50 ${p50.toFixed(1).padStart(5)} ms   p99 ${p99.toFixed(1).padStart(5)} ms`,
    );
  line('Tidings over HTTP', product);
  line(`${statements} statements by hand`, hand);
  const ratio = product.perSecond / hand.perSecond;
  console.log(`${operation.padEnd(12)} ratio ${ratio.toFixed(2)} (target ${TARGET})`);
  if (ratio < TARGET) process.exitCode = 1;
}

try {
  // Brings the database up to date.
  const { child: first } = await startProduct();
  first.kill('SIGTERM');
  await once(first, 'exit');
  const sql = postgres(databaseUrl, { max: 10, onnotice: () => undefined });
  for (const operation of ['addComment', 'addReaction'] as const) {
    const prepared = await prepare(sql);
    const { statements, recorded } = await record(prepared, operation);
    const { endpoint, child } = await startProduct();
    const products: Result[] = [];
    const hands: Result[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const plan = (posts: Plan['posts']): Plan => ({
        databaseUrl,
        endpoint,
        clients: prepared.clients.slice(0, CLIENTS),
        posts,
        milliseconds: (round === 0 ? 2 : seconds) * 1000,
        statements,
        recorded,
        operation,
      });
      // Each round and contender has posts of its own, so that every reaction is a new one.
      const half = Math.floor(prepared.posts.length / (2 * (rounds + 1)));
      const own = prepared.posts.slice(2 * half * round, 2 * half * (round + 1));
      const product = await contend(1, 'load.ts', plan(own.slice(0, half)));
      const hand = await contend(0, 'hand.ts', plan(own.slice(half)));
      // The first round warms up.
      if (round > 0) {
        products.push(product);
        hands.push(hand);
      }
    }
    child.kill('SIGTERM');
    await once(child, 'exit');
    print(operation, statements.length, medianOf(products), medianOf(hands));
  }
  await sql.end();
} finally {
  await embedded?.leave();
  await rm(home, { recursive: true, force: true });
}
