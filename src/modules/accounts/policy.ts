import type { Viewer } from '../../auth/viewer.js';
import type { UserRow } from './repo.js';

/** The e-mail address is for its owner. */
export const mayReadEmail = (viewer: Viewer, user: UserRow): boolean => viewer.userId === user.id;
