import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { keyset } from '../../../db/keyset.js';
import {
  anyOf,
  columnsOf,
  listParentId,
  listParents,
  named,
  readied,
  readiedPage,
} from '../../../db/statement.js';
import { coverageEntries, coverages } from '../../../db/tables/coverage.js';
import type { PageRequest } from '../../../lib/paging.js';

/** The columns of a {@link CoverageRow}. */
export const coverageColumns = {
  id: coverages.id,
  externalId: coverages.externalId,
  postId: coverages.postId,
  status: coverages.status,
  startedAt: coverages.startedAt,
  endedAt: coverages.endedAt,
  entryCount: coverages.entryCount,
};

/** The columns of a {@link CoverageEntryRow}. */
export const entryColumns = {
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
  retractionReason: coverageEntries.retractionReason,
  version: coverageEntries.version,
};

/** All columns of entries, or what most operations need, with one of the texts. */
export type EntryColumns = 'ALL' | 'BODY' | 'BODY_HTML';

const usualColumns = {
  id: coverageEntries.id,
  coverageId: coverageEntries.coverageId,
  occurredAt: coverageEntries.occurredAt,
  kind: coverageEntries.kind,
  speaker: coverageEntries.speaker,
  isKey: coverageEntries.isKey,
  isPinned: coverageEntries.isPinned,
  retractedAt: coverageEntries.retractedAt,
};

/** The columns themselves. What is not read is not there, whatever the type says: nobody asked for it. */
const entryColumnsOf = (columns: EntryColumns): typeof entryColumns => {
  const usual =
    columns === 'BODY'
      ? { ...usualColumns, body: coverageEntries.body }
      : { ...usualColumns, bodyHtml: coverageEntries.bodyHtml };
  return columns === 'ALL' ? entryColumns : (usual as typeof entryColumns);
};

/** A row of coverages. */
export type CoverageRow = Pick<typeof coverages.$inferSelect, keyof typeof coverageColumns>;

/** A row of coverage_entries. */
export type CoverageEntryRow = Pick<typeof coverageEntries.$inferSelect, keyof typeof entryColumns>;

export type CoverageRepo = ReturnType<typeof createCoverageRepo>;

/** Which entries of a coverage a viewer sees, as far as it depends on the viewer. */
export interface EntrySight {
  /** Those that were retracted as well. */
  readonly retracted: boolean;
}

/** In lists stand the entries that were not retracted; for some viewers, all. */
const listed = ({ retracted }: EntrySight, keyOnly: boolean) =>
  and(
    retracted ? undefined : isNull(coverageEntries.retractedAt),
    keyOnly ? sql`${coverageEntries.isKey}` : undefined,
  );

const byPosts = readied<{ postIds: readonly string[] }, CoverageRow[]>('coverage.byPosts', (db) =>
  db
    .select(coverageColumns)
    .from(coverages)
    .where(anyOf(coverages.postId, sql.placeholder('postIds'), 'uuid')),
);

const entries = readiedPage<
  { sight: EntrySight; keyOnly: boolean; columns: EntryColumns },
  { coverageIds: readonly string[] },
  (CoverageEntryRow & { listParentId: string })[]
>('coverage.entries', 'moment', (db, plan, { sight, keyOnly, columns }) => {
  const page = keyset({ key: coverageEntries.occurredAt, id: coverageEntries.id, type: 'moment' }, plan);
  const rows = db
    .select(entryColumnsOf(columns))
    .from(coverageEntries)
    .where(and(eq(coverageEntries.coverageId, listParentId), listed(sight, keyOnly), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
    .as('page');
  return db
    .select({ listParentId, ...columnsOf(rows) })
    .from(listParents(sql.placeholder('coverageIds')))
    .crossJoinLateral(rows)
    .orderBy(...page.outerOrder(rows.occurredAt, rows.id));
});

/** The statements that read coverages and their entries. */
export const createCoverageRepo = (db: Database, sight: EntrySight) => ({
  byIds: (ids: readonly string[]) =>
    named(
      'coverage.byIds',
      db
        .select(coverageColumns)
        .from(coverages)
        .where(anyOf(coverages.id, ids, 'uuid')),
    ),

  byPosts: (postIds: readonly string[]) => byPosts(db, { postIds }),

  entriesByIds: (ids: readonly string[]) =>
    named(
      'coverage.entriesByIds',
      db
        .select(entryColumns)
        .from(coverageEntries)
        .where(anyOf(coverageEntries.id, ids, 'uuid')),
    ),

  /** For each coverage a page of its entries, in the order of occurrence. */
  entries: (coverageIds: readonly string[], keyOnly: boolean, request: PageRequest, columns: EntryColumns) =>
    entries(db, request, { sight, keyOnly, columns }, { coverageIds }),

  countEntries: (coverageIds: readonly string[], keyOnly: boolean) =>
    named(
      `coverage.count${keyOnly ? 'Key' : 'All'}Entries`,
      db
        .select({ listParentId: coverageEntries.coverageId, count: sql<number>`count(*)::int` })
        .from(coverageEntries)
        .where(and(anyOf(coverageEntries.coverageId, coverageIds, 'uuid'), listed(sight, keyOnly)))
        .groupBy(coverageEntries.coverageId),
    ),
});
