import type { GraphQLFormattedError } from 'graphql';
import type { Viewer } from '../auth/viewer.js';
import type { Payer } from '../limits/throttle.js';
import type { Subscription } from './subscription.js';
import type { Answer } from './rendering.js';

/** Where the answers of a stream go. */
export interface Sink {
  /** Sends an answer. @param isLatest whether it takes the place of one that still waits to be sent. */
  next(answer: Answer, isLatest: boolean): void;
  /** Resolves when a slow reader has caught up; undefined when there is nothing to wait for. */
  caughtUp(): Promise<void> | undefined;
  /** The stream is over. @param error why, unless it came to its end. */
  end(error?: GraphQLFormattedError): void;
}

/** Whoever listens: an open socket, or an open stream of server-sent events. */
export interface Connection {
  /** Who it is by now; another one when the role changed. */
  viewer: Viewer;
  /** The API token that speaks for the viewer; null for a session. */
  apiTokenId: string | null;
  /** The client's network address. */
  address: string;
  /** Who pays for what it is sent. */
  payer: Payer;
  readonly streams: Set<Stream>;
  /** The viewer lost the right to be connected. */
  revoke(): void;
}

/** A subscription under way. */
export interface Stream {
  readonly connection: Connection;
  readonly subscription: Subscription;
  readonly sink: Sink;
  /** The head of its topic before its right was last checked: what happened up to there says nothing against it. */
  authorisedAt: number;
  /** Undefined while it is on its way to one. */
  cohort: Cohort | undefined;
  /** The JSON of the last value that it was sent; undefined for none, and for a stream of events. */
  lastValue: string | undefined;
  /** Gives up its wait for points; undefined while it does not wait. */
  stopWaiting: (() => void) | undefined;
  /** Takes it from the readers of its post; undefined while it is not one of them. */
  stopReading: (() => void) | undefined;
  isOver: boolean;
}

/** Streams that are answered by the same bytes. */
export interface Cohort {
  readonly streams: Set<Stream>;
  /** The `seq` in the topic up to which all its streams were answered; of a value always 0. */
  readonly position: number;
  /** Whether others may join it: it waits for no slow reader, and nothing was read for it that is to be sent yet. */
  readonly isOpen: boolean;
  /** Something may have come. */
  advance(): void;
  /** Nobody is left. */
  stop(): void;
}
