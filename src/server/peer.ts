import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { GraphQLRequest } from '@apollo/server';
import { type FormattedExecutionResult, type GraphQLSchema, parse } from 'graphql';
import { CloseCode, makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { presentFailure } from '../graphql/errors.js';
import { type Asking, createAsking } from '../lib/asking.js';
import { DomainError } from '../lib/errors.js';
import type { Hub } from '../live/hub.js';
import { type Allowance, createAllowance } from '../live/limits.js';
import { createOutbox, type Outbox } from '../live/outbox.js';
import type { Connection, Sink, Stream } from '../live/stream.js';
import { createBodies } from './bodies.js';
import { allAnswered } from './draining.js';
import { createEnding, type Ending, Refused } from './ending.js';
import { createExpiry, type Expiry } from './expiry.js';
import { frameOf } from './frames.js';
import {
  createConnection,
  letIn,
  LONGEST_OPERATION_ID,
  runOperation,
  type TransportOptions,
} from './transport.js';

/** Close codes of RFC 6455 and its registry. */
export const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;

/** Milliseconds that a client has for its first message, and to close. */
const LONGEST_INIT = 3_000;
const LONGEST_CLOSE = 1_000;

/** Characters of the reason for closing, which may hold the id of an operation. */
const LONGEST_REASON = 40;

/** Operations of one connection that wait for their answer at a time. */
const MOST_UNDER_WAY = 100;

const EMPTY = Buffer.alloc(0);

/** What all sockets of an instance share. */
export interface ProtocolOptions extends TransportOptions {
  readonly schema: GraphQLSchema;
}

/** An operation that waits for its answer. */
interface UnderWay {
  readonly asking: Asking;
  /** Whether its client still waits for it. */
  isWanted(this: void): boolean;
}

/** An open socket. */
interface Peer {
  readonly connection: Connection;
  readonly websocket: WebSocket;
  readonly outbox: Outbox;
  /** The header of the request that opened it. */
  readonly authorization: string | undefined;
  readonly allowance: Allowance;
  /** The operations that were begun and not answered, by id. */
  readonly underWay: Map<string, UnderWay>;
  isRenewing: boolean;
  readonly expiry: Expiry;
  /** What gives its places back. */
  readonly leaving: (() => void)[];
}

type Extra = { readonly peer: Peer };

const bodyOf = createBodies(({ json }) => `${json}}`);

/** A client sent what only servers say: graphql-ws throws then, as if it were our doing. */
const isServersMessage = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Unexpected message of type ');

const tooMany = (): DomainError =>
  new DomainError(
    'LIMIT_EXCEEDED',
    `${MOST_UNDER_WAY} operations of this connection wait for their answers.`,
  );

/** What graphql-ws executes for an operation that was answered already: its kind is all that matters. */
const ANSWERED = parse('{ __typename }');

/** The token among what a client sends with its first message, or in a ping. */
function accessTokenIn(payload: unknown): string | undefined {
  const { accessToken } = (payload ?? {}) as { readonly accessToken?: unknown };
  return typeof accessToken === 'string' ? accessToken : undefined;
}

function authorizationIn(payload: unknown, header: string | undefined): string | undefined {
  const token = accessTokenIn(payload);
  if (token !== undefined) return `Bearer ${token}`;
  const { authorization, Authorization = authorization } = (payload ?? {}) as Record<string, unknown>;
  if (Authorization === undefined) return header;
  // One that is no text is none of ours, and so it is refused.
  return typeof Authorization === 'string' ? Authorization : '';
}

/** Speaks graphql-transport-ws with every socket that is handed to it. */
export interface Protocol {
  /** @param authorization the header of the request that opened the socket. */
  open(websocket: WebSocket, socket: Duplex, address: string, authorization: string | undefined): OpenPeer;
}

export interface OpenPeer {
  /** Pings; hangs up on whoever has not answered the last one. */
  ping(): void;
  /** Closes the socket when its operations are answered, or the time is over. */
  finish(code: number, patience: number): Promise<void>;
}

/** @see Protocol */
export function createProtocol(options: ProtocolOptions): Protocol {
  const { schema, hub, authenticate, limits, report } = options;

  /** Gives up what its client does not wait for any more. */
  const giveUp = ({ underWay }: Peer): void => {
    for (const { asking, isWanted } of underWay.values()) if (!isWanted()) asking.giveUp();
  };

  const close = (peer: Peer, code: number, reason: string): void => {
    const { websocket, outbox } = peer;
    outbox.close();
    // A reason may have 123 bytes, and some have what a client sent.
    websocket.close(code, reason.slice(0, LONGEST_REASON));
    giveUp(peer);
    setTimeout(() => websocket.terminate(), LONGEST_CLOSE).unref();
  };

  /** @returns the code to close with when the viewer may not connect. */
  const admit = async (peer: Peer, authorization: string | undefined): Promise<number | undefined> => {
    try {
      const { websocket } = peer;
      const isGone = (): boolean => websocket.readyState === websocket.CLOSED;
      await letIn(options, { ...peer, isGone }, authorization);
      return undefined;
    } catch (error) {
      if (!(error instanceof DomainError)) return TRY_AGAIN_LATER;
      return error.code === 'THROTTLED' ? CloseCode.TooManyInitialisationRequests : CloseCode.Forbidden;
    }
  };

  /** A new token for the same user. */
  const renew = async (peer: Peer, token: string): Promise<Date | null> => {
    const { userId } = peer.connection.viewer;
    const found = await hub.identify(peer.connection, async () => {
      const identity = await authenticate(`Bearer ${token}`, peer.connection.address);
      if (identity.viewer.userId !== userId) throw new DomainError('FORBIDDEN', 'This is another user.');
      return identity;
    });
    if (peer.websocket.readyState === peer.websocket.CLOSED) hub.disconnect(peer.connection);
    else peer.expiry.set(found.expiresAt);
    return found.expiresAt;
  };

  /** What the pong to a new token says; without `expiresAt` it was not taken for now, and may be sent again. */
  const renewal = async (peer: Peer, token: string): Promise<{ readonly expiresAt?: Date | null }> => {
    if (peer.isRenewing) return {};
    peer.isRenewing = true;
    try {
      peer.allowance.checkPace();
      return { expiresAt: await renew(peer, token) };
    } catch (error) {
      // The token it has is still good until it is over; only one that is refused takes the connection along.
      if (error instanceof DomainError && error.code !== 'THROTTLED') peer.connection.revoke();
      return {};
    } finally {
      peer.isRenewing = false;
    }
  };

  const open = async (peer: Peer, id: string, subscription: Parameters<Hub['open']>[1]) => {
    peer.allowance.checkSubscriptions();
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    let stream: Stream | undefined;
    const ending = createEnding(() => stream && hub.close(stream));
    const sink: Sink = {
      next: (answer, isLatest) => peer.outbox.send(head, bodyOf(answer), isLatest ? sink : null),
      caughtUp: () => peer.outbox.caughtUp(),
      end: ending.end,
    };
    stream = await hub.open(peer.connection, subscription, sink);
    return ending.generator;
  };

  const run = async (peer: Peer, id: string, request: GraphQLRequest, asking: Asking) => {
    peer.allowance.checkPace();
    await hub.currentRights();
    // Whose right is over begins nothing.
    if (peer.websocket.readyState !== peer.websocket.OPEN) {
      throw new DomainError('UNAUTHENTICATED', 'Your token is over, or was taken back.');
    }
    const { connection } = peer;
    const facts = {
      connection,
      address: connection.address,
      requestId: randomUUID(),
      transport: 'websocket',
      idempotencyKey: undefined,
      asking,
    } as const;
    const outcome = await runOperation(options, request, facts);
    if (outcome.kind === 'subscription') {
      const { document } = outcome.subscription;
      const contextValue = await open(peer, id, outcome.subscription);
      return { schema, document, operationName: outcome.subscription.operationName ?? null, contextValue };
    }
    const { result } = outcome;
    if (result.data === undefined && result.errors) return result.errors.map((error) => new Refused(error));
    return { schema, document: ANSWERED, contextValue: result };
  };

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: LONGEST_INIT,
    async onConnect({ connectionParams, extra: { peer } }) {
      const code = await admit(peer, authorizationIn(connectionParams, peer.authorization));
      if (code === undefined) return true;
      close(peer, code, code === TRY_AGAIN_LATER ? 'Try again later' : 'Forbidden');
      return false;
    },
    async onSubscribe(context, id, { query, variables, operationName, extensions }) {
      const { peer } = context.extra;
      if (id.length > LONGEST_OPERATION_ID) {
        close(peer, CloseCode.BadRequest, 'Operation id too long');
        return undefined;
      }
      // Completed and begun anew before it was answered: nobody could tell the two apart.
      if (peer.underWay.has(id)) {
        close(peer, CloseCode.SubscriberAlreadyExists, 'Subscriber already exists');
        return undefined;
      }
      const { websocket } = peer;
      const asking = createAsking();
      const isWanted = (): boolean => websocket.readyState === websocket.OPEN && id in context.subscriptions;
      peer.underWay.set(id, { asking, isWanted });
      try {
        if (peer.underWay.size > MOST_UNDER_WAY) throw tooMany();
        const request: GraphQLRequest = {
          // The protocol wants a text also of a document that is named by its hash.
          ...(query !== '' && { query }),
          variables: variables ?? {},
          ...(operationName != null && { operationName }),
          ...(extensions != null && { extensions }),
        };
        return await run(peer, id, request, asking);
      } catch (error) {
        const refused = new Refused(presentFailure(error));
        if (refused.extensions['code'] === 'INTERNAL_SERVER_ERROR') report(error);
        return [refused];
      } finally {
        peer.underWay.delete(id);
      }
    },
    execute: ({ contextValue }) => contextValue as FormattedExecutionResult as never,
    subscribe: ({ contextValue }) => contextValue as Ending['generator'] as never,
    // It is presentable already.
    onNext: (_, _id, _payload, _args, result) => result as never,
  });

  return {
    open(websocket, socket, address, authorization) {
      const outbox = createOutbox(socket, frameOf, () => close(peer, TRY_AGAIN_LATER, 'Too slow'));
      const connection = createConnection(address, () => close(peer, CloseCode.Forbidden, 'Forbidden'));
      const peer: Peer = {
        connection,
        websocket,
        outbox,
        authorization,
        allowance: createAllowance(connection, limits),
        underWay: new Map(),
        isRenewing: false,
        // A token that is over takes the connection along, unless it is renewed.
        expiry: createExpiry(() => connection.revoke()),
        leaving: [],
      };
      return listen(peer);
    },
  };

  function listen(peer: Peer): OpenPeer {
    const { websocket, outbox, connection } = peer;
    let isAlive = true;
    const closed = protocol.opened(
      {
        protocol: websocket.protocol,
        send: (message) => outbox.send(message, EMPTY),
        close: (code, reason) => close(peer, code ?? 1000, reason ?? ''),
        onMessage: (hear) =>
          websocket.on('message', (data: Buffer) => {
            isAlive = true;
            // Whoever was sent away is not listened to any more.
            if (websocket.readyState !== websocket.OPEN) return;
            Promise.resolve(hear(String(data))).catch((error: unknown) => {
              if (isServersMessage(error))
                return close(peer, CloseCode.BadRequest, 'Invalid message received');
              report(error);
              close(peer, CloseCode.InternalServerError, 'Internal error');
              return undefined;
            });
            // It may have said that it does not wait any more.
            giveUp(peer);
          }),
        onPing: async (payload) => {
          const token = accessTokenIn(payload);
          const answer = token === undefined ? payload : await renewal(peer, token);
          outbox.send(JSON.stringify({ type: 'pong', ...(answer && { payload: answer }) }), EMPTY);
        },
      },
      { peer },
    );
    websocket.on('pong', () => {
      isAlive = true;
    });
    // What is no WebSocket message closes the socket by itself.
    websocket.on('error', () => undefined);
    websocket.once('close', (code, reason) => {
      outbox.close();
      giveUp(peer);
      peer.expiry.stop();
      for (const giveBack of peer.leaving) giveBack();
      hub.disconnect(connection);
      closed(code, String(reason)).catch(report);
    });
    return {
      ping() {
        if (!isAlive) return websocket.terminate();
        isAlive = false;
        return websocket.ping();
      },
      async finish(code, patience) {
        await allAnswered(() => peer.underWay.size > 0, patience);
        if (websocket.readyState === websocket.CLOSED) return;
        const gone = new Promise((resolve) => websocket.once('close', resolve));
        close(peer, code, 'Restarting');
        await gone;
      },
    };
  }
}
