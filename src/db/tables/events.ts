import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { codePointText, moment } from './columns.js';

/** Where each topic stands: the `seq` of its last event. Its row is locked from the append to the commit. */
export const topics = pgTable(
  'topics',
  {
    name: codePointText().primaryKey(),
    head: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [check('topics_head_positive', sql`${table.head} >= 1`)],
);

/** The log: what happened in each topic, 1, 2, 3, ... in the order of the commits. */
export const events = pgTable(
  'events',
  {
    topic: codePointText().notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    type: codePointText().notNull(),
    /** Ids, and the facts that decide who may hear of it. */
    payload: jsonb().notNull(),
    /** The head of the topic `access` as the event was appended: 0 when it had none. */
    accessSeq: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.topic, table.seq] }), index('events_created').on(table.createdAt)],
);
