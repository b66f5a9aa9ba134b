import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgEnum, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { codePointText, createdAt, moment, primaryId, tsvector } from './columns.js';
import { bodyFormat, posts } from './posts.js';

export const coverageStatus = pgEnum('coverage_status', ['UPCOMING', 'LIVE', 'ENDED']);
export const coverageEntryKind = pgEnum('coverage_entry_kind', ['UTTERANCE', 'NOTE']);

/** Live blogs, at most one for a post. */
export const coverages = pgTable(
  'coverages',
  {
    id: primaryId(),
    externalId: codePointText().unique(),
    postId: uuid()
      .notNull()
      .unique()
      .references(() => posts.id, { onDelete: 'cascade' }),
    status: coverageStatus().notNull().default('UPCOMING'),
    startedAt: moment(),
    endedAt: moment(),
    createdAt: createdAt(),
    /** Entries that readers see; written in the transaction that writes the entry. */
    entryCount: integer().notNull().default(0),
    /** Copy of `posts.listed_at`, kept by trigger. */
    listedAt: moment(),
  },
  (table) => [
    index('coverages_listed').on(table.listedAt, table.postId),
    check('coverages_entry_count_positive', sql`${table.entryCount} >= 0`),
    check('coverages_started_when_live', sql`${table.startedAt} is not null or ${table.status} = 'UPCOMING'`),
    check('coverages_ended_when_ended', sql`(${table.endedAt} is not null) = (${table.status} = 'ENDED')`),
  ],
);

/** What happened, minute by minute. Entries of the same moment are ordered by id, that is by when they were added. */
export const coverageEntries = pgTable(
  'coverage_entries',
  {
    id: primaryId(),
    externalId: codePointText().unique(),
    coverageId: uuid()
      .notNull()
      .references(() => coverages.id, { onDelete: 'cascade' }),
    occurredAt: moment().notNull(),
    kind: coverageEntryKind().notNull().default('UTTERANCE'),
    speaker: text(),
    language: codePointText().notNull(),
    body: text().notNull(),
    bodyFormat: bodyFormat().notNull(),
    bodyHtml: text().notNull(),
    bodyText: text().notNull(),
    rendererVersion: smallint().notNull(),
    isKey: boolean().notNull().default(false),
    isPinned: boolean().notNull().default(false),
    retractedAt: moment(),
    retractionReason: text(),
    createdAt: createdAt(),
    version: integer().notNull().default(1),
    search: tsvector().generatedAlwaysAs(
      sql`setweight(to_tsvector('simple', coalesce(speaker, '')), 'B') || setweight(to_tsvector(search_config(language), left(body_text, 200000)), 'D') || search_grams(body_text, 'D')`,
    ),
  },
  (table) => [
    index('coverage_entries_in_order').on(table.coverageId, table.occurredAt, table.id),
    index('coverage_entries_key')
      .on(table.coverageId, table.occurredAt, table.id)
      .where(sql`is_key`),
    index('coverage_entries_renderer_version').on(table.rendererVersion, table.id),
    index('coverage_entries_search').using('gin', table.search),
    check('coverage_entries_version_positive', sql`${table.version} >= 1`),
  ],
);
