import { extentOf, may } from '../../auth/actions.js';
import type { Viewer } from '../../auth/viewer.js';
import type { PostRow } from './repo/reading.js';

/** Published posts are for everybody, the others for their authors and for editors. */
export const mayReadPost = (
  viewer: Viewer,
  post: Pick<PostRow, 'status'> & { readonly isOwn: boolean },
): boolean => post.status === 'PUBLISHED' || may(viewer, 'POST_READ_UNPUBLISHED', post.isOwn);

/** Whose unpublished posts a viewer may list: only those of this user; null: everybody's. */
export const ownOnly = (viewer: Viewer): string | null =>
  extentOf(viewer, 'POST_READ_UNPUBLISHED') === 'any' ? null : viewer.userId;
