import { basename } from 'node:path';
import type { z } from 'zod';
import type { Database } from '../../db/client.js';
import type { BodyRenderer } from '../../render/pool.js';
import { readLines, sizeOf } from './lines.js';
import { problemOf } from './records.js';
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
  readonly value: Value;
}

/** How the records of a kind get into the database. */
export interface Step<Value, Prepared> {
  /** The name in the summary. */
  readonly kind: string;
  readonly batchSize: number;
  /** The work that needs no database; it overlaps with the writing of the batch before. */
  prepare(batch: readonly Located<Value>[]): Promise<Prepared>;
  write(batch: Prepared): Promise<void>;
}

/**
 * Runs a step over records in batches: memory stays bounded whatever the size of the file, and while PostgreSQL writes
 * one batch this process parses and renders the next.
 */
export async function runStep<Value, Prepared>(
  records: AsyncIterable<Located<Value>>,
  step: Step<Value, Prepared>,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  const flush = async (batch: readonly Located<Value>[]): Promise<void> => {
    const prepared = await step.prepare(batch);
    await writing;
    writing = step.write(prepared);
    // The failure is met at the next await; until then it is no unhandled rejection.
    writing.catch(() => undefined);
  };
  let batch: Located<Value>[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length >= step.batchSize) {
      await flush(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await flush(batch);
  await writing;
}

/** The records of a JSONL file that are what they should be; the others are rejected. */
export async function* readRecords<Schema extends z.ZodType>(
  environment: ImportEnvironment,
  kind: string,
  path: string,
  schema: Schema,
): AsyncGenerator<Located<z.output<Schema>>> {
  const { report, listener } = environment;
  const file = basename(path);
  const size = await sizeOf(path);
  report.tallyOf(kind);
  for await (const line of readLines(path, (bytes) => listener.onProgress?.(file, bytes, size))) {
    if ('problem' in line) {
      report.reject(kind, file, line.number, line.problem);
      continue;
    }
    const result = schema.safeParse(line.value);
    if (result.success) yield { file, line: line.number, value: result.data };
    else report.reject(kind, file, line.number, problemOf(result.error));
  }
}

/** The records with each external id once: PostgreSQL refuses to write a row twice in one statement. The last one wins. */
export function lastOfEach<Value extends { readonly externalId: string }>(
  batch: readonly Located<Value>[],
): Located<Value>[] {
  return [...new Map(batch.map((record) => [record.value.externalId, record])).values()];
}
