import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { vi } from 'vitest';
import { killQuietly } from '../db/embedded.processes.js';
import { ROOT } from '../kit/checkout.js';

/** What a process said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of ours. */
export interface Running {
  readonly child: ChildProcess;
  readonly endpoint: string;
  said(): string;
  /** Asks for the titles of the newest posts until the instance answers. Milliseconds since it was started. */
  firstAnswer(): Promise<number>;
  /** Ends it, and whatever it started in its process group, at once. */
  kill(): void;
  /** Resolves when the process, and everything that holds its output, has ended. */
  ended(): Promise<Ended>;
}

/** The environment of this process without what belongs to the test run, so that each instance is set up by its test only. */
function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(TIDINGS_|VITEST|NODE_ENV$|PORT$|HOST$|DATABASE_URL$|AUTH_SECRET|REDIS_URL$|TRUSTED_PROXIES$|ALLOWED_ORIGINS$|LOG_LEVEL$|FORCE_COLOR$)/.test(
        name,
      ),
  );
  return { ...Object.fromEntries(inherited), LOG_LEVEL: 'warn', ...settings };
}

const SOURCES = { serve: 'src/main.ts', tidings: 'src/cli/tidings.ts' } as const;

/**
 * Starts a process of ours: `npm` as somebody at a terminal does, in a process group of its own, the others directly.
 */
export function start(
  what: 'npm' | keyof typeof SOURCES,
  settings: Record<string, string>,
  args: readonly string[] = [],
): Running {
  const began = performance.now();
  const [file, ...words] =
    what === 'npm' ? ['npm', 'start'] : [process.execPath, '--import', 'tsx', SOURCES[what], ...args];
  const child = spawn(file ?? '', words, {
    cwd: ROOT,
    env: environment(settings),
    detached: what === 'npm',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');
  const endpoint = `http://localhost:${settings['PORT'] ?? ''}/graphql`;
  return {
    child,
    endpoint,
    said: () => stdout + stderr,
    async firstAnswer() {
      return vi.waitFor(
        async () => {
          if (child.exitCode !== null)
            return Promise.reject(new Error(`It ended and said: ${stdout}${stderr}`));
          await titles(endpoint);
          return performance.now() - began;
        },
        { timeout: 45_000, interval: 25 },
      );
    },
    kill() {
      if (what !== 'npm') child.kill('SIGKILL');
      else if (child.pid !== undefined) killQuietly(-child.pid, 'SIGKILL');
    },
    async ended() {
      await closed;
      return { code: child.exitCode, stdout, stderr };
    },
  };
}

/** The titles of an instance's newest posts. */
export async function titles(endpoint: string): Promise<readonly string[]> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ posts(first: 20) { nodes { title } } }' }),
  });
  const { data } = (await response.json()) as { data: { posts: { nodes: readonly { title: string }[] } } };
  return data.posts.nodes.map(({ title }) => title);
}
