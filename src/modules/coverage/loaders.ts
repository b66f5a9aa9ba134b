import type { Viewer } from '../../auth/viewer.js';
import { indexBy } from '../../lib/grouping.js';
import {
  createCountLoader,
  createPageLoader,
  createRowLoader,
  ownedRows,
  pagesByParent,
  primeById,
  type RowLoader,
} from '../../lib/loading.js';
import { mayReadEntry } from './policy.js';
import type { CoverageEntryRow, CoverageRepo, CoverageRow } from './repo.js';

/**
 * The coverages and entries of one request, as far as its viewer may read them.
 *
 * @param readablePosts loads a post if the viewer may read it: a coverage is never more public than its post.
 */
export function createCoverageLoaders(repo: CoverageRepo, viewer: Viewer, readablePosts: RowLoader<unknown>) {
  const byId = createRowLoader<CoverageRow>(async (ids) =>
    indexBy(
      await ownedRows(await repo.byIds(ids), readablePosts, (coverage) => coverage.postId),
      (row) => row.id,
    ),
  );
  const entryById = createRowLoader<CoverageEntryRow>(async (ids) => {
    const rows = (await repo.entriesByIds(ids)).filter((entry) => mayReadEntry(viewer, entry));
    return indexBy(await ownedRows(rows, byId, (entry) => entry.coverageId), (entry) => entry.id);
  });

  const entryPages = (keyOnly: boolean) =>
    createPageLoader<CoverageEntryRow>(async (coverageIds, request) => {
      const rows = await repo.entries(coverageIds, keyOnly, request);
      primeById(entryById, rows);
      return pagesByParent(rows, request);
    });

  return {
    byId,
    byPost: createRowLoader<CoverageRow>(async (postIds) => {
      const rows = await repo.byPosts(postIds);
      primeById(byId, rows);
      return indexBy(rows, (coverage) => coverage.postId);
    }),
    entryById,
    entries: entryPages(false),
    keyEntries: entryPages(true),
    countKeyEntries: createCountLoader(repo.countKeyEntries),
  };
}
