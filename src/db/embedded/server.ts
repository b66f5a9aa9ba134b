import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { lastWords, startLog } from './log-tail.js';
import { lastPort, readPidFile, startPatience, type Server } from './pidfile.js';
import type { Place } from './place.js';
import { environment, identity, run } from './run.js';

/** Everything a start needs to know. */
export interface Launch {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly settings: Readonly<Record<string, string>>;
  /** The only port that will do; otherwise the last one when it is free, else any. */
  readonly port: number | undefined;
}

/** Overridden by `settings` of the caller. The log is one file per weekday, each overwritten after a week. */
const defaults = {
  cluster_name: 'tidings',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'on',
  log_directory: '../log',
  log_filename: 'postgresql-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
} as const;

/** Not overridden: no other machine reaches the server, and no socket path can be too long (107 bytes on Linux). */
const fixed = { listen_addresses: '127.0.0.1', unix_socket_directories: '' } as const;

/** How often another port is tried when somebody took ours between looking and starting. */
const portAttempts = 5;

/** How long backends that survived their postmaster's kill -9 may take to notice, in milliseconds. */
const orphanPatience = 15_000;

/**
 * Starts the server as a daemon: a session of its own, so that no signal of a terminal or process group reaches
 * it, and nothing of this process held open. Only to be called under the lock, when none runs.
 *
 * Spawned directly and not by `pg_ctl start`: that needs a shell, and looks ten times a second where we look fifty.
 *
 * @throws Error with the server's last words when it does not get ready
 */
export async function startServer(launch: Launch): Promise<Server> {
  const { place, port: required } = launch;
  const data = join(place.home, 'data');
  const began = Date.now();
  let attempt = 1;
  for (;;) {
    const port = required ?? (await freePort(attempt === 1 ? await lastPort(data) : undefined));
    const server = await launchOn(port, launch);
    if (server !== undefined) return server;

    const words = await lastWords(place.home, began);
    if (words.includes('pre-existing shared memory block') && Date.now() < began + orphanPatience) {
      await sleep(250);
    } else if (required === undefined && attempt < portAttempts && !(await isFree(port))) {
      attempt += 1;
    } else {
      throw new Error(
        `PostgreSQL did not start on 127.0.0.1:${port} with the cluster ${data}. Its last words were:\n${words}\n` +
          `The whole log is in ${place.home} (${startLog}, log/). Put that right and start again, or set DATABASE_URL.`,
      );
    }
  }
}

/**
 * Stops the server: sessions are ended, transactions rolled back, everything written ("fast").
 *
 * @throws Error when it has not stopped after a minute
 */
export async function stopServer({ home, user }: Place, binaries: Binaries): Promise<void> {
  const data = join(home, 'data');
  const { code, output } = await run(
    binaries.pgCtl,
    ['stop', '-D', data, '-m', 'fast', '-w', '-t', '60', '-s'],
    user,
  );
  if (code === 0) return;
  throw new Error(
    `PostgreSQL with the cluster ${data} did not stop: ${output.trim()}. Its log is in ${join(home, 'log')}; ` +
      `stop it with: pg_ctl stop -m immediate -D ${data}`,
  );
}

/** The server once it is ready; undefined when it gave up. */
async function launchOn(port: number, { place, binaries, settings }: Launch): Promise<Server | undefined> {
  const { home, user } = place;
  const data = join(home, 'data');
  const values = Object.entries({ ...defaults, ...settings, ...fixed });
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...values.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
  const output = await open(join(home, startLog), O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  try {
    const child = spawn(binaries.postgres, args, {
      ...identity(user),
      env: environment,
      cwd: '/',
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    child.unref();
    await once(child, 'spawn');
    return await untilReady(child, data);
  } finally {
    await output.close();
  }
}

/** When the pid file says that it takes connections. Recovery after a crash may take long. */
async function untilReady(child: ChildProcess, data: string): Promise<Server | undefined> {
  const deadline = Date.now() + startPatience;
  while (child.exitCode === null && child.signalCode === null) {
    const file = await readPidFile(data);
    if (file?.pid === child.pid && file?.status === 'ready' && file.port !== undefined) {
      return { pid: file.pid, port: file.port };
    }
    if (Date.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${child.pid}, cluster ${data}) is not ready after ${startPatience / 1000} s and goes on; ` +
          `its log is beside the cluster, in log/. Start again when it is done.`,
      );
    }
    await sleep(20);
  }
  return undefined;
}

async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  return (await listenBriefly(0)) ?? 0;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenBriefly(port)) !== undefined;
}

/** The port that could be listened on, or undefined when it is taken. */
async function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(undefined);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : undefined);
      });
    });
  });
}
