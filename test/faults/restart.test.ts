import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../kit/app.js';
import { createPerson, type Person } from '../kit/people.js';
import { type InstanceProcess, startInstance } from '../kit/processes.js';
import { type Proxy, startProxy } from '../kit/proxy.js';
import { until } from '../kit/until.js';
import { type MortalPostgres, needsReplica, startMortal, withoutReplica } from './replica.js';

const BACK_WITHIN = 2_000;

interface Outcome {
  readonly status: number;
  /** Of its first error. */
  readonly code: string | undefined;
  readonly retryAfter: string | null;
  readonly milliseconds: number;
}

let server: MortalPostgres;
let proxy: Proxy;
/** One that reaches it at once, and one through the proxy. */
let near: InstanceProcess;
let far: InstanceProcess;
let person: Person;
let sql: postgres.Sql;
const send = async (
  instance: InstanceProcess,
  query: string,
  variables: object,
  headers: object,
): Promise<Outcome> => {
  const began = performance.now();
  const response = await fetch(instance.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { errors } = (await response.json()) as Answer<never>;
  return {
    code: errors?.[0]?.extensions.code,
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    milliseconds: performance.now() - began,
  };
};

const read = (instance: InstanceProcess) =>
  send(instance, 'query { posts(first: 1) { nodes { id } } }', {}, {});

/** Writes a post whose title nobody else uses. */
const write = (instance: InstanceProcess, title: string) =>
  send(
    instance,
    'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id } } }',
    { input: { title, body: 'Text', language: 'en' } },
    { authorization: `Bearer ${person.accessToken}` },
  );

const titles = async (): Promise<readonly string[]> =>
  (await sql<{ title: string }[]>`select title from posts`).map(({ title }) => title);

/** Reads until it is served. @returns after how many milliseconds. */
async function untilServed(instance: InstanceProcess): Promise<number> {
  const began = performance.now();
  await until('it serves', async () => (await read(instance)).code === undefined);
  return performance.now() - began;
}

describe.skipIf(withoutReplica)(`while PostgreSQL is away${needsReplica}`, () => {
  beforeAll(async () => {
    server = await startMortal();
    const { hostname, port } = new URL(server.url);
    proxy = await startProxy({ host: hostname, port: Number(port) });
    [near, far] = (await Promise.all(
      [server.url, proxy.through(server.url)].map((url) =>
        startInstance({ DATABASE_URL: url, TIDINGS_POOL_SIZE: '4' }),
      ),
    )) as [InstanceProcess, InstanceProcess];
    sql = postgres(server.url, { max: 1, onnotice: () => undefined });
    person = await createPerson({ app: near, sql }, 'AUTHOR');
  }, 120_000);
  afterAll(async () => {
    await sql?.end();
    await Promise.all([near?.kill(), far?.kill()]);
    await proxy?.close();
    await server?.stop();
  });

  it(
    'crashed: everything is UNAVAILABLE soon, and served again within two seconds of its return',
    { timeout: 120_000 },
    async () => {
      expect((await read(near)).code).toBeUndefined();
      await server.crash();
      for (let times = 0; times < 3; times += 1) {
        const outcomes = await Promise.all([read(near), read(near), write(near, 'While it is away')]);
        expect(outcomes[2]?.status).toBe(503);
        for (const { code, milliseconds } of outcomes) {
          expect(code).toBe('UNAVAILABLE');
          expect(milliseconds).toBeLessThan(3_000);
        }
      }
      await server.start();
      const served = await untilServed(near);
      expect(served).toBeLessThan(BACK_WITHIN);
      expect(near.isRunning()).toBe(true);
    },
  );

  it(
    'swallowed by the network: what got no connection is answered with 503, and never done',
    { timeout: 120_000 },
    async () => {
      await untilServed(far);
      proxy.cut();
      proxy.blackHole(true);
      const names = Array.from({ length: 12 }, () => randomUUID());
      const outcomes = await Promise.all(names.map((name) => write(far, name)));
      for (const { status, retryAfter, milliseconds } of outcomes) {
        expect(status).toBe(503);
        expect(Number(retryAfter)).toBeGreaterThan(0);
        expect(milliseconds).toBeLessThan(5_000);
      }
      proxy.blackHole(false);
      expect(await untilServed(far)).toBeLessThan(BACK_WITHIN);
      await until('writing is served', async () => (await write(far, 'After all')).code === undefined);
      const there = await titles();
      expect(there).toContain('After all');
      expect(names.filter((name) => there.includes(name))).toEqual([]);
    },
  );
});
