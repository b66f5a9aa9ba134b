import type { Viewer } from '../../auth/viewer.js';
import { groupBy } from '../../lib/grouping.js';
import { createRowsLoader } from '../../lib/loading.js';
import type { ReactionCountRow, ReactionRepo } from './repo/reading.js';

/** The reactions of one request. Subjects are posts, entries and comments, by their ids. */
export function createReactionLoaders(repo: ReactionRepo, { userId }: Viewer) {
  const ofViewer = createRowsLoader<{ kind: ReactionCountRow['kind'] }>(
    'reactions.ofViewer',
    async (subjectIds) =>
      userId === null ? new Map() : groupBy(await repo.byUser(userId, subjectIds), (row) => row.subjectId),
  );
  return {
    counts: createRowsLoader<ReactionCountRow>('reactions.counts', async (subjectIds) =>
      groupBy(await repo.counts(subjectIds), (row) => row.subjectId),
    ),
    async hasReacted({ subjectId, kind }: ReactionCountRow): Promise<boolean> {
      return (await ofViewer.load(subjectId)).some((row) => row.kind === kind);
    },
  };
}
