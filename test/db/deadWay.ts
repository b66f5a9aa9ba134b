import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on which connections die without a word, as when a firewall forgets them. */
export interface DeadWay {
  /** The same address, over this way. */
  readonly url: string;
  /** Nothing passes any more on the connections of now, which stay open; new ones are as good as ever. */
  die(): void;
  close(): void;
}

/** Lays one. */
export async function layDeadWay(address: string): Promise<DeadWay> {
  const { hostname, port } = new URL(address);
  const open = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const both = [near, far] as const;
    open.add(both);
    near.pipe(far);
    far.pipe(near);
    for (const socket of both) socket.on('error', () => undefined);
    near.once('close', () => {
      open.delete(both);
      far.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(address);
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url: url.href,
    die() {
      for (const both of open) {
        for (const socket of both)
          socket
            .unpipe()
            .on('data', () => undefined)
            .resume();
      }
    },
    close() {
      server.close();
      for (const both of open) for (const socket of both) socket.destroy();
    },
  };
}
