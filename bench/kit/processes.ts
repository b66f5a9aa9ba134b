/** The processes of the bench: servers on the first core, the load on the second. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '../../test/kit/ports.js';
import { every } from '../../src/lib/every.js';

/** Milliseconds between two looks at what a server holds. */
const LOOK_INTERVAL = 100;

/** What a server says. */
export type ServerReport =
  | { readonly type: 'ready'; readonly url: string }
  /** Bytes: of the heap after collecting garbage, and of all that the process holds of buffers and the heap. */
  | { readonly type: 'heap'; readonly heapUsed: number; readonly held: number }
  /** Milliseconds of the processor that it has taken since its start; bytes of memory that it holds now. */
  | { readonly type: 'processor'; readonly milliseconds: number; readonly resident: number };

type ReportOf<Type extends ServerReport['type']> = Extract<ServerReport, { type: Type }>;

const children = new Set<ChildProcess>();

/** Ends what a bench that failed left behind. */
export const endAll = async (): Promise<void> => {
  await Promise.all([...children].map(end));
};

/** A process on a core of its own that is talked to over IPC. @param file in bench/. */
export function startChild(
  core: number,
  file: string,
  env: NodeJS.ProcessEnv,
  ...args: string[]
): ChildProcess {
  const compiler = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(
    'taskset',
    ['-c', String(core), process.execPath, '--expose-gc', ...compiler, `bench/${file}`, ...args],
    { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  children.add(child);
  return child;
}

/** The next report of a type. */
export async function answer<Report extends { readonly type: string }>(
  child: ChildProcess,
  type: Report['type'],
): Promise<Report> {
  const heard = new AbortController();
  const ended = once(child, 'exit', heard).then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${String(code)}.`);
  });
  ended.catch(() => undefined);
  try {
    for (;;) {
      const [report] = (await Promise.race([once(child, 'message', heard), ended])) as [Report];
      if (report.type === type) return report;
    }
  } finally {
    heard.abort();
  }
}

/** Ends a process, and waits until it is gone. */
export const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
};

/** A server on the first core. */
export async function startServer(file: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = startChild(0, file, env, ...args);
  const ready = await answer<ReportOf<'ready'>>(child, 'ready');
  return { child, url: ready.url };
}

/** The product, as it is built. */
export const startProduct = (env: NodeJS.ProcessEnv) => startServer('kit/product.js', env);

/** Asks a server what it takes. */
export async function ask<Type extends 'heap' | 'processor'>(
  child: ChildProcess,
  type: Type,
): Promise<ReportOf<Type>> {
  const report = answer<ServerReport>(child, type);
  child.send({ type });
  return (await report) as ReportOf<Type>;
}

/** A Redis of our own. */
export async function startRedis(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  children.add(child);
  const url = `redis://127.0.0.1:${port}`;
  const redis = new Redis(url).on('error', () => undefined);
  await redis.ping();
  redis.disconnect();
  return { url, stop: () => end(child) };
}

/** The most that a server holds while something goes on, in bytes after collecting garbage. */
export async function mostHeld(child: ChildProcess, work: Promise<unknown>): Promise<number> {
  let most = 0;
  const looking = every(
    LOOK_INTERVAL,
    async () => {
      most = Math.max(most, (await ask(child, 'heap')).held);
      return undefined;
    },
    () => undefined,
  );
  await work;
  await looking.stop();
  return most;
}
