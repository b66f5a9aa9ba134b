import type { Viewer } from '../auth/viewer.js';
import type { History } from '../events/history.js';
import type { CursorCodec } from '../lib/cursor.js';
import { badUserInput } from '../lib/errors.js';
import { expired } from './endings.js';
import { type EventSource, type StreamEvent, streamEventOf } from './source.js';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 100;

/** Events that one page looks at, heard or not. */
const LOOKED_AT = 500;

/** The arguments of every list of events. */
export interface CatchUpArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** What catching up works with. */
interface CatchUpContext {
  readonly viewer: Viewer;
  readonly cursors: CursorCodec;
  readonly loaders: { readonly history: History };
  renewLoaders(): void;
}

/** A page of a stream. */
export interface EventPage<Payload> {
  readonly events: readonly StreamEvent<Payload>[];
  readonly hasNextPage: boolean;
  /** The place that was reached, whatever was heard on the way: from here the next page goes on. */
  readonly endCursor: string;
}

/** The resolvers of every connection of events. */
export const eventConnectionFields = {
  edges: <Payload>({ events }: EventPage<Payload>) => events,
  nodes: <Payload>({ events }: EventPage<Payload>) => events,
  pageInfo: <Payload>({ events, hasNextPage, endCursor }: EventPage<Payload>) => ({
    hasNextPage,
    hasPreviousPage: false,
    startCursor: events[0]?.cursor ?? null,
    endCursor,
  }),
};

/** The resolvers of every edge of one: an event has its cursor itself. */
export const eventEdgeFields = {
  cursor: ({ cursor }: StreamEvent) => cursor,
  node: <Payload>(event: StreamEvent<Payload>) => event,
};

function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE;
  if (size < 1 || size > LARGEST_PAGE) {
    throw badUserInput(`\`first\` is ${size}: ask for 1 to ${LARGEST_PAGE}.`);
  }
  return size;
}

/**
 * What a subscription `after` the same place would tell, a page at a time, for those who poll or were away. Payloads are
 * those of the topic's events that the source lets anybody hear.
 *
 * @throws DomainError as the subscription: NOT_FOUND, CURSOR_INVALID, CURSOR_EXPIRED.
 */
export async function catchUp<Payload>(
  source: EventSource,
  { first, after }: CatchUpArguments,
  context: CatchUpContext,
): Promise<EventPage<Payload>> {
  const { topic } = source;
  const { viewer, cursors } = context;
  const size = pageSize(first);
  const start = after == null ? 0 : cursors.openPlace(topic, after);

  // The order matters, as in the hub: what takes the right away after it was checked lies behind the head.
  const head = await context.loaders.history.headOf(topic);
  // What was read before is too old to decide.
  context.renewLoaders();
  await source.authorise();
  const kept = start < head ? await context.loaders.history.read(topic, start, LOOKED_AT) : [];
  const goesOn = start === head || kept[0]?.seq === start + 1;
  if (after != null && !goesOn) throw expired();

  const events: StreamEvent<Payload>[] = [];
  let reached = head;
  for (const event of kept) {
    if (event.seq > head) break;
    reached = event.seq;
    const heard = source.hear(event, viewer);
    // Who lost the right to listen before the head has got it back.
    if (heard === null || heard === 'LOST') continue;
    events.push(streamEventOf(event, heard, cursors) as StreamEvent<Payload>);
    if (events.length === size) break;
  }
  return { events, hasNextPage: reached < head, endCursor: cursors.sealPlace(topic, reached) };
}
