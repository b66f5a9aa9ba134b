import type { Viewer } from '../../auth/viewer.js';
import type { PostRow } from './repo.js';

/** Published posts are for everybody; nobody else may read the others yet. */
export const mayReadPost = (_viewer: Viewer, post: PostRow): boolean => post.status === 'PUBLISHED';
