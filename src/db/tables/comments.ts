import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { users } from './accounts.js';
import { codePointText, createdAt, moment, primaryId, tsvector } from './columns.js';
import { bodyFormat, posts } from './posts.js';

export const commentState = pgEnum('comment_state', ['VISIBLE', 'PENDING', 'HIDDEN', 'DELETED']);

/** Comments: an adjacency list. Paths up are walked by a recursive statement, whole threads are read flat (ADR 002). */
export const comments = pgTable(
  'comments',
  {
    id: primaryId(),
    externalId: codePointText().unique(),
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    parentId: uuid(),
    depth: integer().notNull(),
    /** Null when the place is empty, or the account is gone. */
    authorId: uuid().references(() => users.id, { onDelete: 'set null' }),
    state: commentState().notNull().default('VISIBLE'),
    language: codePointText().notNull(),
    body: text().notNull(),
    bodyFormat: bodyFormat().notNull(),
    /** HTML that came with an imported plain text; it is what gets rendered when there is one. */
    sourceHtml: text(),
    bodyHtml: text().notNull(),
    bodyText: text().notNull(),
    rendererVersion: smallint().notNull(),
    createdAt: createdAt(),
    editedAt: moment(),
    version: integer().notNull().default(1),
    /** Direct replies that readers see; written in the transaction that writes the reply. */
    replyCount: integer().notNull().default(0),
    /** Reports that no moderator has answered yet; written in the transaction that writes the report. */
    reportCount: integer().notNull().default(0),
    search: tsvector().generatedAlwaysAs(
      sql`setweight(to_tsvector(search_config(language), left(body_text, 200000)), 'D') || search_grams(body_text, 'D')`,
    ),
  },
  (table) => [
    unique('comments_in_post').on(table.id, table.postId),
    foreignKey({
      name: 'comments_parent_in_same_post',
      columns: [table.parentId, table.postId],
      foreignColumns: [table.id, table.postId],
    }),
    index('comments_top_level')
      .on(table.postId, table.createdAt, table.id)
      .where(sql`parent_id is null`),
    index('comments_flat').on(table.postId, table.createdAt, table.id),
    index('comments_replies').on(table.parentId, table.createdAt, table.id),
    index('comments_to_moderate')
      .on(table.createdAt, table.id)
      .where(sql`state = 'PENDING' or report_count > 0`),
    index('comments_author').on(table.authorId),
    index('comments_renderer_version').on(table.rendererVersion, table.id),
    index('comments_search').using('gin', table.search),
    check(
      'comments_depth_of_parent',
      sql`(${table.parentId} is null) = (${table.depth} = 0) and ${table.depth} >= 0`,
    ),
    check('comments_version_positive', sql`${table.version} >= 1`),
    check('comments_report_count_positive', sql`${table.reportCount} >= 0`),
    check('comments_reply_count_positive', sql`${table.replyCount} >= 0`),
  ],
);

/** What readers told the moderators about comments. */
export const commentReports = pgTable(
  'comment_reports',
  {
    commentId: uuid()
      .notNull()
      .references(() => comments.id, { onDelete: 'cascade' }),
    reporterId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    reason: text().notNull(),
    createdAt: createdAt(),
    /** When a moderator decided about the comment; null: open. */
    resolvedAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.commentId, table.reporterId] }),
    index('comment_reports_reporter').on(table.reporterId),
  ],
);
