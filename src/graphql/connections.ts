import type { CursorCodec, Position } from '../lib/cursor.js';
import { badUserInput } from '../lib/errors.js';
import type { Page, PageRequest } from '../lib/paging.js';
import type { StreamedPage } from '../events/pages.js';

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

/** The four arguments that every list takes. */
export interface ConnectionArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** An element of a page and its cursor, which is signed only when somebody asks for it. */
export interface Edge<Row> {
  readonly node: Row;
  readonly cursor: () => string;
}

/** A list as its connection sees it. Nothing is read before a field needs it: `{ totalCount }` alone reads no page. */
export interface Connection<Row> {
  page(): Promise<Page<Row>>;
  edge(row: Row): Edge<Row>;
  totalCount(): Promise<number>;
  streamCursor(): Promise<string>;
}

/** Where a connection reads. */
export interface ConnectionSource<Row> {
  /** @param topic whose head to read in the same snapshot; undefined: nobody asks for it. */
  page(request: PageRequest, topic?: string): Promise<Page<Row> | StreamedPage<Row>>;
  totalCount(): Promise<number>;
  /** The row's place in the list. */
  position(row: Row): Position;
  /** The topic that streams this list; only for lists that have one. */
  topic?: string;
}

function pageSize(first: number | null | undefined, last: number | null | undefined): number {
  if (first != null && last != null) {
    throw badUserInput('Both `first` and `last` are given: ask for a page from one end of the list.');
  }
  const size = first ?? last ?? DEFAULT_PAGE;
  if (size < 1 || size > LARGEST_PAGE) {
    throw badUserInput(`\`${last == null ? 'first' : 'last'}\` is ${size}: ask for 1 to ${LARGEST_PAGE}.`);
  }
  return size;
}

/**
 * A connection over a list.
 *
 * @param list names the list with all that decides about its content and order (parent, filter, order); cursors are
 *   bound to it.
 * @throws DomainError BAD_USER_INPUT for a page size out of range, CURSOR_INVALID for a cursor of another list.
 */
export function connect<Row>(
  cursors: CursorCodec,
  list: string,
  { first, after, last, before }: ConnectionArguments,
  source: ConnectionSource<Row>,
): Connection<Row> {
  const request: PageRequest = {
    limit: pageSize(first, last),
    backward: last != null,
    ...(after != null && { after: cursors.open(list, after) }),
    ...(before != null && { before: cursors.open(list, before) }),
  };
  let isStreamed = false;
  let page: Promise<Page<Row> | StreamedPage<Row>> | undefined;
  // GraphQL calls the resolvers of all fields of a connection before any promise goes on: by then it is known whether the
  // page has to be read in one snapshot with the head of its topic.
  const read = () =>
    (page ??= Promise.resolve().then(() => source.page(request, isStreamed ? source.topic : undefined)));
  return {
    page: read,
    edge: (node) => ({ node, cursor: () => cursors.seal(list, source.position(node)) }),
    totalCount: () => source.totalCount(),
    async streamCursor() {
      isStreamed = true;
      const streamed = await read();
      const head = 'head' in streamed ? streamed.head : null;
      if (source.topic === undefined || head === null) throw new Error(`The list ${list} is not streamed.`);
      return cursors.sealPlace(source.topic, head);
    },
  };
}

/** The resolvers of every connection type and its edge type: they only unfold a {@link Connection}. */
export const connectionFields = {
  edges: async <Row>(connection: Connection<Row>) =>
    (await connection.page()).rows.map((row) => connection.edge(row)),
  nodes: async <Row>(connection: Connection<Row>) => (await connection.page()).rows,
  pageInfo: async <Row>(connection: Connection<Row>) => {
    const { rows, hasNextPage, hasPreviousPage } = await connection.page();
    const cursorOf = (row: Row | undefined): string | null =>
      row === undefined ? null : connection.edge(row).cursor();
    // Each is signed when it is asked for.
    return {
      hasNextPage,
      hasPreviousPage,
      get startCursor() {
        return cursorOf(rows[0]);
      },
      get endCursor() {
        return cursorOf(rows.at(-1));
      },
    };
  },
  totalCount: <Row>(connection: Connection<Row>) => connection.totalCount(),
};

/** The resolver of `streamCursor`, for connections whose list is streamed. */
export const streamField = {
  streamCursor: <Row>(connection: Connection<Row>) => connection.streamCursor(),
};

/** The resolvers of every edge type. */
export const edgeFields = {
  cursor: <Row>(edge: Edge<Row>) => edge.cursor(),
};
