import type { Viewer } from '../../auth/viewer.js';
import type { CommentRow } from './repo.js';

/**
 * Visible comments are for everybody who may read the post, and so is the empty place that a deleted one leaves above
 * its replies.
 */
export const mayReadComment = (_viewer: Viewer, comment: CommentRow): boolean =>
  comment.state === 'VISIBLE' || (comment.state === 'DELETED' && comment.replyCount > 0);
