import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { bytes, codePointText, createdAt } from './columns.js';

/** Answers of mutations that were given a key, so that the same request again gets the same answer. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** The account, or the nil UUID for anonymous viewers. */
    viewerId: uuid().notNull(),
    key: codePointText().notNull(),
    /** Keyed digest of the mutation and its coerced input. */
    fingerprint: bytes().notNull(),
    /** Sealed: it may hold tokens. Null only within the transaction that makes it. */
    answer: bytes(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.viewerId, table.key] }),
    index('idempotency_keys_created').on(table.createdAt),
    check('idempotency_keys_length', sql`char_length(${table.key}) between 1 and 255`),
  ],
);
