import type { Viewer } from '../auth/viewer.js';
import type { Effort } from '../db/counting.js';
import type { Asked } from '../graphql/asked.js';
import type { Asking } from '../lib/asking.js';
import type { OperationFact, Transport } from '../lib/signals.js';
import type { Bucket, Payer } from '../limits/throttle.js';
import type { Subscription } from '../live/subscription.js';

/** What an operation was let in for. */
export interface OperationCost {
  /** Whether it was: who is refused pays for finding that out. */
  readonly isLetIn: boolean;
  /** Points that it might have taken. */
  readonly requested: number;
  /** Points that it took. */
  readonly actual: number;
  /** What is left to whoever pays. */
  readonly bucket: Bucket;
}

/** What is found out about an operation on its way. */
export interface OperationNotes {
  type?: OperationFact['type'];
  name?: OperationFact['name'];
  hash?: OperationFact['hash'];
  /** Points that it may take. */
  requested?: number;
}

/** What the execution needs to know of an operation's context. */
export interface OperationContext {
  readonly requestId: string;
  readonly viewer: Viewer;
  /** The way it came; undefined: the server itself asks. */
  readonly transport?: Transport | undefined;
  /** What it asked of the database so far. */
  readonly effort: Effort;
  /** What it asks for: known when it is executed. */
  readonly asked: Asked;
  /** Who waits for its answer. */
  readonly asking?: Asking | undefined;
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined;
  /** Who pays for it. */
  readonly payer: Payer;
  /** Whether its answer may be given to others as it is: it says nothing about the payer then. */
  readonly isCacheable?: boolean | undefined;
  /** Whether nothing may be older than what is committed now. */
  readonly newest?: boolean | undefined;
  /** Present where somebody keeps the answer: filled when it is let in. */
  readonly notes?: OperationNotes;
  /** What it cost: known when it is answered. */
  cost?: OperationCost;
  /** Present where subscriptions can be streamed: takes one that passed all checks. */
  taken?: {
    subscription?: Subscription;
    /** Whether nothing may be changed: what came by GET must be safe to send again. */
    readonly onlyReads: boolean;
  };
}
