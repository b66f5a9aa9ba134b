import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.js';
import { named } from '../../../db/statement.js';
import { coverageEntries, coverages } from '../../../db/tables/coverage.js';
import { idsByExternalId, overwrite, wasAdded } from './upsert.js';

/** Our ids of coverages, by their external ids. */
export const coverageIds = (db: Database, externalIds: readonly string[]): Promise<Map<string, string>> =>
  idsByExternalId(db, coverages, externalIds);

/** Coverages, each on its post. */
export function upsertCoverages(db: Database, rows: readonly (typeof coverages.$inferInsert)[]) {
  return named(
    'imports.upsertCoverages',
    db
      .insert(coverages)
      .values([...rows])
      .onConflictDoUpdate(
        overwrite(coverages, {
          status: coverages.status,
          startedAt: coverages.startedAt,
          endedAt: coverages.endedAt,
        }),
      )
      .returning({ externalId: coverages.externalId, added: wasAdded }),
  );
}

/** Entries, and in the same transaction how many their coverages have. */
export function upsertEntries(db: Database, rows: readonly (typeof coverageEntries.$inferInsert)[]) {
  const update = overwrite(coverageEntries, {
    occurredAt: coverageEntries.occurredAt,
    kind: coverageEntries.kind,
    speaker: coverageEntries.speaker,
    language: coverageEntries.language,
    body: coverageEntries.body,
    bodyFormat: coverageEntries.bodyFormat,
    bodyHtml: coverageEntries.bodyHtml,
    bodyText: coverageEntries.bodyText,
    rendererVersion: coverageEntries.rendererVersion,
    isKey: coverageEntries.isKey,
  });
  return db.transaction(async (tx) => {
    const written = await named(
      'imports.upsertEntries',
      tx
        .insert(coverageEntries)
        .values([...rows])
        .onConflictDoUpdate({
          ...update,
          set: { ...update.set, version: sql`${coverageEntries.version} + 1` },
        })
        .returning({ coverageId: coverageEntries.coverageId, added: wasAdded }),
    );
    const owners = written.filter((row) => row.added).map((row) => row.coverageId);
    if (owners.length > 0) {
      await tx.execute(sql`/* imports.countEntries */ update coverages set entry_count = entry_count + new.count
        from (select id, count(*)::int from unnest(${sql.param(owners)}::uuid[]) as id group by id) as new
        where coverages.id = new.id`);
    }
    return written;
  });
}
