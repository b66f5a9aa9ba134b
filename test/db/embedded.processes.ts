import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdtemp, readFile, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { z } from 'zod';

const fixture = fileURLToPath(new URL('embedded.fixture.ts', import.meta.url));

/** One line of the fixture. */
const message = z.object({
  url: z.string().optional(),
  left: z.literal(true).optional(),
  signal: z.string().optional(),
  error: z.string().optional(),
});
type Message = z.infer<typeof message>;

/** A child process that joins. */
export interface Joiner {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves with its next line. */
  next(): Promise<Message>;
  /** Resolves with the url it joined, rejects with the error it met. */
  url(): Promise<string>;
  /** Makes it leave, and end. */
  leave(): Promise<void>;
  /** Sends a signal to it and waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

type OnFinished = (cleanUp: () => Promise<void>) => void;

/** Everything a test has of its own: a data folder, and the processes that join it. Leaves nothing behind. */
export interface Scene {
  /** The data folder. */
  readonly folder: string;
  /** Where the cluster is, once it is made. */
  data(): Promise<string>;
  joiner(options?: { detached?: boolean }): Joiner;
  /** Runs `work` with a connection to `url`. */
  query<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T>;
  /** The postmaster's pid and those of all its children; empty when no server runs. */
  serverPids(): Promise<number[]>;
}

/** Those of the processes that still run. A zombie does not: init of a container may never reap it. */
export async function living(pids: readonly number[]): Promise<number[]> {
  const all = await processes();
  return pids.filter((pid) => all.has(pid));
}

/**
 * @param from a data folder, with no server on it, to begin with a copy of: 0.1 s instead of a first start
 * @param mode permissions of the folder that holds the data folder; 0711 lets root's server user through
 */
export async function setScene(
  onFinished: OnFinished,
  { from, mode = 0o711 }: { from?: string; mode?: number } = {},
): Promise<Scene> {
  const outer = await mkdtemp(join(tmpdir(), 'tidings-embedded-'));
  await chmod(outer, mode);
  const folder = join(outer, 'data');
  // cp and not fs.cp: owners must be the same, too.
  if (from !== undefined) await once(spawn('cp', ['-a', from, folder]), 'close');
  const joiners: Joiner[] = [];
  const home = async (): Promise<string> => realpath(join(folder, 'postgres'));
  const data = async (): Promise<string> => join(await home(), 'data');

  const serverPids = async (): Promise<number[]> => {
    const text = await readFile(join(await data(), 'postmaster.pid'), 'utf8').catch(() => '');
    const postmaster = Number(text.split('\n')[0]);
    const all = await processes();
    if (!all.has(postmaster)) return [];
    return [postmaster, ...[...all].filter(([, parent]) => parent === postmaster).map(([pid]) => pid)];
  };

  onFinished(async () => {
    await Promise.all(joiners.map(async (joiner) => joiner.kill('SIGKILL')));
    for (const pid of await serverPids().catch(() => [])) killQuietly(pid, 'SIGKILL');
    const isElsewhere = await lstat(join(folder, 'postgres')).then(
      (entry) => entry.isSymbolicLink(),
      () => false,
    );
    if (isElsewhere) {
      await rm(await home(), { recursive: true, force: true });
      // Only when it was ours alone.
      await rmdir('/var/lib/tidings').catch(() => undefined);
    }
    await rm(outer, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  return {
    folder,
    data,
    serverPids,
    joiner: (options = {}) => {
      const joiner = startJoiner(folder, options.detached ?? false);
      joiners.push(joiner);
      return joiner;
    },
    query: async (url, work) => {
      const sql = postgres(url, { max: 1, onnotice: () => undefined });
      try {
        return await work(sql);
      } finally {
        await sql.end();
      }
    },
  };
}

function startJoiner(folder: string, detached: boolean): Joiner {
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, folder], {
    detached,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, 'close');

  const next = async (): Promise<Message> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the joiner ended, having said:\n${complaints}`);
    return message.parse(JSON.parse(line.value));
  };
  return {
    child,
    pid: child.pid ?? 0,
    next,
    url: async () => {
      const { url, error } = await next();
      if (url === undefined) throw new Error(error ?? 'neither url nor error');
      return url;
    },
    leave: async () => {
      child.stdin.write('leave\n');
      const answer = await next();
      if (answer.left !== true) throw new Error(answer.error ?? `not left: ${JSON.stringify(answer)}`);
      await ended;
    },
    kill: async (signal) => {
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await ended;
    },
  };
}

/** Sends a signal, 0 included, and says whether there was such a process. */
export function killQuietly(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** All processes that are not zombies, pid to parent pid: from /proc, or `ps` where there is none. */
async function processes(): Promise<Map<number, number>> {
  const table = new Map<number, number>();
  if (process.platform === 'linux') {
    for (const name of await readdir('/proc')) {
      const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      const [, state, parent] = /\) (\S) (\d+)/.exec(text) ?? [];
      if (/^\d+$/.test(name) && state !== undefined && state !== 'Z') table.set(Number(name), Number(parent));
    }
    return table;
  }
  const ps = spawn('ps', ['-axo', 'pid=,ppid=']);
  for await (const line of createInterface(ps.stdout)) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent !== undefined) table.set(pid, parent);
  }
  return table;
}
