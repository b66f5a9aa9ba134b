import { defaultFieldResolver, type GraphQLResolveInfo } from 'graphql';
import type { Viewer } from '../auth/viewer.js';
import type { LoggedEvent } from '../events/catalogue.js';
import type { CursorCodec } from '../lib/cursor.js';

/** What became of an object, as a viewer sees it: the enum ChangeType of the schema. */
export type ChangeType = 'ADDED' | 'CHANGED' | 'REMOVED';

/** What a viewer hears of an event: a change, nothing (null), or that they may not listen any more. */
export type Heard = ChangeType | 'LOST' | null;

/** An event as the fields of `StreamEvent` see it. */
export interface StreamEvent<Payload = unknown> {
  /** The place right after it. */
  readonly cursor: string;
  readonly type: ChangeType;
  readonly occurredAt: Date;
  /** The facts of the event. */
  readonly facts: Payload;
}

/** Makes sure that the viewer may listen. @throws DomainError when not. @returns whether anybody of the viewer's class may. */
type Authorise = () => Promise<boolean>;

/** A stream of events: each of them once, in order, from any place on. */
export interface EventSource {
  readonly kind: 'events';
  readonly topic: string;
  readonly authorise: Authorise;
  /** The post whose readers the listeners are; null: of none in particular. */
  readonly readersOf: string | null;
  hear(event: LoggedEvent, viewer: Viewer): Heard;
  /** The users who hear of an event otherwise than everybody else of their class. */
  concerns(event: LoggedEvent): readonly string[];
  /** What an event is about, as it is now, in a context of its viewer; null when they cannot read it any more. */
  find(event: LoggedEvent, context: never): Promise<object | null>;
  /** Whether a viewer may still read, as their own, what the rest of their class cannot read any more. */
  mayKeep(event: LoggedEvent, viewer: Viewer): boolean;
}

/** A value that changes: whoever is slow hears the last one. */
export interface ValueSource<Context, Value extends object = object> {
  readonly kind: 'value';
  /** The topics that tell of its changes, and of rights to it that are lost. */
  readonly topics: readonly string[];
  readonly authorise: Authorise;
  readonly readersOf: string | null;
  /** The value now, for the viewer of a context. @throws DomainError when they may not read it any more. */
  read(context: Context): Promise<Value>;
  /** Calls when the value changed in a way that no topic tells. The result stops it. */
  watch?(changed: () => void): () => void;
}

export type Source = EventSource | ValueSource<never>;

/** What it is to a viewer that something was in sight before an event, and is after it. */
export function changeOf(before: boolean, after: boolean): ChangeType | null {
  if (before) return after ? 'CHANGED' : 'REMOVED';
  return after ? 'ADDED' : null;
}

/** What an event is by now: it never shows what cannot be read any more. */
export const asFound = (type: ChangeType, found: object | null): ChangeType =>
  found === null ? 'REMOVED' : type;

/** An event as a viewer heard it. */
export const streamEventOf = (
  { topic, seq, occurredAt, payload }: LoggedEvent,
  type: ChangeType,
  { sealPlace }: Pick<CursorCodec, 'sealPlace'>,
): StreamEvent => ({
  cursor: sealPlace(topic, seq),
  type,
  occurredAt: new Date(occurredAt),
  facts: payload,
});

/** A source, and how the subscription that asked for it was written. */
export type OpenedSource = Source & {
  /** The field of `Subscription`. */
  readonly field: string;
  /** The cursor to go on from. */
  readonly after: string | null;
};

/** Graphql-js wants something to iterate over; the hub reads the source itself, for a whole cohort at once. */
const notIterated = {
  [Symbol.asyncIterator]: (): never => {
    throw new Error('A source is read by the hub.');
  },
};

/**
 * The resolver of a field of `Subscription`: it names what to listen to.
 *
 * @param open nothing is read here yet: what decides about rights is read in `authorise`, after listening began.
 */
// oxlint-disable-next-line no-unnecessary-type-parameters -- they say what `open` is given
export const subscription = <Args extends object, Context>(
  open: (args: Args, context: Context) => Source | Promise<Source>,
) => {
  const subscribe = async (
    _: unknown,
    args: Args,
    context: Context,
    info: GraphQLResolveInfo,
  ): Promise<OpenedSource & AsyncIterable<never>> => ({
    ...notIterated,
    ...(await open(args, context)),
    field: info.fieldName,
    after: 'after' in args ? (args.after as string | null) : null,
  });
  return { subscribe: subscribe as never, resolve: defaultFieldResolver as never };
};
