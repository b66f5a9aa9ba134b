import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.js';
import { keyset } from '../../db/keyset.js';
import { anyOf, columnsOf, listParentId, listParents, named } from '../../db/statement.js';
import { coverageEntries, coverages } from '../../db/tables/coverage.js';
import type { PageRequest } from '../../lib/paging.js';

const coverageColumns = {
  id: coverages.id,
  externalId: coverages.externalId,
  postId: coverages.postId,
  status: coverages.status,
  startedAt: coverages.startedAt,
  endedAt: coverages.endedAt,
  entryCount: coverages.entryCount,
};

const entryColumns = {
  id: coverageEntries.id,
  externalId: coverageEntries.externalId,
  coverageId: coverageEntries.coverageId,
  occurredAt: coverageEntries.occurredAt,
  kind: coverageEntries.kind,
  speaker: coverageEntries.speaker,
  body: coverageEntries.body,
  bodyHtml: coverageEntries.bodyHtml,
  isKey: coverageEntries.isKey,
  isPinned: coverageEntries.isPinned,
  retractedAt: coverageEntries.retractedAt,
  version: coverageEntries.version,
};

/** A row of coverages. */
export type CoverageRow = Pick<typeof coverages.$inferSelect, keyof typeof coverageColumns>;

/** A row of coverage_entries. */
export type CoverageEntryRow = Pick<typeof coverageEntries.$inferSelect, keyof typeof entryColumns>;

export type CoverageRepo = ReturnType<typeof createCoverageRepo>;

const listed = (keyOnly: boolean) =>
  and(isNull(coverageEntries.retractedAt), keyOnly ? sql`${coverageEntries.isKey}` : undefined);

/** The statements on coverages and their entries. */
export const createCoverageRepo = (db: Database) => ({
  byIds: (ids: readonly string[]) =>
    named(
      'coverage.byIds',
      db
        .select(coverageColumns)
        .from(coverages)
        .where(anyOf(coverages.id, ids, 'uuid')),
    ),

  byPosts: (postIds: readonly string[]) =>
    named(
      'coverage.byPosts',
      db
        .select(coverageColumns)
        .from(coverages)
        .where(anyOf(coverages.postId, postIds, 'uuid')),
    ),

  entriesByIds: (ids: readonly string[]) =>
    named(
      'coverage.entriesByIds',
      db
        .select(entryColumns)
        .from(coverageEntries)
        .where(anyOf(coverageEntries.id, ids, 'uuid')),
    ),

  /** For each coverage a page of its entries, in the order of occurrence. */
  entries: (coverageIds: readonly string[], keyOnly: boolean, request: PageRequest) => {
    const page = keyset({ key: coverageEntries.occurredAt, id: coverageEntries.id, type: 'moment' }, request);
    const rows = db
      .select(entryColumns)
      .from(coverageEntries)
      .where(and(eq(coverageEntries.coverageId, listParentId), listed(keyOnly), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit)
      .as('page');
    return named(
      'coverage.entries',
      db
        .select({ listParentId, ...columnsOf(rows) })
        .from(listParents(coverageIds))
        .crossJoinLateral(rows)
        .orderBy(...page.outerOrder(rows.occurredAt, rows.id)),
    );
  },

  countKeyEntries: (coverageIds: readonly string[]) =>
    named(
      'coverage.countKeyEntries',
      db
        .select({ listParentId: coverageEntries.coverageId, count: sql<number>`count(*)::int` })
        .from(coverageEntries)
        .where(and(anyOf(coverageEntries.coverageId, coverageIds, 'uuid'), listed(true)))
        .groupBy(coverageEntries.coverageId),
    ),
});
