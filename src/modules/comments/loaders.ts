import type { Viewer } from '../../auth/viewer.js';
import { groupBy, indexBy } from '../../lib/grouping.js';
import {
  createCountLoader,
  createPageLoader,
  createRowLoader,
  createRowsLoader,
  pagesByParent,
  primeById,
  type RowLoader,
} from '../../lib/loading.js';
import { mayReadComment } from './policy.js';
import type { CommentRepo, CommentRow } from './repo.js';

/**
 * The comments of one request, as far as its viewer may read them.
 *
 * @param readablePosts loads a post if the viewer may read it: a comment is never more public than its post.
 */
export function createCommentLoaders(repo: CommentRepo, viewer: Viewer, readablePosts: RowLoader<unknown>) {
  const byId = createRowLoader<CommentRow>(async (ids) => {
    const rows = (await repo.byIds(ids)).filter((comment) => mayReadComment(viewer, comment));
    const ofPost = await readablePosts.loadMany(rows.map((comment) => comment.postId));
    return indexBy(
      rows.filter((_, place) => ofPost[place] !== null),
      (comment) => comment.id,
    );
  });
  const primed = <Row extends CommentRow>(rows: readonly Row[]): readonly Row[] => {
    primeById(byId, rows);
    return rows;
  };

  const listOf = (topLevelOnly: boolean) => ({
    page: createPageLoader<CommentRow>(async (postIds, request) =>
      pagesByParent(primed(await repo.byPosts(postIds, topLevelOnly, request)), request),
    ),
    count: createCountLoader((postIds) => repo.countByPosts(postIds, topLevelOnly)),
  });

  return {
    byId,
    /** Top-level comments of posts. */
    topLevel: listOf(true),
    /** Comments of posts, of every depth. */
    flat: listOf(false),
    replies: createPageLoader<CommentRow>(async (commentIds, request) =>
      pagesByParent(primed(await repo.replies(commentIds, request)), request),
    ),
    countReplies: createCountLoader(repo.countReplies),
    ancestors: createRowsLoader<CommentRow>(async (commentIds) =>
      groupBy(await repo.ancestors(commentIds), (row) => row.descendantId),
    ),
  };
}
