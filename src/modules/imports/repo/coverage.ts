import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { anyOf, named } from '../../../db/statement.js';
import { coverageEntries, coverages } from '../../../db/tables/coverage.js';
import { posts } from '../../../db/tables/posts.js';
import { idsByExternalId, upsert } from './upsert.js';

/** Our ids of coverages, by their external ids. */
export const coverageIds = (db: Database, externalIds: readonly string[]): Promise<Map<string, string>> =>
  idsByExternalId(db, coverages, externalIds);

/** Which of these external ids are those of posts that carry no coverage of that id. */
export async function idsOfOtherPosts(db: Database, externalIds: readonly string[]): Promise<Set<string>> {
  const rows = await named(
    'imports.idsOfOtherPosts',
    db
      .select({ externalId: posts.externalId })
      .from(posts)
      .leftJoin(coverages, eq(coverages.postId, posts.id))
      .where(
        and(
          anyOf(posts.externalId, externalIds, 'text'),
          sql`${coverages.externalId} is distinct from ${posts.externalId}`,
        ),
      ),
  );
  return new Set(rows.map((row) => row.externalId ?? ''));
}

/** Coverages, each on its post. One that goes on here is not ended. */
export const upsertCoverages = (db: Database, rows: readonly (typeof coverages.$inferInsert)[]) =>
  upsert(db, 'imports.upsertCoverages', coverages, rows, {
    source: ['startedAt', 'endedAt'],
    where: sql`${coverages.status} = 'ENDED'`,
  });

/** The columns that a record decides, besides its coverage. */
export const ENTRY_SOURCE = ['occurredAt', 'kind', 'speaker', 'language', 'body', 'isKey'] as const;

/** Entries that are here, as their records would say them, by their external ids. */
export async function storedEntries(db: Database, externalIds: readonly string[]) {
  const rows = await named(
    'imports.storedEntries',
    db
      .select({
        externalId: coverageEntries.externalId,
        coverageId: coverageEntries.coverageId,
        occurredAt: coverageEntries.occurredAt,
        kind: coverageEntries.kind,
        speaker: coverageEntries.speaker,
        language: coverageEntries.language,
        body: coverageEntries.body,
        isKey: coverageEntries.isKey,
      })
      .from(coverageEntries)
      .where(anyOf(coverageEntries.externalId, externalIds, 'text')),
  );
  return new Map(rows.map((row) => [row.externalId ?? '', row]));
}

/** Entries. One that was retracted here stays as it is. */
export const upsertEntries = (db: Database, rows: readonly (typeof coverageEntries.$inferInsert)[]) =>
  upsert(db, 'imports.upsertEntries', coverageEntries, rows, {
    source: ENTRY_SOURCE,
    derived: ['bodyHtml', 'bodyText', 'rendererVersion'],
    also: sql`version = ${coverageEntries.version} + 1`,
    where: sql`${coverageEntries.retractedAt} is null`,
  });

/** More entries in coverages: an id for each entry. */
export const countEntries = (db: Database, ids: readonly string[]) =>
  db.execute(sql`/* imports.countEntries */ update coverages set entry_count = entry_count + new.count
    from (select id, count(*)::int from unnest(${sql.param(ids)}::uuid[]) as id group by id) as new
    where coverages.id = new.id`);
