import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Database } from '../../db/client.js';
import type { BodyRenderer } from '../../render/pool.js';
import { readLines, sizeOf } from './lines.js';
import { problemOf } from './records.js';
import { refusalOf, unwrapped } from './refusal.js';
import type { ImportListener, Report } from './report.js';

/** What every step of an import works with. */
export interface ImportEnvironment {
  readonly db: Database;
  readonly renderer: BodyRenderer;
  readonly report: Report;
  readonly listener: ImportListener;
}

/** A record and where it stands, for a rejection later on. */
export interface Located<Value> {
  readonly file: string;
  readonly line: number;
  /** The length of the line, or of the file: what the record costs in memory, roughly. */
  readonly bytes: number;
  readonly value: Value;
}

/** How the records of a kind get into the database. Either function tells the report what became of its records. */
export interface Step<Value extends { readonly externalId: string }, Ready> {
  /** The name in the summary. */
  readonly kind: string;
  /**
   * The work that needs no transaction: looking up, leaving out what is here already, rendering. It overlaps with the
   * writing of the batch before.
   *
   * @param batch each external id once, and none that is being written.
   */
  prepare(batch: readonly Located<Value>[]): Promise<readonly Located<Ready>[]>;
  /** Writes in one transaction, after that of the batch before. */
  write(batch: readonly Located<Ready>[]): Promise<void>;
}

/** A batch ends at either: many small records share the cost of a statement, a few huge ones must not fill the memory. */
const BATCH = { records: 1000, bytes: 2 ** 19 } as const;

/**
 * Runs a step over records in batches: memory stays bounded whatever the size of the file, and while PostgreSQL writes
 * one batch this process parses and renders the next.
 */
export async function runStep<Value extends { readonly externalId: string }, Ready>(
  report: Report,
  records: AsyncIterable<Located<Value>>,
  step: Step<Value, Ready>,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let beingWritten: ReadonlyMap<string, unknown> = new Map();
  let batch = new Map<string, Located<Value>>();
  let bytes = 0;

  const flush = async (): Promise<void> => {
    const flushed = batch;
    batch = new Map();
    bytes = 0;
    // A record that comes twice, here or in a row, is added and then changed, like one that comes in two imports.
    if ([...flushed.keys()].some((id) => beingWritten.has(id))) await writing;
    const ready = await step.prepare([...flushed.values()]);
    await writing;
    beingWritten = flushed;
    writing = write(report, step, ready);
    // The failure is met at the next await; until then it is no unhandled rejection.
    writing.catch(() => undefined);
  };

  try {
    for await (const record of records) {
      if (batch.has(record.value.externalId)) await flush();
      batch.set(record.value.externalId, record);
      bytes += record.bytes;
      if (batch.size >= BATCH.records || bytes >= BATCH.bytes) await flush();
    }
    if (batch.size > 0) await flush();
  } finally {
    await writing;
  }
}

/** Writes a batch; when PostgreSQL refuses a record of it, one by one, so that this one alone stays out. */
async function write<Ready>(
  report: Report,
  step: Step<never, Ready>,
  batch: readonly Located<Ready>[],
): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  try {
    await step.write(batch);
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw unwrapped(error);
    if (batch.length === 1) report.reject(step.kind, first, reason);
    else for (const record of batch) await write(report, step, [record]);
  }
}

/** Milliseconds. */
const LONGEST_TURN = 5;

/**
 * Renders the bodies of a batch one by one, and lets the event loop turn in between. Rendered in one go they held back
 * the answers of PostgreSQL, which then waited for the next statement: importing the real publication took 73 s, the sum
 * of 38 s here and 34 s there.
 *
 * One that cannot be rendered is rejected.
 */
export async function renderEach<Value, Rendered>(
  report: Report,
  kind: string,
  batch: readonly Located<Value>[],
  render: (value: Value) => Promise<Rendered>,
): Promise<readonly Located<Rendered>[]> {
  const done: Located<Rendered>[] = [];
  let turned = performance.now();
  for (const record of batch) {
    try {
      done.push({ ...record, value: await render(record.value) });
    } catch (error) {
      report.reject(kind, record, `body: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (performance.now() - turned > LONGEST_TURN) {
      await nextTurn();
      turned = performance.now();
    }
  }
  return done;
}

/** Whether a row says what a record says, in these columns. */
export const agrees = <Key extends string>(
  stored: Readonly<Record<Key, unknown>>,
  wanted: Readonly<Record<Key, unknown>>,
  keys: readonly Key[],
): boolean => keys.every((key) => isDeepStrictEqual(stored[key], wanted[key]));

/** The records of a JSONL file that are what they should be; the others are rejected. */
export async function* readRecords<Schema extends z.ZodType>(
  { report, listener }: ImportEnvironment,
  kind: string,
  path: string,
  schema: Schema,
): AsyncGenerator<Located<z.output<Schema>>> {
  const file = basename(path);
  const size = await sizeOf(path);
  report.expect(kind);
  for await (const line of readLines(path, (bytes) => listener.onProgress?.(file, bytes, size))) {
    const place = { file, line: line.number };
    if ('problem' in line) {
      report.reject(kind, place, line.problem);
      continue;
    }
    const result = schema.safeParse(line.value);
    if (result.success) yield { ...place, bytes: line.bytes, value: result.data };
    else report.reject(kind, place, problemOf(result.error));
  }
}
