import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import clientAddress, { compile } from '@fastify/proxy-addr';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { finishAll } from './draining.js';
import { isOriginAllowed } from './origins.js';
import { createProtocol, type OpenPeer, type ProtocolOptions, SERVICE_RESTART } from './peer.js';
import { PING_INTERVAL } from './transport.js';

/** The largest message that a client may send, in bytes. */
const LARGEST_MESSAGE = 65_536;

export interface SocketsOptions extends ProtocolOptions {
  readonly server: Server;
  /** Addresses and ranges of reverse proxies, whose X-Forwarded-For names the client. */
  readonly trustedProxies: readonly string[];
  /** Milliseconds between two pings; who has not answered one by the next is gone. */
  readonly pingInterval?: number | undefined;
  /** Whether there is too much to do to let anybody in. */
  readonly isUnderPressure?: (() => boolean) | undefined;
}

/** GraphQL over WebSocket at /graphql. */
export interface Sockets {
  /** Sockets that are open. */
  readonly open: number;
  /** Takes nobody in any more, lets operations finish, and closes all sockets, spread over at most five seconds. */
  drain(): Promise<void>;
}

/** Answers an upgrade that is refused. */
function refuse(socket: Duplex, status: string): void {
  // A client that does not hang up would keep it half open for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** @see Sockets */
export function serveSockets({
  server,
  trustedProxies,
  pingInterval = PING_INTERVAL,
  isUnderPressure = () => false,
  ...options
}: SocketsOptions): Sockets {
  const { places, allowedOrigins } = options;
  const isTrusted = compile([...trustedProxies]);
  const peers = new Map<WebSocket, OpenPeer>();
  const protocol = createProtocol(options);
  let isDraining = false;
  const websockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE,
    clientTracking: false,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  /** Outside of the upgrade listener, so that its closure does not keep the request alive. */
  const admit = (
    websocket: WebSocket,
    socket: Duplex,
    address: string,
    authorization: string | undefined,
  ): void => {
    peers.set(websocket, protocol.open(websocket, socket, address, authorization));
    websocket.once('close', () => peers.delete(websocket));
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener an error of the socket would end the process.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    const address = clientAddress(request, isTrusted) ?? '';
    // Not with `URL`: it throws on some of what a client can send.
    if (request.url?.split('?', 1)[0] !== '/graphql') return refuse(socket, '404 Not Found');
    if (!isOriginAllowed(request.headers, allowedOrigins)) return refuse(socket, '403 Forbidden');
    if (isDraining || isUnderPressure()) return refuse(socket, '503 Service Unavailable\r\nretry-after: 2');
    const leave = places.ofAddress(address);
    if (leave === undefined) return refuse(socket, '429 Too Many Requests');
    socket.once('close', leave);
    const { authorization } = request.headers;
    websockets.handleUpgrade(request, socket, head, (websocket) => {
      socket.off('error', ignore);
      admit(websocket, socket, address, authorization);
    });
    return undefined;
  });

  const pinging = setInterval(() => {
    for (const peer of peers.values()) peer.ping();
  }, pingInterval);
  pinging.unref();

  return {
    get open() {
      return peers.size;
    },
    async drain() {
      isDraining = true;
      await finishAll(peers.values(), (peer, patience) => peer.finish(SERVICE_RESTART, patience));
      clearInterval(pinging);
    },
  };
}
