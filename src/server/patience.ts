import type { FastifyInstance } from 'fastify';

/** How long clients may take, and how much of the server's attention one may have: what keeps slow ones from holding it. */
export interface Patience {
  /** Milliseconds for the head of a request to arrive. */
  readonly head: number;
  /** Milliseconds for all of a request to arrive. */
  readonly request: number;
  /** Milliseconds between two looks at who is late. */
  readonly look: number;
  /** Milliseconds that a connection may be open between two requests. */
  readonly idle: number;
  /** Milliseconds in which nothing moves on a connection: its client has stopped to read. */
  readonly silence: number;
  /** Requests of one connection; the next is sent over another, perhaps to another instance. */
  readonly requestsPerConnection: number;
  /** Open connections of all kinds; more are hung up on. */
  readonly connections: number;
}

/** Longer than load balancers keep a connection (60 s and less): whoever hangs up first must not be the server. */
const IDLE = 72_000;

/** What holds unless somebody says otherwise. */
export const USUAL_PATIENCE: Patience = {
  head: 10_000,
  request: 30_000,
  // Node looks every 30 s by default, and so would let a head take 40.
  look: 1_000,
  idle: IDLE,
  silence: 60_000,
  requestsPerConnection: 1_000,
  connections: 50_000,
};

/** Bytes of the head of a request, an address with a whole document among them. */
const LARGEST_HEAD = 16_384;

/**
 * What Fastify is to be told of it.
 *
 * @param working milliseconds for which the server itself may be silent, at work.
 */
export const settingsOf = (patience: Patience, working: number) => ({
  requestTimeout: patience.request,
  keepAliveTimeout: patience.idle,
  connectionTimeout: patience.silence + working,
  maxRequestsPerSocket: patience.requestsPerConnection,
  http: {
    headersTimeout: patience.head,
    connectionsCheckingInterval: patience.look,
    maxHeaderSize: LARGEST_HEAD,
  },
});

/** Takes no more connections than there may be. */
export function limitConnections({ server }: FastifyInstance, { connections }: Patience): void {
  server.maxConnections = connections;
}
