import { sql } from 'drizzle-orm';
import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';
import { v7 } from 'uuid';

/**
 * Text compared by code point. The order of a keyset must not depend on the server's locale, and equality of slugs
 * and external ids needs no linguistics.
 */
export const codePointText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

/** A full-text search vector; written by PostgreSQL only (generated columns), so it is opaque here. */
export const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** UUIDv7: made here, in the order of making, so that `(time, id)` orders rows of the same millisecond as well. */
export const primaryId = () => uuid().primaryKey().$defaultFn(v7);

/** A moment with the precision of a JavaScript Date, so that a keyset cursor compares equal to its row. */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

/** When the row was made. */
export const createdAt = () =>
  moment()
    .notNull()
    .default(sql`now()`);

/** Bytes: digests, and what is sealed. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
