import { z } from 'zod';
import { idOfTypes } from '../../graphql/inputFields.js';

/** Whom or what to follow, or to follow no longer. */
export const followInput = z.object({ subjectId: idOfTypes('User', 'Tag') });
