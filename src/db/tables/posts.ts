import { sql } from 'drizzle-orm';
import {
  check,
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
import { tags } from './tags.js';

export const postStatus = pgEnum('post_status', ['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED']);
/** Whether readers may comment: at once, after a moderator's look, or not (any more). */
export const commentPolicy = pgEnum('comment_policy', ['OPEN', 'PRE_MODERATED', 'CLOSED']);
export const bodyFormat = pgEnum('body_format', ['MARKDOWN', 'HTML', 'MDX', 'TEXT']);

/** Posts that are the same article in different languages share a group. */
export const translationGroups = pgTable('translation_groups', {
  id: primaryId(),
  externalId: codePointText().unique(),
});

/** Articles. */
export const posts = pgTable(
  'posts',
  {
    id: primaryId(),
    externalId: codePointText().unique(),
    /** Unique by `post_slugs`. Not by an index of its own: changing what such an index holds locks out all who comment. */
    slug: codePointText().notNull(),
    title: text().notNull(),
    summary: text(),
    language: codePointText().notNull(),
    status: postStatus().notNull().default('DRAFT'),
    publishedAt: moment(),
    /** When readers could first read it, whatever became of it since; null: never. A trigger writes it. */
    firstPublishedAt: moment(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: integer().notNull().default(1),
    translationGroupId: uuid().references(() => translationGroups.id),
    body: text().notNull(),
    bodyFormat: bodyFormat().notNull(),
    /** The three columns the renderer derives from the body, and which renderer did. */
    bodyHtml: text().notNull(),
    bodyText: text().notNull(),
    rendererVersion: smallint().notNull(),
    /** Visible comments of every depth; written in the transaction that writes the comment. */
    commentCount: integer().notNull().default(0),
    commentPolicy: commentPolicy().notNull().default('OPEN'),
    /** The place in public lists: null unless published. Lists by tag and by author carry a copy (see ADR 002). */
    listedAt: moment().generatedAlwaysAs(sql`case when status = 'PUBLISHED' then published_at end`),
    search: tsvector().generatedAlwaysAs(
      sql`setweight(to_tsvector(search_config(language), title), 'A') || setweight(to_tsvector(search_config(language), coalesce(summary, '')), 'B') || setweight(to_tsvector(search_config(language), left(body_text, 200000)), 'D') || search_grams(title, 'A') || search_grams(body_text, 'D')`,
    ),
  },
  (table) => [
    index('posts_listed')
      .on(table.listedAt, table.id)
      .where(sql`listed_at is not null`),
    index('posts_listed_by_language')
      .on(table.language, table.listedAt, table.id)
      .where(sql`listed_at is not null`),
    index('posts_scheduled')
      .on(table.publishedAt)
      .where(sql`status = 'SCHEDULED'`),
    index('posts_unpublished')
      .on(table.updatedAt, table.id)
      .where(sql`listed_at is null`),
    index('posts_translation_group').on(table.translationGroupId),
    index('posts_renderer_version').on(table.rendererVersion, table.id),
    index('posts_search').using('gin', table.search),
    check('posts_slug_length', sql`char_length(${table.slug}) between 1 and 200`),
    check('posts_version_positive', sql`${table.version} >= 1`),
    check('posts_comment_count_positive', sql`${table.commentCount} >= 0`),
    check(
      'posts_published_at_known',
      sql`${table.publishedAt} is not null or ${table.status} not in ('SCHEDULED', 'PUBLISHED')`,
    ),
  ],
);

/** The by-line, in its order. */
export const postAuthors = pgTable(
  'post_authors',
  {
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    /** Copy of `posts.listed_at`, kept by trigger. */
    listedAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.postId, table.position] }),
    unique('post_authors_once').on(table.postId, table.userId),
    index('post_authors_listed').on(table.userId, table.listedAt, table.postId),
  ],
);

/** The tags of a post, in the order they were given. */
export const postTags = pgTable(
  'post_tags',
  {
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    position: smallint().notNull(),
    tagId: uuid()
      .notNull()
      .references(() => tags.id),
    /** Copy of `posts.listed_at`, kept by trigger. */
    listedAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.postId, table.position] }),
    unique('post_tags_once').on(table.postId, table.tagId),
    index('post_tags_listed').on(table.tagId, table.listedAt, table.postId),
  ],
);

/** Every slug that a post has or had: an old address finds its post. A trigger adds them. */
export const postSlugs = pgTable(
  'post_slugs',
  {
    slug: codePointText().primaryKey(),
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
  },
  (table) => [index('post_slugs_post').on(table.postId)],
);

/** Every version of a post: what it said, who wrote it and when. The newest equals the post. */
export const postRevisions = pgTable(
  'post_revisions',
  {
    postId: uuid()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    slug: codePointText().notNull(),
    title: text().notNull(),
    summary: text(),
    language: codePointText().notNull(),
    /** Names, in their order. */
    tags: text().array().notNull(),
    body: text().notNull(),
    bodyFormat: bodyFormat().notNull(),
    /** Who wrote this version; null: an import, or an account that is gone. */
    editorId: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.postId, table.version] }),
    index('post_revisions_editor').on(table.editorId),
  ],
);
