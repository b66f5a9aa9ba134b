import { z } from 'zod';
import { idOfTypes } from '../../graphql/inputFields.js';

export const reaction = z.object({
  subjectId: idOfTypes('Post', 'Comment', 'CoverageEntry'),
  kind: z.enum(['LIKE', 'LOVE', 'LAUGH', 'SURPRISE', 'SAD', 'THANKS']),
});
