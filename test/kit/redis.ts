import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { until } from './until.js';
import { freePort } from './ports.js';

const hasServer = spawnSync('redis-server', ['--version']).status === 0;

/** Whether tests that need Redis are skipped: nowhere but on a machine of one's own without it, never in CI. */
export const withoutRedis = !hasServer && process.env['CI'] === undefined;

/** The end of the name of a test that needs Redis. */
export const needsRedis = withoutRedis ? ' (skipped: no redis-server on the path)' : '';

/** A Redis of a test's own, which it may kill; nothing is kept on disk. */
export interface TestRedis {
  readonly url: string;
  /** Stops it without ending it: connections stay open, and nothing is answered. @param on false: it goes on. */
  freeze(on: boolean): void;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

async function untilItAnswers(url: string, server: ChildProcess): Promise<void> {
  await until(
    'redis-server answers',
    async () => {
      if (server.exitCode !== null) return true;
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.ping()) === 'PONG';
      } finally {
        client.disconnect();
      }
    },
    10_000,
  );
  if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}.`);
}

/** Starts a `redis-server` on a free port, or on the port given. */
export async function startRedis(port?: number): Promise<TestRedis> {
  const chosen = port ?? (await freePort());
  const server = spawn('redis-server', ['--port', String(chosen), '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  const ended = once(server, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.kill(signal);
    await ended;
  };
  const url = `redis://127.0.0.1:${chosen}`;
  try {
    await untilItAnswers(url, server);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    url,
    freeze: (on) => void server.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
