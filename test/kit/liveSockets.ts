import { createDocumentGate } from '../../src/limits/documents.js';
import { createPersistedDocuments } from '../../src/limits/persistedDocuments.js';
import { createUnthrottled } from './unthrottled.js';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import type { ConnectionLimits } from '../../src/live/limits.js';
import { createPlaces } from '../../src/live/limits.js';
import { createExecution } from '../../src/server/execution.js';
import { serveSockets } from '../../src/server/sockets.js';
import type { Live } from './live.js';

const LIMITS: ConnectionLimits = {
  perAddress: 100_000,
  perViewer: 100_000,
  subscriptions: 50,
  operationsPerSecond: 100,
};

/** A socket with one subscription: what came over it, as text. */
export interface BareSocket {
  readonly payloads: readonly string[];
}

/** Sockets of what is live, served as in src/app.ts. */
export interface LiveSockets {
  /** Connects as this viewer and subscribes, without reading more into what comes than it has to. */
  subscribe(viewer: Viewer, query: string, variables: object): Promise<BareSocket>;
  stop(): Promise<void>;
}

const PREFIX = '{"id":"1","type":"next","payload":';

/** @param live what the sockets are of. */
export async function serveLive(live: Live): Promise<LiveSockets> {
  const { schema, hub, contextOf } = live;
  const report = (error: unknown): void => {
    throw error;
  };
  const gate = createDocumentGate({ schema, introspection: false });
  const execution = createExecution({
    schema,
    gate,
    mostCost: 1_000,
    timeout: 15_000,
    throttle: createUnthrottled(),
    persisted: await createPersistedDocuments({ redis: undefined }),
    report,
  });
  await execution.start();
  /** Whoever has a token is who it says. */
  const viewers = new Map<string, Viewer>();
  const server = createServer();
  const sockets = serveSockets({
    server,
    schema,
    execution,
    hub,
    authenticate: async (authorization) => ({
      viewer: viewers.get(authorization ?? '') ?? ANONYMOUS,
      apiTokenId: null,
      expiresAt: null,
    }),
    contextOf: ({ connection: { viewer, payer } }) => Object.assign(contextOf(viewer), { payer }),
    limits: LIMITS,
    places: createPlaces(LIMITS),
    allowedOrigins: [],
    trustedProxies: [],
    report,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open: WebSocket[] = [];

  return {
    async subscribe(viewer, query, variables) {
      const token = `token-${viewers.size}`;
      if (viewer.userId !== null) viewers.set(`Bearer ${token}`, viewer);
      const websocket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
        perMessageDeflate: false,
      });
      open.push(websocket);
      const payloads: string[] = [];
      const acknowledged = new Promise<void>((resolve, reject) => {
        websocket.on('error', reject);
        websocket.on('close', (code, reason) => reject(new Error(`Closed with ${code} ${String(reason)}`)));
        websocket.on('message', (data: Buffer) => {
          const text = String(data);
          if (text.startsWith(PREFIX)) payloads.push(text.slice(PREFIX.length, -1));
          else if (text.includes('connection_ack')) {
            websocket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
            resolve();
          } else if (text.includes('"type":"error"')) reject(new Error(text));
        });
      });
      await once(websocket, 'open');
      const payload = viewer.userId === null ? undefined : { accessToken: token };
      websocket.send(JSON.stringify({ type: 'connection_init', payload }));
      await acknowledged;
      return { payloads };
    },
    async stop() {
      for (const websocket of open) websocket.terminate();
      server.close();
      server.closeAllConnections();
      await sockets.drain();
      await execution.stop();
    },
  };
}
