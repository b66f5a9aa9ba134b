import { Socket } from 'node:net';

/** Milliseconds between two looks. */
const INTERVAL = 1_000;

/** Where postgres.js wants to connect: one of several servers, or a socket of this machine. */
interface Destination {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

/** The sockets of a client. */
export interface Sockets {
  /** Makes one, for postgres.js. */
  make(this: void, destination: Destination): Socket;
  /** Ends those that are still open. */
  end(): void;
}

/** What was seen of a socket. */
interface Seen {
  /** Bytes that went either way. */
  readonly bytes: number;
  /** Looks at which there were no more than before. */
  readonly silent: number;
}

/**
 * Ends sockets that are silent for too long. When a firewall forgets a connection nobody says so: what was asked over it
 * would have no answer until the system gives up, which takes a quarter of an hour. As soon as its socket is closed,
 * postgres.js fails what was asked, and connects anew.
 *
 * It counts looks, not time: a process that slept has not listened.
 *
 * @param silence milliseconds for which no connection is silent that anybody needs; 0: whatever it takes.
 */
export function createSockets(silence: number): Sockets {
  const sockets = new Map<Socket, Seen>();
  let made = 0;
  let isEnded = false;

  const look = (): void => {
    for (const [socket, before] of sockets) {
      const bytes = socket.bytesRead + socket.bytesWritten;
      // Until a server says something postgres.js gives it time by itself.
      const silent = bytes === before.bytes && socket.bytesRead > 0 ? before.silent + 1 : 0;
      sockets.set(socket, { bytes, silent });
      if (silent * INTERVAL >= silence) socket.destroy();
    }
  };
  const looking = silence > 0 ? setInterval(look, INTERVAL).unref() : undefined;

  return {
    make({ host, port, path }) {
      const turn = made++ % host.length;
      const socket = new Socket();
      // Not when they close: where there is TLS, postgres.js takes away all listeners.
      for (const one of sockets.keys()) if (one.destroyed) sockets.delete(one);
      // postgres.js may have waited to connect once more.
      if (isEnded) return socket.destroy();
      sockets.set(socket, { bytes: 0, silent: 0 });
      // postgres.js names them in its errors, and asks a certificate for the host.
      Object.assign(socket, { host: host[turn], port: port[turn] });
      // Not at once: what fails at once would fail before postgres.js listens.
      queueMicrotask(() => {
        if (path) socket.connect(path);
        else socket.connect(port[turn] ?? 0, host[turn] ?? '');
      });
      return socket;
    },
    end() {
      isEnded = true;
      clearInterval(looking);
      for (const socket of sockets.keys()) socket.destroy();
    },
  };
}
