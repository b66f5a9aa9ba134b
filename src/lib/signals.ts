import { channel } from 'node:diagnostics_channel';

/** Says that something happened, to whoever wants to know. While nobody does, it costs a function call. */
export interface Signal<Fact> {
  /** Whether anybody listens: a fact that takes work is put together only then. */
  readonly isHeard: boolean;
  say(this: void, fact: Fact): void;
  /** Hears every fact from now on, in the context of whoever says it. The returned function stops it. */
  hear(this: void, listener: (fact: Fact) => void): () => void;
}

function createSignal<Fact>(name: string): Signal<Fact> {
  const told = channel(`tidings:${name}`);
  return {
    get isHeard() {
      return told.hasSubscribers;
    },
    say: (fact) => told.publish(fact),
    hear(listener) {
      const hear = (fact: unknown): void => {
        try {
          listener(fact as Fact);
        } catch {
          // Node would end the process: nothing that is watched fails because of who watches.
        }
      };
      told.subscribe(hear);
      return () => {
        told.unsubscribe(hear);
      };
    },
  };
}

/** The way an operation came. */
export type Transport = 'http' | 'websocket' | 'sse';

/** An operation that was answered, or a subscription that was let in. */
export interface OperationFact {
  readonly requestId: string;
  /** As its document calls it; undefined: it has none, or was not understood. */
  readonly name: string | undefined;
  readonly type: 'query' | 'mutation' | 'subscription' | undefined;
  /** SHA-256 of the document, in hex; undefined: there was none. */
  readonly hash: string | undefined;
  /** Null: nobody who is known. */
  readonly viewerId: string | null;
  readonly transport: Transport;
  readonly seconds: number;
  readonly statements: number;
  /** Whether its answer was made for somebody else, a moment before. */
  readonly isKept: boolean;
  /** Points, and whether it was let in for them; undefined: it was refused before anybody asked. */
  readonly cost:
    | { readonly isLetIn: boolean; readonly requested: number; readonly actual: number }
    | undefined;
  /** The codes of its errors, each once. */
  readonly codes: readonly string[];
}

/** A subscription that was opened or is over. */
export interface StreamFact {
  readonly name: string | undefined;
  readonly viewerId: string | null;
  readonly change: 'begun' | 'ended';
  /** Why it ended; undefined: somebody wanted it to. */
  readonly code?: string | undefined;
}

/** An event of the log. */
export interface EventFact {
  readonly topic: string;
  readonly seq: number;
  readonly type: string;
  readonly occurredAt: string;
}

/** What the house says of itself. Metrics, traces and the log listen, and no other room knows of them. */
export const signals = {
  operation: createSignal<OperationFact>('operation'),
  stream: createSignal<StreamFact>('stream'),
  /** A statement that is sent now. `whenSettled` says whether it went well. */
  statement: createSignal<{
    readonly text: string;
    readonly whenSettled: (listener: (isGood: boolean) => void) => void;
  }>('statement'),
  /** A statement that is not sent, because the same one is about to be sent for somebody else. */
  shared: createSignal<{ readonly text: string }>('shared'),
  /** Keys that a loader asks for at once. */
  batch: createSignal<{ readonly loader: string; readonly size: number }>('batch'),
  /** An event that goes to the other instances; what is written to `carrier` goes with it. */
  publishing: createSignal<{ readonly event: EventFact; readonly carrier: { trace?: string | undefined } }>(
    'publishing',
  ),
  /** An event that came from another instance, with what that wrote to the carrier. */
  received: createSignal<{ readonly event: EventFact; readonly trace?: string | undefined }>('received'),
  /** An event that was written to all streams of a cohort. */
  delivery: createSignal<{ readonly event: EventFact; readonly streams: number }>('delivery'),
  /** Events that no message brought, read from the log. */
  hole: createSignal<{ readonly topic: string; readonly events: number }>('hole'),
  /** Executions that were made ahead and are thrown away. */
  discarded: createSignal<{ readonly executions: number }>('discarded'),
  /** Somebody was refused for want of points. */
  throttled: createSignal<{ readonly tier: string; readonly what: 'operation' | 'delivery' | 'token' }>(
    'throttled',
  ),
  /** A document that is more than may be asked. */
  limitExceeded: createSignal<{ readonly limit: string }>('limitExceeded'),
} as const;
