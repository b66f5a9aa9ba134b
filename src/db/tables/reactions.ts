import { sql } from 'drizzle-orm';
import { check, index, integer, pgEnum, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts.js';
import { createdAt } from './columns.js';
import { comments } from './comments.js';
import { coverageEntries } from './coverage.js';
import { posts } from './posts.js';

export const reactionKind = pgEnum('reaction_kind', ['LIKE', 'LOVE', 'LAUGH', 'SURPRISE', 'SAD', 'THANKS']);

/**
 * The three columns of which exactly one names the subject, each with its foreign key, and `subject_id`, which is
 * whichever is set: ids are unique over all tables.
 */
const subject = () => ({
  subjectId: uuid()
    .notNull()
    .generatedAlwaysAs(sql`coalesce(post_id, comment_id, entry_id)`),
  postId: uuid().references(() => posts.id, { onDelete: 'cascade' }),
  commentId: uuid().references(() => comments.id, { onDelete: 'cascade' }),
  entryId: uuid().references(() => coverageEntries.id, { onDelete: 'cascade' }),
});

/** One viewer, one subject, one kind: one row. */
export const reactions = pgTable(
  'reactions',
  {
    ...subject(),
    kind: reactionKind().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.subjectId, table.userId, table.kind] }),
    index('reactions_user').on(table.userId),
    index('reactions_post')
      .on(table.postId)
      .where(sql`post_id is not null`),
    index('reactions_comment')
      .on(table.commentId)
      .where(sql`comment_id is not null`),
    index('reactions_entry')
      .on(table.entryId)
      .where(sql`entry_id is not null`),
    check('reactions_one_subject', sql`num_nonnulls(post_id, comment_id, entry_id) = 1`),
  ],
);

/** How many reactions of a kind a subject has; written in the transaction that writes the reaction. */
export const reactionCounts = pgTable(
  'reaction_counts',
  {
    ...subject(),
    kind: reactionKind().notNull(),
    count: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subjectId, table.kind] }),
    index('reaction_counts_post')
      .on(table.postId)
      .where(sql`post_id is not null`),
    index('reaction_counts_comment')
      .on(table.commentId)
      .where(sql`comment_id is not null`),
    index('reaction_counts_entry')
      .on(table.entryId)
      .where(sql`entry_id is not null`),
    check('reaction_counts_one_subject', sql`num_nonnulls(post_id, comment_id, entry_id) = 1`),
    check('reaction_counts_positive', sql`count >= 0`),
  ],
);
