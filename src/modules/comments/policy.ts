import type { Viewer } from '../../auth/viewer.js';
import type { CommentRow } from './repo.js';

/**
 * A comment as a viewer may see it, or null. Visible comments are for everybody who may read the post. A deleted one
 * leaves an empty place above its replies: neither what it said nor who said it. `listed` in repo.ts says the same of
 * rows in SQL; a test holds the two together.
 */
export function seenComment(_viewer: Viewer, comment: CommentRow): CommentRow | null {
  if (comment.state === 'VISIBLE') return comment;
  if (comment.state !== 'DELETED' || comment.replyCount === 0) return null;
  return { ...comment, body: '', bodyHtml: '', authorId: null };
}
