import DataLoader from 'dataloader';
import { groupBy, indexBy } from './grouping.js';
import { type Page, pageOf, type PageRequest } from './paging.js';

/** Loads the row of a key, or null. */
export type RowLoader<Row> = DataLoader<string, Row | null>;

/**
 * One row for each key, in one statement for all keys of a tick.
 *
 * @param fetch the rows of these keys, by key; keys without a row are left out.
 */
export function createRowLoader<Row>(
  fetch: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): RowLoader<Row> {
  return new DataLoader(async (keys) => {
    const found = await fetch(keys);
    return keys.map((key) => found.get(key) ?? null);
  });
}

/** Lets a loader know rows that another statement has read. */
export function primeById<Row extends { readonly id: string }>(
  loader: RowLoader<Row>,
  rows: readonly Row[],
): void {
  for (const row of rows) loader.prime(row.id, row);
}

/**
 * Many rows for each key, in one statement for all keys of a tick.
 *
 * @param fetch the rows of these keys, grouped by key; keys without rows are left out.
 */
export function createRowsLoader<Row>(
  fetch: (keys: readonly string[]) => Promise<ReadonlyMap<string, readonly Row[]>>,
): DataLoader<string, readonly Row[]> {
  return new DataLoader(async (keys) => {
    const found = await fetch(keys);
    return keys.map((key) => found.get(key) ?? []);
  });
}

/** The rows of one statement as a page for each parent. */
export function pagesByParent<Row extends { readonly listParentId: string }>(
  rows: readonly Row[],
  request: PageRequest,
): Map<string, Page<Row>> {
  const groups = groupBy(rows, (row) => row.listParentId);
  return new Map([...groups].map(([parent, group]) => [parent, pageOf(group, request)]));
}

/** Loads a page of the list of a parent. */
export interface PageLoader<Row> {
  load(parent: string, request: PageRequest): Promise<Page<Row>>;
}

const EMPTY_PAGE = { rows: [], hasNextPage: false, hasPreviousPage: false } as const;

/**
 * A page for each of many parents, in one statement for all parents that ask for the same page in a tick.
 *
 * @param fetch the pages of these parents; parents with an empty list are left out.
 */
export function createPageLoader<Row>(
  fetch: (parents: readonly string[], request: PageRequest) => Promise<ReadonlyMap<string, Page<Row>>>,
): PageLoader<Row> {
  const byRequest = new Map<string, DataLoader<string, Page<Row>>>();
  return {
    load(parent, request) {
      const key = JSON.stringify(request);
      let loader = byRequest.get(key);
      if (loader === undefined) {
        loader = new DataLoader(async (parents) => {
          const found = await fetch(parents, request);
          return parents.map((one) => found.get(one) ?? EMPTY_PAGE);
        });
        byRequest.set(key, loader);
      }
      return loader.load(parent);
    },
  };
}

/**
 * The length of the list of a parent, in one statement for all parents of a tick.
 *
 * @param fetch the lengths of the lists of these parents; parents with an empty list may be left out.
 */
export function createCountLoader(
  fetch: (
    parents: readonly string[],
  ) => Promise<readonly { readonly listParentId: string; readonly count: number }[]>,
): (parent: string) => Promise<number> {
  const loader = createRowLoader(async (parents) => indexBy(await fetch(parents), (row) => row.listParentId));
  return async (parent) => (await loader.load(parent))?.count ?? 0;
}

/**
 * The rows whose owner loads, in their order: nothing is more public than what it belongs to. When the owners cannot be
 * loaded the whole load fails; `loadMany` would answer its errors as if they were owners.
 */
export async function ownedRows<Row>(
  rows: readonly Row[],
  owners: RowLoader<unknown>,
  ownerOf: (row: Row) => string,
): Promise<Row[]> {
  const found = await Promise.all(rows.map((row) => owners.load(ownerOf(row))));
  return rows.filter((_, place) => found[place] !== null);
}

/** A row that a foreign key promises. Its absence is a fault of ours, never an answer. */
export function expectRow<Row>(row: Row | null, table: string, id: string): Row {
  if (row === null) throw new Error(`No row of ${table} with the id ${id}, which a row refers to.`);
  return row;
}
