/**
 * Mutations a second, and the time of the slowest of a hundred, with 16 clients: the product over HTTP beside the same
 * statements by hand through postgres.js. Server and load have a core each; PostgreSQL has what they leave. Prints the
 * medians of several rounds in turn, and the ratio.
 *
 *     npm run bench -- write [rounds] [seconds]
 *
 * Uses DATABASE_URL, which gets rows; without it an embedded server in a temporary folder.
 */
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { createAccessTokens } from '../../src/auth/accessTokens.js';
import { encodeId } from '../../src/graphql/globalIds.js';
import type { Result } from '../kit/client.js';
import { openPlace } from '../kit/place.js';
import { end, startProduct } from '../kit/processes.js';
import { median } from '../kit/statistics.js';
import type { Plan } from './plan.js';
import { record } from './recording.js';

const rounds = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 5);
const CLIENTS = 16;
const TARGET = 0.6;

const run = promisify(execFile);
const { databaseUrl, secret, environment, close } = await openPlace();

type Prepared = Pick<Plan, 'clients' | 'posts'>;

/** Readers with open sessions, and posts to write to. */
async function prepare(sql: postgres.Sql): Promise<Prepared> {
  const tokens = createAccessTokens({ secret, previousSecret: undefined });
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

const contend = async (core: number, file: string, plan: Plan): Promise<Result> => {
  const { stdout } = await run(
    'taskset',
    ['-c', String(core), process.execPath, '--import', 'tsx', `bench/write/${file}`],
    { env: { PATH: process.env['PATH'], BENCH_PLAN: JSON.stringify(plan) }, maxBuffer: 1e8 },
  );
  return JSON.parse(stdout) as Result;
};

const medianOf = (results: readonly Result[]): Omit<Result, 'count'> => ({
  perSecond: median(results.map((result) => result.perSecond)),
  p50: median(results.map((result) => result.p50)),
  p95: median(results.map((result) => result.p95)),
  p99: median(results.map((result) => result.p99)),
});

function print(
  operation: string,
  statements: number,
  product: Omit<Result, 'count'>,
  hand: Omit<Result, 'count'>,
): void {
  const line = (name: string, { perSecond, p50, p99 }: Omit<Result, 'count'>): void =>
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
  const sql = postgres(databaseUrl, { max: 10, onnotice: () => undefined });
  for (const operation of ['addComment', 'addReaction'] as const) {
    const prepared = await prepare(sql);
    const { statements, recorded } = await record(
      environment,
      prepared.clients.at(-1),
      prepared.posts.at(-1),
      operation,
    );
    const { url: endpoint, child } = await startProduct(environment);
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
    await end(child);
    print(operation, statements.length, medianOf(products), medianOf(hands));
  }
  await sql.end();
} finally {
  await close();
}
