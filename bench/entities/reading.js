/** Reads the same rows by their keys, in ways that an entity cache could: a process of its own, which says what each takes. */
import { setImmediate } from 'node:timers/promises';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import postgres from 'postgres';

/** Rows of a page, batches at once, and milliseconds of a turn. */
const ROWS = 20;
const LANES = 16;
const TURN = 400;
/** Rows that are read, in turn. */
const MOST = 2_000;

const { DATABASE_URL = '', REDIS_URL = '', ROUNDS = '15' } = process.env;

const sql = postgres(DATABASE_URL, { max: 10, onnotice: () => undefined });
const redis = new Redis(REDIS_URL);
const keyOf = (/** @type {string} */ id) => `user:${id}`;

const users = await sql`select id, username, name, role, created_at from users limit ${MOST}`;
const ids = users.map(({ id }) => /** @type {string} */ (id));
const memory = new LRUCache({ max: MOST });
for (const user of users) {
  memory.set(user.id, user);
  await redis.set(keyOf(user.id), JSON.stringify(user));
}

const { hostname, port } = new URL(REDIS_URL);
const connection = { host: hostname, port: Number(port) };
/** @param {import('bentocache').BentoStore} store */
const bentoOf = async (store) => {
  const bento = new BentoCache({ default: 'store', stores: { store }, ttl: '1h' });
  for (const user of users) await bento.set({ key: keyOf(user.id), value: user });
  return bento;
};
const layered = await bentoOf(
  bentostore()
    .useL1Layer(memoryDriver({ maxItems: MOST }))
    .useL2Layer(redisDriver({ connection, prefix: 'layered' })),
);
const remote = await bentoOf(bentostore().useL2Layer(redisDriver({ connection, prefix: 'remote' })));

/** By their names. @type {Record<string, (page: string[]) => unknown>} */
const ways = {
  'PostgreSQL, by key': (page) =>
    sql`select id, username, name, role, created_at from users where id = any(${page}::uuid[])`,
  'Redis, MGET and JSON': async (page) =>
    (await redis.mget(page.map(keyOf))).map((text) => JSON.parse(text ?? 'null')),
  'bentocache, from Redis': (page) => Promise.all(page.map((id) => remote.get({ key: keyOf(id) }))),
  'bentocache, from memory': (page) => Promise.all(page.map((id) => layered.get({ key: keyOf(id) }))),
  'a Map, bounded': (page) => page.map((id) => memory.get(id)),
};

/** Milliseconds of the processor for a page. @param {(page: string[]) => unknown} way */
async function ride(way, milliseconds = TURN) {
  let pages = 0;
  const end = performance.now() + milliseconds;
  const before = process.cpuUsage();
  const lane = async (/** @type {number} */ number) => {
    for (let turn = number; performance.now() < end; turn += LANES) {
      const start = (turn * ROWS) % (ids.length - ROWS);
      const rows = /** @type {unknown[]} */ (await way(ids.slice(start, start + ROWS)));
      if (rows.length !== ROWS || rows.includes(undefined)) throw new Error('Rows are missing.');
      pages += 1;
      // What never waits would let nobody else.
      if (pages % 100 === 0) await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / pages;
}

for (const way of Object.values(ways)) await ride(way, 2_000);
/** @type {Record<string, number[]>} */
const costs = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let round = 0; round < Number(ROUNDS); round += 1) {
  for (const [name, way] of Object.entries(ways)) costs[name]?.push(await ride(way));
}
process.send?.({ type: 'done', costs }, () => process.exit(0));
