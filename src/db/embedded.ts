import { dirname, join } from 'node:path';
import { packagedBinaries, runnableBinaries, type Binaries } from './embedded/binaries.js';
import { databaseName, ensureCluster, readPassword } from './embedded/cluster.js';
import { messageOf } from './embedded/files.js';
import { takeLease, type Lease } from './embedded/lease.js';
import { withLock } from './embedded/lock.js';
import { findServer, type Server } from './embedded/pidfile.js';
import { placeCluster, rootStore } from './embedded/place.js';
import { startServer, stopServer } from './embedded/server.js';

/** A running embedded server, as long as this process has not left it. */
export interface EmbeddedPostgres {
  /**
   * `postgres://tidings:<password>@127.0.0.1:<port>/tidings`. The role owns the database and may create others;
   * it is no superuser, as in production. The port stays the same from start to start while it is free.
   */
  readonly url: string;
  /**
   * Lets go. The last process to leave stops the server (fast shutdown: other sessions are ended), the others
   * leave it running. Idempotent.
   *
   * @throws Error when the server did not stop
   */
  leave(): Promise<void>;
}

/** How to join an embedded server. */
export interface EmbeddedPostgresOptions {
  /** The data folder, made when absent; the database goes to `postgres/` in it. One folder, one machine. */
  readonly dataDir: string;
  /** PostgreSQL settings, such as `{ fsync: 'off' }` for tests; only the process that starts the server gives them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Receives what an operator may want to know, one line at a time; never a secret. */
  readonly log?: (line: string) => void;
}

/** How soon a lost server is looked after, and the longest pause between further attempts; milliseconds. */
const recovery = { first: 500, longest: 30_000 } as const;

/**
 * Joins the PostgreSQL server of a data folder: makes the cluster when there is none, starts the server when none
 * runs. Any number of processes (and callers in one) may join the same folder; they share one server, which
 * survives the end of each of them, and signals to their process group, until the last one leaves.
 *
 * Should the server die while joined, it is started again on the same port. The connection that holds this
 * process's share does not keep the process alive.
 *
 * @throws Error that says what failed, where, and what to do; with the server's last words when it did not start
 */
export async function joinEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, settings = {}, log = () => undefined } = options;
  const packaged = await packagedBinaries();
  const place = await placeCluster(dataDir);
  const data = join(place.home, 'data');
  const store = place.user === undefined ? dirname(place.home) : rootStore;
  const programs = async (): Promise<Binaries> => runnableBinaries(packaged, place.user, store, log);
  const locked = async <T>(work: () => Promise<T>): Promise<T> => withLock(place.home, log, work);

  const complain = (error: unknown): void => {
    log(messageOf(error));
  };

  let lease: Lease | undefined;
  let leaving: Promise<void> | undefined;

  /** Starts the server when none runs, and takes a lease on it. With a port: on no other. */
  const enter = async (port?: number): Promise<string> => {
    const running = await findServer(data);
    const server = running ?? (await start(port));
    try {
      if (port !== undefined && server.port !== port) throw new Error(`it is on port ${server.port} now`);
      const password = await readPassword(place.home);
      lease = await takeLease(server.port, password, recover);
      return `postgres://${databaseName}:${password}@127.0.0.1:${server.port}/${databaseName}`;
    } catch (error) {
      // Nobody's lease would ever stop it.
      if (running === undefined) await stopServer(place, await programs()).catch(complain);
      throw error;
    }
  };

  const start = async (port: number | undefined): Promise<Server> => {
    const binaries = await programs();
    // Only a first join may make a cluster: a folder deleted under our feet does not come back empty.
    if (port === undefined) await ensureCluster(place, binaries, settings['fsync'] !== 'off', log);
    const server = await startServer({ place, binaries, settings, port });
    log(`PostgreSQL ${packaged.version} serves ${place.home} on 127.0.0.1:${server.port}`);
    return server;
  };

  /** Keeps the promise of `url` when the server died, or only our connection to it. */
  const recover = (pause: number = recovery.first): void => {
    lease = undefined;
    if (leaving !== undefined) return;
    const attempt = async (): Promise<void> => {
      try {
        await locked(async () => (leaving === undefined ? enter(port) : undefined));
      } catch (error) {
        log(`PostgreSQL on 127.0.0.1:${port} is lost: ${messageOf(error)}`);
        recover(Math.min(pause * 2, recovery.longest));
      }
    };
    setTimeout(() => void attempt(), pause).unref();
  };

  const leaveLocked = async (): Promise<void> => {
    const server = await findServer(data);
    if (server === undefined) return;
    const last = lease ?? (await takeLease(server.port, await readPassword(place.home), () => undefined));
    if ((await last.end()) > 0) return;
    await stopServer(place, await programs());
    log(`PostgreSQL on 127.0.0.1:${server.port} stopped`);
  };

  const leave = async (): Promise<void> => {
    try {
      await locked(leaveLocked);
    } catch (error) {
      await lease?.end().catch(complain);
      throw new Error(
        `Could not leave the PostgreSQL of ${place.home}: ${messageOf(error)}. ` +
          `Should it still run, the next process that starts there joins it, and the last to leave stops it.`,
        { cause: error },
      );
    }
  };

  const url = await locked(async () => enter());
  const port = Number(new URL(url).port);
  return {
    url,
    leave: async () => (leaving ??= leave()),
  };
}
