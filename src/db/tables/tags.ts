import { sql } from 'drizzle-orm';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { codePointText, primaryId, tsvector } from './columns.js';

/** Tags. The slug is the identity: spellings that differ in case or punctuation only share it. */
export const tags = pgTable(
  'tags',
  {
    id: primaryId(),
    slug: codePointText().notNull().unique(),
    name: text().notNull(),
    search: tsvector().generatedAlwaysAs(
      sql`setweight(to_tsvector('simple', name), 'A') || search_grams(name, 'A')`,
    ),
  },
  (table) => [
    index('tags_search').using('gin', table.search),
    check('tags_slug_length', sql`char_length(${table.slug}) between 1 and 100`),
    check('tags_name_length', sql`char_length(${table.name}) between 1 and 100`),
  ],
);
