import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** A way to a database that can be cut, or swallow everything without a word. */
export interface Proxy {
  /** The database's address, through here. */
  readonly url: string;
  /** From now on nothing that is sent arrives, on old connections and new ones, and nobody is told. */
  swallow(): void;
  /** Ends all connections and takes no new ones. */
  cut(): Promise<void>;
  /** Lets everything through again, what was held back first. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Stands between an instance and the database at `target`. */
export async function openProxy(target: string): Promise<Proxy> {
  const there = new URL(target);
  const sockets = new Set<Socket>();
  let swallowing = false;

  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (swallowing) socket.pause();
    return socket;
  };
  const server = createServer((client) => {
    const database = connect(Number(there.port), there.hostname);
    track(client).pipe(track(database)).pipe(client);
    if (swallowing) for (const socket of [client, database]) socket.unpipe().pause();
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
    halves.push([client, database]);
  });
  const halves: [Socket, Socket][] = [];
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const port = await listen(0);
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;

  const cut = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    if (closed) server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: url.href,
    swallow() {
      swallowing = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    cut,
    async heal() {
      swallowing = false;
      if (!server.listening) await listen(port);
      for (const [client, database] of halves) {
        client.pipe(database);
        database.pipe(client);
      }
    },
    close: cut,
  };
}
