/**
 * What all guard rails together cost: processor time of the server for each request of the feed page, beside the same
 * schema, resolvers and database behind Apollo Server on fastify with nothing else. Limits, cost, throttle, headers,
 * shedding, a line of the log for each operation, and metrics are on. Readers are anonymous, send one document without variables
 * and take nothing compressed: signing in, and what is never seen twice, is not measured here. All contenders in short turns, so
 * that what the machine does beside meets all of them; medians of many rounds.
 *
 *     npm run bench -- rails [rounds] [milliseconds]
 *
 * Needs `redis-server`, for a throttle that instances share. Uses DATABASE_URL, which gets rows; without it an embedded
 * server in a temporary folder.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { openPlace } from '../kit/place.js';
import { answer, ask, startChild, startProduct, startRedis, startServer } from '../kit/processes.js';
import { median, quantile } from '../kit/statistics.js';
import type { LoadOrder, LoadReport } from './load.js';

const rounds = Number(process.argv[2] ?? 160);
const turn = Number(process.argv[3] ?? 300);
/** Milliseconds until V8 has compiled what is used, and changes its mind no more. */
const WARM_UP = 20_000;
const TARGET = 1.1;

/** Posts with authors, and comments with theirs. */
async function publish(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const mark = randomBytes(4).toString('hex');
  await sql`insert into users (id, username, name)
    select gen_random_uuid(), ${`bench-${mark}-`} || n, 'Writer ' || n from generate_series(1, 50) as n`;
  await sql`create temporary table writers as
    select id, row_number() over () - 1 as n from users where username like ${`bench-${mark}-%`}`;
  await sql`insert into posts (id, slug, title, summary, language, status, published_at, body, body_format, body_html, body_text, renderer_version)
    select gen_random_uuid(), ${`bench-${mark}-`} || post, 'The post ' || post, 'What it is about, in a line or two of summary.', 'en',
      'PUBLISHED', now() - post * interval '1 minute', 'Text', 'MARKDOWN', '<p>Text</p>', 'Text', 1
    from generate_series(1, 200) as post`;
  await sql`insert into post_authors (post_id, position, user_id)
    select id, 0, (select id from writers where writers.n = right(slug, 1)::int) from posts where slug like ${`bench-${mark}-%`}`;
  await sql`insert into comments (id, post_id, author_id, depth, language, body, body_html, body_text, body_format, renderer_version)
    select gen_random_uuid(), posts.id, (select writers.id from writers where writers.n = (comment.n * 7) % 50), 0, 'en', said, said, said, 'MARKDOWN', 1
    from posts, generate_series(1, 5) as comment (n), lateral (select 'What somebody thinks of it, number ' || comment.n) as text (said)
    where slug like ${`bench-${mark}-%`}`;
  await sql`analyze`;
  await sql.end();
}

const taken = async (server: ChildProcess): Promise<number> => (await ask(server, 'processor')).milliseconds;

/** How many requests were answered in a turn. */
async function ride(load: ChildProcess, url: string, milliseconds: number): Promise<number> {
  const done = answer<Extract<LoadReport, { type: 'done' }>>(load, 'done');
  load.send({ endpoint: url, milliseconds } satisfies LoadOrder);
  return (await done).result.count;
}

const { databaseUrl, environment, close } = await openPlace();
try {
  await publish(databaseUrl);
  const redis = await startRedis();
  const railed = {
    ...environment,
    LOG_LEVEL: 'info',
    TIDINGS_METRICS_TOKEN: 'of the bench, and of nobody else',
    // Each request is worked on, and by itself: what they share would be left out of both sides, and not of the rails.
    TIDINGS_ANSWER_AGE_MS: '0',
    TIDINGS_SHARED_READS: '0',
  };
  const contenders = [
    { name: 'no rails', server: await startServer('rails/bare.js', environment) },
    { name: 'all rails', server: await startProduct(railed) },
    { name: 'all rails, over Redis', server: await startProduct({ ...railed, REDIS_URL: redis.url }) },
  ].map((contender) => ({ ...contender, costs: [] as number[], taken: 0, count: 0 }));
  const load = startChild(1, 'rails/load.ts', {});
  await answer<LoadReport>(load, 'ready');
  for (const { server } of contenders) await ride(load, server.url, WARM_UP);
  // What a server does after its turn, such as writing its log, is a part of it: its processor is read at the next one.
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const { server, costs } = contender;
      const before = contender.taken;
      contender.taken = await taken(server.child);
      if (round > 0) costs.push((contender.taken - before) / contender.count);
      contender.count = await ride(load, server.url, turn);
    }
  }
  const bare = contenders[0]?.costs ?? [];
  for (const { name, costs } of contenders) {
    // Of each round by itself: how fast the machine is changes more from round to round than within one.
    const ratios = costs.map((cost, round) => cost / (bare[round] ?? NaN));
    const ratio = median(ratios);
    console.log(
      `${name.padEnd(24)} ${median(costs).toFixed(3)} ms of the processor a request   ${ratio.toFixed(3)} of none (target ${TARGET})   ` +
        `(half of the rounds between ${quantile(ratios, 0.25).toFixed(3)} and ${quantile(ratios, 0.75).toFixed(3)})`,
    );
    if (ratio > TARGET) process.exitCode = 1;
  }
} finally {
  await close();
}
