import { check, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { users } from './accounts.js';
import { createdAt } from './columns.js';
import { tags } from './tags.js';

const follower = () =>
  uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

/** Who follows which user. */
export const userFollows = pgTable(
  'user_follows',
  {
    followerId: follower(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.followerId, table.userId] }),
    index('user_follows_user').on(table.userId),
    check('user_follows_another', sql`${table.followerId} <> ${table.userId}`),
  ],
);

/** Who follows which tag. */
export const tagFollows = pgTable(
  'tag_follows',
  {
    followerId: follower(),
    tagId: uuid()
      .notNull()
      .references(() => tags.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.followerId, table.tagId] }),
    index('tag_follows_tag').on(table.tagId),
  ],
);
