import type { Viewer } from '../../auth/viewer.js';
import type { Database } from '../../db/client.js';
import { createPageLoader } from '../../events/pages.js';
import { type Asked, asksOnlyFor } from '../../graphql/asked.js';
import { indexBy } from '../../lib/grouping.js';
import {
  createCountLoader,
  createRowLoader,
  ownedRows,
  primeById,
  type RowLoader,
} from '../../lib/loading.js';
import { mayReadEntry, sightOf } from './policy.js';
import {
  type CoverageEntryRow,
  type CoverageRow,
  createCoverageRepo,
  type EntryColumns,
} from './repo/reading.js';

/** The fields of an entry that need neither of its texts, nor a column that is hardly asked for. */
const USUAL = [
  '__typename',
  'id',
  'coverage',
  'occurredAt',
  'kind',
  'speaker',
  'isKey',
  'isPinned',
  'retractedAt',
  'reactions',
];
const WITH_BODY: ReadonlySet<string> = new Set([...USUAL, 'body', 'direction']);
const WITH_BODY_HTML: ReadonlySet<string> = new Set([...USUAL, 'bodyHtml']);

/** The columns of entries that an operation needs. */
const columnsFor = (asked: Asked): EntryColumns => {
  if (asksOnlyFor(asked, 'CoverageEntry', WITH_BODY)) return 'BODY';
  return asksOnlyFor(asked, 'CoverageEntry', WITH_BODY_HTML) ? 'BODY_HTML' : 'ALL';
};

/**
 * The coverages and entries of one request, as far as its viewer may read them.
 *
 * @param readablePosts loads a post if the viewer may read it: a coverage is never more public than its post.
 * @param asked what the request asks for.
 */
export function createCoverageLoaders(
  db: Database,
  viewer: Viewer,
  readablePosts: RowLoader<unknown>,
  asked: Asked,
) {
  const sight = sightOf(viewer);
  const repo = createCoverageRepo(db, sight);
  const byId = createRowLoader<CoverageRow>('coverage.byId', async (ids) =>
    indexBy(
      await ownedRows(await repo.byIds(ids), readablePosts, (coverage) => coverage.postId),
      (row) => row.id,
    ),
  );
  const entryById = createRowLoader<CoverageEntryRow>('coverage.entryById', async (ids) => {
    const rows = await ownedRows(await repo.entriesByIds(ids), byId, (entry) => entry.coverageId);
    return indexBy(
      // Whoever is answered nothing was answered about the post all the same.
      rows.filter((entry) => mayReadEntry(viewer, entry)),
      (entry) => entry.id,
    );
  });

  const listOf = (keyOnly: boolean) => ({
    page: createPageLoader('coverage.entries', db, async (reader, coverageIds, request) => {
      const rows = await createCoverageRepo(reader, sight).entries(
        coverageIds,
        keyOnly,
        request,
        columnsFor(asked),
      );
      primeById(entryById, rows);
      return rows;
    }),
    count: createCountLoader('coverage.countEntries', (coverageIds) =>
      repo.countEntries(coverageIds, keyOnly),
    ),
  });
  const all = listOf(false);

  return {
    byId,
    byPost: createRowLoader<CoverageRow>('coverage.byPost', async (postIds) => {
      const rows = await repo.byPosts(postIds);
      primeById(byId, rows);
      return indexBy(rows, (coverage) => coverage.postId);
    }),
    entryById,
    /** Whether the viewer sees an entry that a mutation answers. */
    sees: (entry: CoverageEntryRow): boolean => mayReadEntry(viewer, entry),
    entries: {
      page: all.page,
      /** What readers see is counted already; who sees more has it counted. */
      count: async ({ id, entryCount }: CoverageRow): Promise<number> =>
        sight.retracted ? all.count(id) : entryCount,
    },
    keyEntries: listOf(true),
  };
}
