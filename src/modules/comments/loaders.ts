import type { Viewer } from '../../auth/viewer.js';
import { groupBy, indexBy } from '../../lib/grouping.js';
import {
  createCountLoader,
  createPageLoader,
  createRowLoader,
  createRowsLoader,
  ownedRows,
  pagesByParent,
  primeById,
  type RowLoader,
} from '../../lib/loading.js';
import { seenComment } from './policy.js';
import type { CommentRepo, CommentRow } from './repo.js';

/**
 * The comments of one request, as far as its viewer may read them.
 *
 * @param readablePosts loads a post if the viewer may read it: a comment is never more public than its post.
 */
export function createCommentLoaders(repo: CommentRepo, viewer: Viewer, readablePosts: RowLoader<unknown>) {
  const seen = <Row extends CommentRow>(rows: readonly Row[]): Row[] =>
    rows.flatMap((row) => {
      const comment = seenComment(viewer, row);
      return comment === null ? [] : [{ ...row, ...comment }];
    });
  const byId = createRowLoader<CommentRow>(async (ids) =>
    indexBy(
      await ownedRows(seen(await repo.byIds(ids)), readablePosts, (comment) => comment.postId),
      (comment) => comment.id,
    ),
  );
  /** Rows of a list whose owner is readable: let `byId` know them. */
  const primed = <Row extends CommentRow>(rows: readonly Row[]): readonly Row[] => {
    const comments = seen(rows);
    primeById(byId, comments);
    return comments;
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
      groupBy(seen(await repo.ancestors(commentIds)), (row) => row.descendantId),
    ),
  };
}
