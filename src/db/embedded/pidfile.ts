import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, ifPresent } from './files.js';
import { run } from './run.js';

/** A server that runs: its postmaster's process id and its TCP port on 127.0.0.1. */
export interface Server {
  readonly pid: number;
  readonly port: number;
}

/** How long a server may take to get ready (recovery after a crash) or to stop, in milliseconds. */
export const startPatience = 120_000;

/** What postmaster.pid says; the port is absent for the first milliseconds of a start. */
export interface PidFile {
  readonly pid: number;
  readonly port: number | undefined;
  /** `starting`, `ready`, `standby` or `stopping`. */
  readonly status: string | undefined;
}

/** The file in the cluster in which PostgreSQL itself writes who serves it, where, and whether it is ready. */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await ifPresent(readFile(join(data, 'postmaster.pid'), 'utf8'));
  // Lines: pid, data directory, start time, port, socket directory, address, shared memory, status.
  const lines = text?.split('\n').map((line) => line.trim()) ?? [];
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]) || undefined, status: lines[7] };
}

/**
 * The server that serves this cluster, awaited when it is on its way up or down. Only to be called under the lock.
 *
 * A postmaster.pid survives kill -9 and reboots, and its number may be somebody else's by now. PostgreSQL takes
 * any living process of the same user for its own and refuses to start, so such a file is removed. A dead number
 * is left to PostgreSQL, which also looks for orphaned backends (and does so without the file, too, since 12).
 *
 * @throws Error when it is neither ready nor gone after `startPatience`
 */
export async function findServer(data: string): Promise<Server | undefined> {
  const deadline = Date.now() + startPatience;
  for (;;) {
    const file = await readPidFile(data);
    if (file === undefined || !isAlive(file.pid)) return undefined;
    if (!(await serves(file.pid, data))) {
      await rm(join(data, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (file.status === 'ready' && file.port !== undefined) return { pid: file.pid, port: file.port };
    if (Date.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${file.pid}, cluster ${data}) has been ${file.status ?? 'starting'} for ` +
          `${startPatience / 1000} s. Its log is beside the cluster, in log/; start again when it is done.`,
      );
    }
    await sleep(20);
  }
}

/** The port of the last start, from the command line that PostgreSQL notes in postmaster.opts. */
export async function lastPort(data: string): Promise<number | undefined> {
  const text = await ifPresent(readFile(join(data, 'postmaster.opts'), 'utf8'));
  return Number(/"-p" "(\d+)"/.exec(text ?? '')?.[1]) || undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Whether that process is the postmaster of this cluster, by the `-D` we give it. */
async function serves(pid: number, data: string): Promise<boolean> {
  const line = await commandLine(pid);
  return line === undefined || line.includes(`-D ${data} `);
}

/** A process's command line, '' when there is no such process, undefined where we cannot ask (Windows). */
async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux')
    return (await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).output;
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    // Gone meanwhile, or another user's in a /proc mounted with hidepid: not ours either way.
    return '';
  }
}
