import { extentOf } from '../../auth/actions.js';
import type { Viewer } from '../../auth/viewer.js';
import type { CommentRow, CommentSight } from './repo/reading.js';

/** What a viewer sees. */
export const sightOf = (viewer: Viewer): CommentSight => ({
  all: extentOf(viewer, 'COMMENT_MODERATE') === 'any',
  unpublished: extentOf(viewer, 'POST_READ_UNPUBLISHED') === 'any',
  userId: viewer.userId,
});

/** Whether readers find a comment in lists: as itself, or as the empty place above its replies. */
export const isListed = ({ state, replyCount }: Pick<CommentRow, 'state' | 'replyCount'>): boolean =>
  state === 'VISIBLE' || (state === 'DELETED' && replyCount > 0);

/**
 * Whether a viewer sees a comment, be it only as the empty place that a deleted one leaves above its replies. `listed` in
 * repo/reading.ts says the same of rows in SQL; a test holds the two together.
 */
export function seesComment(
  sight: CommentSight,
  { state, authorId, replyCount }: Pick<CommentRow, 'state' | 'authorId' | 'replyCount'>,
): boolean {
  if (state === 'VISIBLE') return true;
  if (state === 'DELETED') return replyCount > 0;
  return sight.all || (state === 'PENDING' && authorId !== null && authorId === sight.userId);
}

/** A comment as a viewer may see it, or null. An empty place shows neither what was said nor who said it. */
export function seenComment<Row extends CommentRow>(sight: CommentSight, comment: Row): Row | null {
  if (!seesComment(sight, comment)) return null;
  return comment.state === 'DELETED' ? { ...comment, body: '', bodyHtml: '', authorId: null } : comment;
}
