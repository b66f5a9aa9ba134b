import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.js';
import { keyset } from '../../db/keyset.js';
import { named } from '../../db/statement.js';
import { auditLog } from '../../db/tables/audit.js';
import type { PageRequest } from '../../lib/paging.js';

/** A row of audit_log. */
export type AuditEntryRow = typeof auditLog.$inferSelect;

/** Which entries. What is absent allows all. */
export interface AuditListFilter {
  readonly actorId?: string;
  readonly userId?: string;
  readonly subject?: { readonly type: string; readonly uuid: string };
}

const matches = ({ actorId, userId, subject }: AuditListFilter) =>
  and(
    actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
    userId === undefined ? undefined : eq(auditLog.userId, userId),
    subject && and(eq(auditLog.subjectId, subject.uuid), eq(auditLog.subjectType, subject.type)),
  );

/** The statements that read the audit log. It is written by src/changes. */
export const createAuditRepo = (db: Database) => ({
  /** Newest first. */
  list: (filter: AuditListFilter, request: PageRequest) => {
    const page = keyset(
      { key: auditLog.createdAt, id: auditLog.id, type: 'moment', descending: true },
      request,
    );
    return named(
      'audit.list',
      db
        .select()
        .from(auditLog)
        .where(and(matches(filter), page.where))
        .orderBy(...page.orderBy)
        .limit(page.limit),
    );
  },

  count: (filter: AuditListFilter) =>
    named(
      'audit.count',
      db
        .select({ count: sql<number>`count(*)::int` })
        .from(auditLog)
        .where(matches(filter)),
    ),
});
