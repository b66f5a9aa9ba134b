import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../kit/database.js';
import { createDemoDatabase } from '../kit/demo.js';
import { startInstance } from '../kit/processes.js';
import { type Proxy, startProxy } from '../kit/proxy.js';
import { connect } from '../kit/sockets.js';
import { until } from '../kit/until.js';

/** What an instance promises to whoever ends it. */
const LONGEST_DRAIN = 10_000;

const QUERY = '{ posts(first: 1) { nodes { id } } }';

let database: TestDatabase;
let proxy: Proxy;
beforeAll(async () => {
  database = await createDemoDatabase();
  const { hostname, port } = new URL(database.url);
  proxy = await startProxy({ host: hostname, port: Number(port) });
});
afterAll(async () => {
  await proxy?.close();
  await database?.drop();
});

describe('an instance whose database hangs', () => {
  it('ends in time when it is told to, with all that it does', { timeout: 60_000 }, async () => {
    const instance = await startInstance({
      DATABASE_URL: proxy.through(database.url),
      TIDINGS_DEMO_REPLAY: '1',
    });
    try {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => connect(instance)));
      const replayed = async () =>
        (
          await sockets[0]?.ask<{ posts: { nodes: { title: string }[] } }>(
            '{ posts(first: 1) { nodes { title } } }',
          )
        )?.data.posts.nodes[0]?.title.endsWith('(replay)') === true;
      await until('the replay has begun', replayed);
      proxy.blackHole(true);
      const asked = fetch(instance.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY }),
      }).catch(() => undefined);
      for (const socket of sockets) socket.start(QUERY);
      // It is at all of that.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { code, milliseconds } = await instance.stop();
      expect(instance.said()).not.toContain('took too long');
      expect(code).toBe(0);
      expect(milliseconds).toBeLessThan(LONGEST_DRAIN);
      await asked;
    } finally {
      proxy.blackHole(false);
      await instance.kill();
    }
  });
});
