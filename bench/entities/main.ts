/**
 * What an entity cache could spare: processor time of an instance for 20 rows that are read by their keys, from PostgreSQL as
 * now, from Redis, and from memory; 16 pages at once. Whether one pays is a question of how many statements of a page read
 * by keys alone: ADR 022.
 *
 *     npm run bench -- entities [rounds]
 *
 * Needs `redis-server`, and installs bentocache beside itself. Uses DATABASE_URL, whose users it reads; without it an embedded
 * server in a temporary folder.
 */
import { openPlace } from '../kit/place.js';
import { answer, startChild, startRedis } from '../kit/processes.js';
import { median } from '../kit/statistics.js';
import { install } from '../peers/install.js';
import { publish } from '../peers/publication.js';

interface Done {
  readonly type: 'done';
  /** Milliseconds of the processor, of each round, by the way of reading. */
  readonly costs: Readonly<Record<string, readonly number[]>>;
}

const { databaseUrl, close } = await openPlace();
try {
  await install('bench/entities');
  if (process.env['DATABASE_URL'] === undefined) {
    await publish(databaseUrl, { users: 10_000, posts: 100, comments: 1_000 });
  }
  const redis = await startRedis();
  const reading = startChild(0, 'entities/reading.js', {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    ROUNDS: process.argv[2],
  });
  const { costs } = await answer<Done>(reading, 'done');
  const [first = []] = Object.values(costs);
  for (const [name, own] of Object.entries(costs)) {
    const ratio = median(own.map((cost, round) => cost / (first[round] ?? NaN)));
    console.log(
      `${name.padEnd(24)} ${(median(own) * 1_000).toFixed(1)} µs of the processor for 20 rows   ${ratio.toFixed(3)} of PostgreSQL`,
    );
  }
} finally {
  await close();
}
