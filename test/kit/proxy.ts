import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A TCP proxy that a test can spoil. */
export interface Proxy {
  readonly port: number;
  /** The same address, through the proxy. */
  through(url: string): string;
  /** From now on every byte, and every end, arrives this much later. @param milliseconds 0: at once. */
  delay(milliseconds: number): void;
  /**
   * While it is on, connections are accepted and stay open, and nothing passes: no byte, no end. What was held passes
   * when it is off again.
   */
  blackHole(on: boolean): void;
  /** Resets all connections. New ones are accepted. */
  cut(): void;
  close(): Promise<void>;
}

/** Bytes on their way in one direction until no more are taken from the sender, as a network would. */
const MOST_UNDER_WAY = 65_536;

/** What all connections of a proxy suffer. */
interface Weather {
  delay: number;
  /** Resolves when things pass. */
  clear: Promise<void>;
}

/** Hands on what one side says to the other, in order. */
function carry(from: Socket, to: Socket, weather: Weather): void {
  let tail = Promise.resolve();
  let underWay = 0;
  const handOn = (act: () => void | Promise<void>): void => {
    const due = performance.now() + weather.delay;
    const before = tail;
    tail = (async () => {
      await before;
      const early = due - performance.now();
      if (early > 0) await pause(early, undefined, { ref: false });
      await weather.clear;
      await act();
    })();
  };
  from.on('data', (chunk: Buffer) => {
    underWay += chunk.length;
    if (underWay > MOST_UNDER_WAY) from.pause();
    handOn(async () => {
      await new Promise<void>((resolve) => to.write(chunk, () => resolve()));
      underWay -= chunk.length;
      from.resume();
    });
  });
  from.on('end', () => handOn(() => void to.end()));
  from.on('close', () => handOn(() => void to.destroy()));
  from.on('error', () => undefined);
}

/** Starts a proxy on a free port of this machine. */
export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const weather: Weather = { delay: 0, clear: Promise.resolve() };
  let clearUp = (): void => undefined;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    carry(client, upstream, weather);
    carry(upstream, client, weather);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    port,
    through(url) {
      const changed = new URL(url);
      changed.host = `127.0.0.1:${port}`;
      return changed.href;
    },
    delay(milliseconds) {
      weather.delay = milliseconds;
    },
    blackHole(on) {
      clearUp();
      if (!on) return;
      weather.clear = new Promise((resolve) => {
        clearUp = resolve;
      });
    },
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      clearUp();
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
