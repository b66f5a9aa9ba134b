import type DataLoader from 'dataloader';
import type { Database } from '../db/client.js';
import { inSnapshot } from '../db/snapshot.js';
import { groupBy } from '../lib/grouping.js';
import { createLoader } from '../lib/loading.js';
import { type Page, type PageRequest, pageOf } from '../lib/paging.js';
import { headsOf } from './log.js';

/** A page, and where the topic that streams its list stood when it was read; null when nobody asked. */
export interface StreamedPage<Row> extends Page<Row> {
  readonly head: number | null;
}

/** Reads rows, and the heads of topics in the same snapshot. Without topics it is only the reading. */
async function readWithHeads<Rows>(
  db: Database,
  topics: readonly string[],
  read: (db: Database) => Promise<Rows>,
): Promise<{ readonly rows: Rows; readonly heads: ReadonlyMap<string, number> }> {
  if (topics.length === 0) return { rows: await read(db), heads: new Map() };
  return inSnapshot(db, async (snapshot) => {
    const [heads, rows] = await Promise.all([headsOf(snapshot, topics), read(snapshot)]);
    return { rows, heads };
  });
}

/**
 * A page of a list that has no parent.
 *
 * @param topic whose head to read in the same snapshot; undefined: none.
 * @param read at most `limit + 1` rows in reading order, over the database it is given.
 */
export async function readPage<Row>(
  db: Database,
  request: PageRequest,
  topic: string | undefined,
  read: (db: Database) => Promise<readonly Row[]>,
): Promise<StreamedPage<Row>> {
  const { rows, heads } = await readWithHeads(db, topic === undefined ? [] : [topic], read);
  return { ...pageOf(rows, request), head: heads.get(topic ?? '') ?? null };
}

/** Tells requests apart: parents that ask alike are read together. */
const keyOf = ({ limit, backward, after, before }: PageRequest, streamed: boolean): string =>
  `${limit} ${backward} ${streamed} ${after?.join(' ')}, ${before?.join(' ')}`;

/** Loads a page of the list of a parent, and the head of its topic when one is named. */
export interface PageLoader<Row> {
  load(parent: string, request: PageRequest, topic?: string): Promise<StreamedPage<Row>>;
}

/**
 * A page for each of many parents, in one statement for all parents that ask for the same page in a tick.
 *
 * @param name the module and what is loaded: `comments.replies`.
 * @param read the pages of these parents, over the database it is given; parents with an empty list are left out.
 */
export function createPageLoader<Row extends { readonly listParentId: string }>(
  name: string,
  db: Database,
  read: (db: Database, parents: readonly string[], request: PageRequest) => Promise<readonly Row[]>,
): PageLoader<Row> {
  const byRequest = new Map<string, DataLoader<string, StreamedPage<Row>>>();
  const topics = new Map<string, string>();

  const loaderOf = (request: PageRequest, streamed: boolean): DataLoader<string, StreamedPage<Row>> => {
    const key = keyOf(request, streamed);
    let loader = byRequest.get(key);
    if (loader === undefined) {
      loader = createLoader(name, async (parents) => {
        const wanted = streamed ? [...new Set(parents.map((parent) => topics.get(parent) ?? ''))] : [];
        const { rows, heads } = await readWithHeads(db, wanted, (reader) => read(reader, parents, request));
        const groups = groupBy(rows, (row) => row.listParentId);
        return parents.map((parent) => ({
          ...pageOf(groups.get(parent) ?? [], request),
          head: heads.get(topics.get(parent) ?? '') ?? null,
        }));
      });
      byRequest.set(key, loader);
    }
    return loader;
  };

  return {
    load(parent, request, topic) {
      if (topic !== undefined) topics.set(parent, topic);
      return loaderOf(request, topic !== undefined).load(parent);
    },
  };
}
