import type { Hub, Identity } from '../live/hub.js';
import type { ConnectionLimits, Places } from '../live/limits.js';
import type { Connection } from '../live/stream.js';
import type { Execution, OperationContext } from './execution.js';

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
}

/** What all transports that can stream work with. */
export interface TransportOptions {
  readonly execution: Execution;
  readonly hub: Hub;
  /** @throws DomainError */
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>;
  readonly contextOf: (operation: OperationFacts & { readonly connection: Connection }) => OperationContext;
  readonly limits: ConnectionLimits;
  readonly places: Places;
  /** Origins, beside our own, whose pages may connect. */
  readonly allowedOrigins: readonly string[];
  /** Hears of what should not happen. */
  readonly report: (error: unknown) => void;
}
