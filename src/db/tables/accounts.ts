import { sql } from 'drizzle-orm';
import { check, index, pgEnum, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { codePointText, createdAt, primaryId, tsvector } from './columns.js';

export const role = pgEnum('role', ['READER', 'AUTHOR', 'MODERATOR', 'EDITOR', 'ADMIN']);

/** Accounts. An imported one has an external id and no e-mail: nobody can sign in to it until it is claimed. */
export const users = pgTable(
  'users',
  {
    id: primaryId(),
    externalId: codePointText().unique(),
    /** Lower case, NFKC: equality is all a look-up needs. */
    username: codePointText().notNull().unique(),
    name: text().notNull(),
    role: role().notNull().default('READER'),
    email: text(),
    createdAt: createdAt(),
    search: tsvector().generatedAlwaysAs(
      sql`setweight(to_tsvector('simple', username), 'A') || setweight(to_tsvector('simple', name), 'A') || search_grams(name, 'A')`,
    ),
  },
  (table) => [
    index('users_search').using('gin', table.search),
    // `lower` of PostgreSQL and of JavaScript agree on what slugs are made of; look-ups fold the same way.
    check('users_username_folded', sql`${table.username} = lower(${table.username})`),
    check('users_username_length', sql`char_length(${table.username}) between 1 and 60`),
    uniqueIndex('users_email').on(sql`lower(${table.email})`),
    check('users_name_length', sql`char_length(${table.name}) between 1 and 200`),
  ],
);
