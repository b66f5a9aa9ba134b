/** Rows by COPY, which is the fastest way into PostgreSQL. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import type postgres from 'postgres';
import { lineOfCopy } from './row.js';
import type { SeededTable } from './rows.js';

/** UTF-16 units that are sent at once, at least. */
const CHUNK = 128 * 1024;

/** What postgres.js keeps of a statement that takes rows. */
interface Copying extends Promise<Writable> {
  reject: (error: Error) => void;
  writable(): unknown;
}

function* chunksOf({ rows }: SeededTable, onRows: (count: number) => void): Generator<string> {
  let [chunk, count] = ['', 0];
  for (const row of rows()) {
    chunk += lineOfCopy(row);
    count += 1;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    onRows(count);
    chunk = '';
  }
  if (chunk !== '') yield chunk;
  onRows(count);
}

/**
 * Fills a table that was made or emptied in this transaction: its rows are frozen from the beginning, so that nobody has to
 * write them once more.
 *
 * @param onRows hears now and then how many rows are sent.
 * @returns how many rows there are.
 */
export async function copyRows(
  sql: postgres.TransactionSql,
  table: SeededTable,
  onRows: (count: number) => void,
): Promise<number> {
  let rows = 0;
  const text = `copy public.${table.name} (${table.columns.join(', ')}) from stdin (freeze)`;
  const statement = sql.unsafe(text) as unknown as Copying;
  // postgres.js 3.4.9 has nobody who hears of an error behind the last row: its stream would wait for ever.
  const refused = new Promise<never>((_, reject) => {
    const refuse = statement.reject;
    statement.reject = (error) => {
      refuse(error);
      reject(error);
    };
  });
  refused.catch(() => undefined);
  void statement.writable();
  const target = await statement;
  const source = Readable.from(
    chunksOf(table, (count) => {
      rows = count;
      onRows(count);
    }),
  );
  await Promise.race([pipeline(source, target), refused]);
  return rows;
}
