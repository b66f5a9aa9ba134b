import DataLoader from 'dataloader';
import { DomainError } from './errors.js';
import { indexBy } from './grouping.js';
import { signals } from './signals.js';

/**
 * A loader that says how much it asks for at once.
 *
 * @param name the module and what is loaded: `posts.byId`.
 */
export const createLoader = <Key, Value, CacheKey = Key>(
  name: string,
  batch: DataLoader.BatchLoadFn<Key, Value>,
  options?: DataLoader.Options<Key, Value, CacheKey>,
): DataLoader<Key, Value, CacheKey> =>
  new DataLoader<Key, Value, CacheKey>(
    (keys) => {
      if (signals.batch.isHeard) signals.batch.say({ loader: name, size: keys.length });
      return batch(keys);
    },
    { ...options, name },
  );

/** Loads the row of a key, or null. */
export type RowLoader<Row> = DataLoader<string, Row | null>;

/**
 * One row for each key, in one statement for all keys of a tick.
 *
 * @param name the module and what is loaded: `posts.byId`.
 * @param fetch the rows of these keys, by key; keys without a row are left out.
 */
export function createRowLoader<Row>(
  name: string,
  fetch: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>,
): RowLoader<Row> {
  return createLoader(name, async (keys) => {
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
 * @param name the module and what is loaded: `tags.byPost`.
 * @param fetch the rows of these keys, grouped by key; keys without rows are left out.
 */
export function createRowsLoader<Row>(
  name: string,
  fetch: (keys: readonly string[]) => Promise<ReadonlyMap<string, readonly Row[]>>,
): DataLoader<string, readonly Row[]> {
  return createLoader(name, async (keys) => {
    const found = await fetch(keys);
    return keys.map((key) => found.get(key) ?? []);
  });
}

/**
 * The length of the list of a parent, in one statement for all parents of a tick.
 *
 * @param name the module and what is loaded: `comments.countReplies`.
 * @param fetch the lengths of the lists of these parents; parents with an empty list may be left out.
 */
export function createCountLoader(
  name: string,
  fetch: (
    parents: readonly string[],
  ) => Promise<readonly { readonly listParentId: string; readonly count: number }[]>,
): (parent: string) => Promise<number> {
  const loader = createRowLoader(name, async (parents) =>
    indexBy(await fetch(parents), (row) => row.listParentId),
  );
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

/**
 * A row that a foreign key promises, and that whoever sees the row with the key may see as well. It can still go between
 * two statements: deleted, or out of this viewer's sight.
 *
 * @throws DomainError NOT_FOUND
 */
export function expectRow<Row>(row: Row | null, noun: string): Row {
  if (row === null) throw new DomainError('NOT_FOUND', `The ${noun} has just gone. Ask again.`);
  return row;
}
