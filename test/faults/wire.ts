import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to PostgreSQL, or to Redis, on which connections and words are lost. */
export interface Wire {
  /** The same address, over this way. */
  readonly url: string;
  /** How many connections there are. */
  count(): number;
  /** Ends all connections. */
  end(how: 'destroy' | 'resetAndDestroy'): void;
  /** Resets every connection that says something with these words in it. @param words undefined: none. */
  resetAt(words: string | undefined): void;
  /** Keeps what has these words in it from arriving. @param words undefined: nothing. */
  swallow(words: string | undefined): void;
  /** How often something was swallowed. */
  swallowed(): number;
  close(): void;
}

/** Lays one. */
export async function layWire(address: string): Promise<Wire> {
  const { hostname, port } = new URL(address);
  const open = new Set<Socket>();
  let fatal: string | undefined;
  let unheard: string | undefined;
  let swallowed = 0;
  const server = createServer((socket) => {
    const upstream = connect(Number(port), hostname);
    open.add(socket);
    socket.on('close', () => open.delete(socket) && upstream.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (said: Buffer) => {
      if (fatal !== undefined && said.includes(fatal)) socket.resetAndDestroy();
      else if (unheard !== undefined && said.includes(unheard)) swallowed += 1;
      else upstream.write(said);
    });
    upstream.on('error', () => undefined);
    upstream.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(address);
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url: url.href,
    count: () => open.size,
    end: (how) => open.forEach((socket) => socket[how]()),
    resetAt(words) {
      fatal = words;
    },
    swallow(words) {
      unheard = words;
    },
    swallowed: () => swallowed,
    close: () => void server.close(),
  };
}
