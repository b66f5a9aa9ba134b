import { z } from 'zod';
import { idOfType } from '../../graphql/inputFields.js';

/** Which post to keep, or to keep no longer. */
export const bookmarkInput = z.object({ postId: idOfType('Post') });
