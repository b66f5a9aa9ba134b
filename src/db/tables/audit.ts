import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { codePointText, createdAt, primaryId } from './columns.js';

/** Privileged actions. Rows are added and never changed: a trigger refuses it. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: primaryId(),
    createdAt: createdAt(),
    /** Who did it; null: whoever runs the server, from the command line, or the server itself. */
    actorId: uuid(),
    /** By virtue of which right. */
    action: codePointText().notNull(),
    /** What was done: the name of the mutation, or of the command. */
    operation: codePointText().notNull(),
    /** The type of what it was done to, as in the schema. */
    subjectType: codePointText().notNull(),
    subjectId: uuid().notNull(),
    /** Whom it concerns: the account, or the author of the subject. */
    userId: uuid(),
    /** The network address it came from; null on the command line. */
    address: text(),
    requestId: text(),
    details: jsonb().notNull(),
  },
  (table) => [
    index('audit_log_by_time').on(table.createdAt, table.id),
    index('audit_log_by_actor').on(table.actorId, table.createdAt, table.id),
    index('audit_log_by_user').on(table.userId, table.createdAt, table.id),
    index('audit_log_by_subject').on(table.subjectId, table.createdAt, table.id),
  ],
);
