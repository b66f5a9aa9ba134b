import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { databaseName } from './cluster.js';
import { codeOf, messageOf } from './files.js';

/** One open connection that says: this process uses the server. The kernel closes it however the process ends. */
export interface Lease {
  /** Gives it up, and says how many others there are. When this resolves the server counts it no more. */
  end(): Promise<number>;
}

/** The application_name of leases, by which `select * from pg_stat_activity` finds them, too. */
const leaseName = 'tidings-lease';

/** Keeps a slow server (recovering backends, all connections taken) from failing a join at once; milliseconds. */
const patience = 30_000;

/** cannot_connect_now (starting up, recovering), too_many_connections, and a reset in the middle of either. */
const passing = new Set(['57P03', '53300', 'ECONNRESET', 'CONNECTION_CLOSED']);

/**
 * Takes a lease. Its connection is to the maintenance database, so that it never stands in the way of dropping
 * `tidings` or using it as a template, and does not keep the Node process alive.
 *
 * @param onLost called when the connection breaks before `end()`
 * @throws Error when the server does not let us in
 */
export async function takeLease(port: number, password: string, onLost: () => void): Promise<Lease> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await connectLease(port, password, onLost);
    } catch (error) {
      if (!passing.has(codeOf(error) ?? '') || Date.now() > deadline) {
        throw new Error(
          `PostgreSQL on 127.0.0.1:${port} runs, but did not let this process in: ${messageOf(error)}. ` +
            `Its log is in the data folder (postgres/log).`,
          { cause: error },
        );
      }
      await sleep(100);
    }
  }
}

async function connectLease(port: number, password: string, onLost: () => void): Promise<Lease> {
  let state: 'connecting' | 'held' | 'ended' = 'connecting';
  // Our own socket, because postgres.js's cannot be unref'ed. A client serves one connection only: one whose
  // socket function has failed once stays "connecting" for ever (3.4.9, src/connection.js, connect()).
  const socket = await openSocket(port);
  const options: postgres.Options<Record<string, postgres.PostgresType>> & { socket: () => Socket } = {
    socket: () => socket,
    host: '127.0.0.1',
    port,
    user: databaseName,
    password,
    database: 'postgres',
    connection: { application_name: leaseName },
    max: 1,
    ssl: false,
    // Its timers would close the lease, or keep the process alive.
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: 10,
    fetch_types: false,
    onnotice: () => undefined,
    onclose: () => {
      if (state === 'held') onLost();
      state = 'ended';
    },
  };
  const sql = postgres(options);
  try {
    await sql`select 1`;
  } catch (error) {
    socket.destroy();
    throw error;
  }
  state = 'held';
  socket.unref();
  return {
    end: async () => {
      if (state === 'ended') return 0;
      state = 'ended';
      // Without this a process that waits for nothing else would end here, before it has stopped the server.
      socket.ref();
      // Closing takes effect when the backend gets to it, a new name at once: whoever counts next counts right.
      const [row] = await sql<{ others: number }[]>`
        select set_config('application_name', 'tidings-left', false), (
          select count(*)::int from pg_stat_activity
          where application_name = ${leaseName} and pid <> pg_backend_pid()
        ) as others`;
      await sql.end({ timeout: 5 });
      return row?.others ?? 0;
    },
  };
}

async function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', reject);
    socket.once('connect', () => {
      resolve(socket);
    });
  });
}
