import type { GraphQLRequest } from '@apollo/server';
import { ANONYMOUS } from '../auth/viewer.js';
import type { Asking } from '../lib/asking.js';
import { DomainError } from '../lib/errors.js';
import type { Transport } from '../lib/signals.js';
import { payerOf } from '../limits/throttle.js';
import type { Hub, Identity } from '../live/hub.js';
import type { ConnectionLimits, Places } from '../live/limits.js';
import type { Connection } from '../live/stream.js';
import type { Execution, Outcome } from './execution.js';
import type { Expiry } from './expiry.js';
import type { OperationContext } from './operationContext.js';

/** Milliseconds between two signs of life, for proxies hang up on silence. */
export const PING_INTERVAL = 12_000;

/** Characters of the id of an operation: it stands in each of its messages. */
export const LONGEST_OPERATION_ID = 128;

/** Who somebody with a token is. */
export interface Authenticated extends Identity {
  /** When the token is over; null: never. */
  readonly expiresAt: Date | null;
}

/** What one operation comes with, beside the viewer. */
export interface OperationFacts {
  /** The client's network address. */
  readonly address: string;
  readonly requestId: string;
  /** The header `Idempotency-Key`, where each operation has headers. */
  readonly idempotencyKey: string | undefined;
  /** The way it came. */
  readonly transport: Transport;
}

/** An operation of a connection. */
export interface ConnectedOperation extends OperationFacts {
  readonly connection: Connection;
  /** Who waits for the answer. */
  readonly asking: Asking;
}

/** What all transports that can stream work with. */
export interface TransportOptions {
  readonly execution: Execution;
  readonly hub: Hub;
  /** @throws DomainError */
  readonly authenticate: (authorization: string | undefined, address: string) => Promise<Authenticated>;
  readonly contextOf: (operation: ConnectedOperation) => OperationContext;
  readonly limits: ConnectionLimits;
  readonly places: Places;
  /** Origins, beside our own, whose pages may connect. */
  readonly allowedOrigins: readonly string[];
  /** Hears of what should not happen. */
  readonly report: (error: unknown) => void;
}

/** There is no place for another connection. */
export const tooManyConnections = (): DomainError =>
  new DomainError('THROTTLED', 'Too many open connections. Close some first.', { retryAfter: 5 });

/** A connection of nobody in particular yet. @param revoke called when its viewer lost the right to be connected. */
export const createConnection = (address: string, revoke: () => void): Connection => ({
  viewer: ANONYMOUS,
  apiTokenId: null,
  address,
  payer: payerOf({ viewer: ANONYMOUS, apiTokenId: null, address }),
  streams: new Set(),
  revoke,
});

/** A connection that waits to be let in. */
export interface Newcomer {
  readonly connection: Connection;
  readonly expiry: Expiry;
  /** What gives its places back. */
  readonly leaving: (() => void)[];
  /** Whether it did not wait: it would never be let go. */
  isGone(this: void): boolean;
}

/**
 * Says who a connection is, and takes a place of its user.
 *
 * @throws DomainError for a token that is not good; THROTTLED when there is no place.
 */
export async function letIn(
  { hub, authenticate, places }: TransportOptions,
  { connection, expiry, leaving, isGone }: Newcomer,
  authorization: string | undefined,
): Promise<void> {
  const { viewer, expiresAt } = await hub.identify(connection, () =>
    authenticate(authorization, connection.address),
  );
  if (isGone()) return hub.disconnect(connection);
  if (viewer.userId !== null) {
    const leave = places.ofViewer(viewer.userId);
    if (leave === undefined) throw tooManyConnections();
    leaving.push(leave);
  }
  return expiry.set(expiresAt);
}

/**
 * Runs an operation of a connection. When its time is over it is given up, and reads nothing more.
 *
 * @param onlyReads whether nothing may be changed.
 */
export async function runOperation(
  { execution, contextOf }: TransportOptions,
  request: GraphQLRequest,
  operation: ConnectedOperation,
  onlyReads = false,
): Promise<Outcome> {
  try {
    return await execution.run(request, contextOf(operation), onlyReads);
  } catch (error) {
    operation.asking.giveUp();
    throw error;
  }
}
