import type { Position } from './cursor.js';

/** Which part of a list is asked for, checked and decoded. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** True: the last `limit` rows of the range, otherwise the first. */
  readonly backward: boolean;
  /** The range begins behind this position. */
  readonly after?: Position;
  /** The range ends before this position. */
  readonly before?: Position;
}

/** A part of a list, in the list's order whichever end it was read from. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/**
 * Turns what the database read into a page: one row more than asked shows that the list goes on, and rows read
 * backward are turned round.
 *
 * @param rows at most `limit + 1` rows in reading order.
 */
export function pageOf<Row>(rows: readonly Row[], request: PageRequest): Page<Row> {
  const more = rows.length > request.limit;
  const wanted = more ? rows.slice(0, request.limit) : rows;
  // A bound is the cursor of a row, so on its far side there is at least that row.
  const beyondAfter = request.after !== undefined;
  const beyondBefore = request.before !== undefined;
  return request.backward
    ? { rows: wanted.toReversed(), hasPreviousPage: more || beyondAfter, hasNextPage: beyondBefore }
    : { rows: wanted, hasNextPage: more || beyondBefore, hasPreviousPage: beyondAfter };
}
