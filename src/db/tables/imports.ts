import { index, pgTable, uuid } from 'drizzle-orm/pg-core';
import { codePointText } from './columns.js';
import { posts } from './posts.js';

/** Where the comments of an imported discussion belong. Kept, so that an import can go on with comments another day. */
export const importedDiscussions = pgTable(
  'imported_discussions',
  {
    externalId: codePointText().primaryKey(),
    /** Null: the discussion belongs to no post here, its comments are skipped. */
    postId: uuid().references(() => posts.id, { onDelete: 'cascade' }),
  },
  (table) => [index('imported_discussions_post').on(table.postId)],
);
